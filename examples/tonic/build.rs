//! What a `.proto` file would say.

use tonic_build::manual::{Builder, Method, Service};

fn main() {
    let place = Method::builder()
        .name("place")
        .route_name("Place")
        .input_type("crate::Order")
        .output_type("crate::Receipt")
        .codec_path("tonic_prost::ProstCodec")
        .build();
    let orders = Service::builder()
        .name("Orders")
        .package("shop")
        .method(place)
        .build();
    Builder::new().compile(&[orders]);
}
