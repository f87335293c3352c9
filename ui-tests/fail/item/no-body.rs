use alert_core::alert_on_err;


trait Load {
    #[alert_on_err]
    async fn load(&self) -> Result<(), String>;
}

fn main() {}
