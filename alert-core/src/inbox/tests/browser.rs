//! The page in a real browser, driven over `WebDriver`. Without `chromedriver` on the machine the test says so and
//! checks nothing.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::super::Fault;
use super::{PATIENCE, inbox, post};

/// A browser that ends with the test, also with one that fails.
struct Browser {
    driver: Child,
    addr: SocketAddr,
    session: String,
    profile: std::path::PathBuf,
}

impl Browser {
    /// Nothing if the machine has no chromedriver.
    async fn start() -> Option<Browser> {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let (_, port) = line.rsplit_once("successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let addr = SocketAddr::from(([127, 0, 0, 1], port.expect("chromedriver names its port")));
        let profile = std::env::temp_dir().join(format!("alert-inbox-browser-{}", std::process::id()));
        let mut browser = Browser {
            driver,
            addr,
            session: String::new(),
            profile,
        };
        let args = json!([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-proxy-server",
            "--window-size=1200,900",
            format!("--user-data-dir={}", browser.profile.display()),
        ]);
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": args}}}});
        let session = browser.call("POST", "/session", &wanted).await;
        session["sessionId"]
            .as_str()
            .expect("a session")
            .clone_into(&mut browser.session);
        Some(browser)
    }

    async fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(self.addr).await.unwrap();
        let body = if method == "POST" {
            body.to_string()
        } else {
            String::new()
        };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n",
            self.addr
        );
        let head = format!(
            "{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream
            .write_all(format!("{head}{body}").as_bytes())
            .await
            .unwrap();
        // The driver keeps the connection, so the length says where the answer ends.
        let mut all = Vec::new();
        let read = async {
            loop {
                let text = String::from_utf8_lossy(&all);
                if let Some((head, body)) = text.split_once("\r\n\r\n") {
                    let head = head.to_lowercase();
                    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
                    let length: usize = length.expect("a length").trim().parse().unwrap();
                    if body.len() >= length {
                        return serde_json::from_str::<Value>(body).unwrap()["value"].clone();
                    }
                }
                assert!(stream.read_buf(&mut all).await.unwrap() > 0, "the driver hung up");
            }
        };
        tokio::time::timeout(PATIENCE.saturating_mul(6), read)
            .await
            .expect("an answer of the driver")
    }

    /// Runs a script that ends by calling `done(value)`.
    async fn run(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1];\n{WHEN}\n{script}");
        let path = format!("/session/{}/execute/async", self.session);
        self.call("POST", &path, &json!({"script": script, "args": []}))
            .await
    }
}

/// Calls back as soon as the page meets a condition; the driver's own limit is the deadline.
const WHEN: &str = "
const when = (test, then) => {
  if (test()) { then(); return; }
  const seen = new MutationObserver(() => { if (test()) { seen.disconnect(); then(); } });
  seen.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
};";

impl Drop for Browser {
    /// Ends the session in order, since a driver that is only killed leaves its browser running.
    fn drop(&mut self) {
        let head = format!(
            "DELETE /session/{} HTTP/1.1\r\nhost: {}\r\n\r\n",
            self.session, self.addr
        );
        if let Ok(mut stream) = std::net::TcpStream::connect(self.addr) {
            stream.set_read_timeout(Some(PATIENCE)).ok();
            stream.write_all(head.as_bytes()).ok();
            // The first bytes of the answer come when the browser is gone.
            stream.read_exact(&mut [0; 1]).ok();
        }
        self.driver.kill().ok();
        self.driver.wait().ok();
        std::fs::remove_dir_all(&self.profile).ok();
    }
}

#[tokio::test]
#[expect(clippy::print_stderr, reason = "a skipped test says why")]
async fn messages_appear_live_and_inert_and_the_switch_works() {
    let Some(browser) = Browser::start().await else {
        eprintln!("skipped: no chromedriver on this machine");
        return;
    };
    let inbox = inbox().await;
    let (ding, feishu) = (inbox.dingtalk().name("Ops"), inbox.feishu());
    browser
        .call(
            "POST",
            &format!("/session/{}/url", browser.session),
            &json!({"url": inbox.url()}),
        )
        .await;
    let live = browser.run("when(() => document.querySelector('.live.good') && document.querySelector('.chat'), () => done(document.title));").await;
    assert_eq!(live, "Alert inbox");

    let hostile = "<img src=x onerror=\"document.title='owned'\"> <script>document.title='owned'</script> \
                   [click](javascript:document.title='owned') @all";
    post(
        &inbox,
        &ding,
        &json!({"msgtype": "markdown", "markdown": {"title": "t", "text": hostile}}),
    )
    .await;
    post(
        &inbox,
        &feishu,
        &json!({"msg_type": "interactive", "card": {"schema": "2.0", "body": {"elements": [
        {"tag": "markdown", "content": format!("{hostile} &#60;at id=all&#62;&#60;/at&#62;")}]}}}),
    )
    .await;
    let seen = browser
        .run(
            "when(() => document.querySelectorAll('.bubble').length === 2, () => done({
               text: document.querySelector('.bubble').textContent,
               made: document.querySelectorAll('.bubble img, .bubble script, .bubble a, .bubble .at').length,
               title: document.title,
             }));",
        )
        .await;
    assert!(
        seen["text"]
            .as_str()
            .unwrap()
            .contains("<script>document.title='owned'</script>"),
        "{seen}"
    );
    assert_eq!(
        (seen["made"].as_u64(), seen["title"].as_str()),
        (Some(0), Some("Alert inbox"))
    );

    let switched = browser
        .run(
            "const select = document.querySelector('.faults select');
             select.value = 'throttle';
             select.dispatchEvent(new Event('change'));
             when(() => document.querySelector('.chip.alarm'), () =>
               done(document.querySelector('.chip.alarm').textContent));",
        )
        .await;
    assert_eq!(switched, Fault::Throttle.word());
    let reply = post(
        &inbox,
        &ding,
        &json!({"msgtype": "text", "text": {"content": "x"}}),
    )
    .await;
    assert_eq!(reply.json()["errcode"], 130_101);
    let detail = browser
        .run(
            "when(() => document.querySelector('.lost button'), () => {
               document.querySelector('.lost button').click();
               done([document.getElementById('detail').open, document.getElementById('detail-body').textContent]);
             });",
        )
        .await;
    assert_eq!(detail[0], true);
    assert!(detail[1].as_str().unwrap().contains("130101"), "{detail}");
    assert!(
        !detail[1].as_str().unwrap().contains("access_token=0"),
        "the token is hidden"
    );
}
