//! No secret of a failure reaches the disk, and none leaves by what an attribute or a template says beside the failure.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use alert_core::inbox::{Fault, Kind};
use alert_core::trace::with_trace_id;
use alert_core::{Config, Robot, alert_on_err};
use alert_tests::{PATIENCE, Scene, assert_no_secret, token_of, until};

const TOKEN: &str = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";

/// Its words are what a test wants them to be.
#[derive(Debug)]
struct Said(String, Option<Box<Said>>);

impl core::fmt::Display for Said {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Said {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.1.as_deref().map(|cause| cause as _)
    }
}

fn said(words: &str, cause: Option<Said>) -> Said {
    Said(words.to_owned(), cause.map(Box::new))
}

#[alert_on_err(
    severity = "critical",
    fields(password, url, note),
    key = "{default} token=swordfish-01 of {note}"
)]
fn signs_in(password: &str, url: &str, note: &str) -> Result<(), Said> {
    assert!(
        !password.is_empty(),
        "nobody, client_secret=swordfish-02 of Zoe-swordfish-03"
    );
    let cause = said(
        "postgres://app:swordfish-04@db refused, Authorization: Bearer swordfish-05x",
        None,
    );
    Err(said(
        &format!("login failed: api_key=swordfish-06 at {url}"),
        Some(cause),
    ))
}

fn on_disk(directory: &Path) -> Vec<(&'static str, String)> {
    let files = fs::read_dir(directory).unwrap().map(|file| file.unwrap().path());
    files
        .map(|file| {
            (
                "a file of the spool",
                String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned(),
            )
        })
        .collect()
}

/// By name, by shape, as a robot's own, as a URL's, and by a rule of the user's; while it waits and after the end.
#[tokio::test]
async fn no_secret_of_a_failure_reaches_the_spool() {
    let mut scene = Scene::set().await;
    scene.secret("swordfish");
    let chat = scene.chat(Kind::Dingtalk);
    let secrets = ["swordfish".to_owned(), token_of(&chat.url()), TOKEN.to_owned()];
    scene.secret(TOKEN);
    let directory = std::env::temp_dir().join(format!("alert-secrets-{}", std::process::id()));
    let config = || {
        Config::new("shop")
            .scrub(|text| text.replace("Zoe-swordfish-03", "<name>").into())
            .robot(Robot::dingtalk(chat.url()).secret(TOKEN))
            .spool(&directory)
    };
    chat.fault(Fault::ServerError);
    scene.start(config());
    let url = format!("https://app:swordfish-07@example.com/{TOKEN} or {}", chat.url());
    signs_in("swordfish-08", &url, "Zoe-swordfish-03").unwrap_err();
    catch_unwind(AssertUnwindSafe(|| signs_in("", &url, "Zoe-swordfish-03"))).unwrap_err();
    until("the robot refuses", || scene.counts().failed > 0).await;
    let kept = |texts: &[(&str, String)]| {
        texts
            .iter()
            .any(|(_, text)| text.contains("login failed: api_key=***"))
    };
    until("both are on disk", || {
        let texts = on_disk(&directory);

        kept(&texts) && texts.iter().any(|(_, text)| text.contains("client_secret=***"))
    })
    .await;
    assert_no_secret(&secrets, on_disk(&directory));
    scene.take_guard().shutdown(Duration::from_secs(1)).await;
    let texts = on_disk(&directory);
    assert!(kept(&texts), "{texts:?}");
    assert_no_secret(&secrets, texts);

    // The next start tells it, and knows no more than the disk did.
    chat.clear_faults();
    scene.start(config());
    until("both are told", || scene.counts().delivered >= 2).await;
    scene.take_guard().shutdown(PATIENCE).await;
    assert_no_secret(&secrets, on_disk(&directory));
    fs::remove_dir_all(&directory).unwrap();
    scene.end().await;
}

#[alert_on_err(
    name = "pays with token=swordfish-11",
    owner = "team of Zoe-swordfish-12, password=swordfish-13",
    runbook = "https://app:swordfish-14@wiki.example.com/pay?token=swordfish-15"
)]
fn pays() -> Result<(), Said> {
    Err(said("no money", None))
}

#[alert_on_err(name = "serves Zoe-swordfish-12")]
fn serves() -> Result<(), Said> {
    pays()
}

/// Names, path, owner, runbook and the links made of templates pass the same rules as all other texts.
#[tokio::test]
async fn no_secret_leaves_by_path_owner_runbook_or_links() {
    for kind in [
        Kind::Dingtalk,
        Kind::Feishu,
        Kind::Wecom,
        Kind::Slack,
        Kind::Webhook,
    ] {
        let mut scene = Scene::set().await;
        scene.secret("swordfish");
        let chat = scene.chat(kind);
        let config = Config::new("shop")
            .scrub(|text| text.replace("Zoe-swordfish-12", "<name>").into())
            .trace_url("https://t.example.com/{trace_id}?api_key=swordfish-16")
            .source_url("https://app:swordfish-17@git.example.com/{file}?access_token=swordfish-18")
            .robot(Scene::robot(&chat).unwrap());
        scene.start(config);
        with_trace_id("request-1", async { serves() }).await.unwrap_err();
        let told = chat.wait_accepted(1, PATIENCE).await.unwrap();
        let text = told[0].text();
        assert!(text.contains("pays with token="), "{kind}: {text}");
        // Its texts, and the bodies, are searched at the end.
        scene.end().await;
    }
}
