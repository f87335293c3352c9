//! Each failure goes its own way, and a message says what it stands for.

use std::num::ParseIntError;
use std::time::Duration;

use alert_core::{Config, Matcher, Policy, Robot, Route, alert_on_err};
use alert_tests::Scene;

const PATIENCE: Duration = Duration::from_secs(60);

#[alert_on_err(fields(tenant))]
fn bills(tenant: &str) -> Result<(), ParseIntError> {
    let _ = tenant;
    "not a number".parse::<u8>().map(drop)
}

#[tokio::test]
async fn failures_of_one_kind_go_to_the_robots_of_their_tenants() {
    let mut scene = Scene::set().await;
    let [acme, globex, rest] = [(); 3].map(|()| scene.inbox().webhook());
    let to = |tenant: &str| Route::new(Matcher::all().field("tenant", tenant)).to(tenant);
    scene.start(
        Config::new("shop")
            .policy(Policy::each())
            .robot(Robot::webhook(acme.url()).name("acme"))
            .robot(Robot::webhook(globex.url()).name("globex"))
            .robot(Robot::webhook(rest.url()).name("rest"))
            .route(to("acme"))
            .route(to("globex"))
            .route(Route::new(Matcher::all()).to("rest")),
    );
    for tenant in ["globex", "acme", "initech", "acme", "umbrella", "acme"] {
        bills(tenant).unwrap_err();
    }
    scene.inbox().wait_delta(6, PATIENCE).await.unwrap();
    assert_eq!([acme.delta(), globex.delta(), rest.delta()], [3, 1, 2]);
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.delivered), (6, 6));
}

/// An error in words of its own.
#[derive(Debug)]
struct Says(String);

impl std::fmt::Display for Says {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Says {}

#[alert_on_err]
fn says(word: &str) -> Result<(), Says> {
    Err(Says(format!("no {word} is left")))
}

#[tokio::test]
async fn the_seventeenth_text_of_a_function_is_told_as_many_variants_and_counted() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    scene.start(Config::new("shop").robot(Robot::webhook(archive.url())));
    let words = [
        "ink", "wax", "tape", "wood", "wire", "foil", "card", "glue", "string", "thread",
    ];
    for first in words {
        for second in ["blue", "red", "green"] {
            says(&format!("{second} {first}")).unwrap_err();
        }
    }
    scene.inbox().wait_delta(30, PATIENCE).await.unwrap();
    let text: String = archive
        .accepted()
        .iter()
        .map(alert_core::inbox::Message::text)
        .collect();
    assert!(text.contains("many variants: no green thread is left"), "{text}");
    assert_eq!(scene.end().await.delivered, 30);
}
