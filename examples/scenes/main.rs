//! What a reader gets to see, robot by robot: an error with four causes, a panic in a task, a lost database.
//!
//! `cargo run -p alert-examples --example scenes` prints each message as its group reads it. With a directory as its
//! argument it also takes a picture of each scene there, with `chromium`: that is how those of the manual are made.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

mod chain;
mod database;
mod panic;

use std::path::Path;
use std::time::Duration;

use alert_core::inbox::{Chat, Inbox};
use alert_core::trace::Spans;
use alert_core::{Config, Robot};
use tokio::process::Command;
use tracing_subscriber::layer::SubscriberExt;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let directory = std::env::args_os().nth(1);
    // Spans reach the alerts through this layer.
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Spans::new()))?;
    // The panic is told below; its line on stderr would only be in the way.
    std::panic::set_hook(Box::new(|_| ()));

    for name in ["chain", "panic", "database"] {
        let stage = Stage::set().await?;
        let alerts = alert_core::init(stage.config())?;
        match name {
            "chain" => chain::play().await,
            "panic" => panic::play().await,
            _ => database::play().await?,
        }
        alerts.shutdown(Duration::from_secs(5)).await;
        stage.read(name)?;
        if let Some(directory) = &directory {
            stage
                .picture(&Path::new(directory).join(format!("{name}.png")))
                .await?;
        }
    }
    Ok(())
}

/// A local robot server with a chat for each robot.
struct Stage {
    inbox: Inbox,
    chats: Vec<Chat>,
}

impl Stage {
    async fn set() -> anyhow::Result<Self> {
        let inbox = Inbox::bind("127.0.0.1:0").await?;
        let chats = vec![inbox.dingtalk(), inbox.feishu(), inbox.wecom(), inbox.slack()];
        let chats = chats
            .into_iter()
            .map(|chat| chat.name("checkout alerts"))
            .collect();
        Ok(Self { inbox, chats })
    }

    fn config(&self) -> Config {
        let config = Config::new("checkout")
            .environment("prod")
            .release("1.4.2")
            .host("till-7")
            .commit("4f2c9ab")
            .trace_url("https://traces.example.com/{trace_id}")
            .source_url("https://git.example.com/checkout/blob/{commit}/{file}#L{line}");
        let robots = [Robot::dingtalk, Robot::feishu, Robot::wecom, Robot::slack];
        let robots = robots.into_iter().zip(&self.chats);
        robots.fold(config, |config, (robot, chat)| config.robot(robot(chat.url())))
    }

    /// Prints what each group reads. An error unless that is one message, and nothing was refused.
    fn read(&self, name: &str) -> anyhow::Result<()> {
        for chat in &self.chats {
            let (accepted, refused) = (chat.accepted(), chat.refused());
            anyhow::ensure!(
                accepted.len() == 1 && refused.is_empty(),
                "{}: {} messages, {} refused",
                chat.kind(),
                accepted.len(),
                refused.len()
            );
            for message in accepted {
                println!("--- {name}, {}\n{}\n", chat.kind(), message.text());
            }
        }
        Ok(())
    }

    /// Takes a picture of the inbox's page.
    async fn picture(&self, path: &Path) -> anyhow::Result<()> {
        let profile = std::env::temp_dir().join(format!("alert-scenes-{}", std::process::id()));
        let mut screenshot = std::ffi::OsString::from("--screenshot=");
        screenshot.push(path);
        let taken = Command::new("chromium")
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-proxy-server",
                "--hide-scrollbars",
            ])
            .args(["--window-size=1680,1080", "--virtual-time-budget=3000"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(screenshot)
            .arg(format!("{}/?still", self.inbox.url().trim_end_matches('/')))
            .output()
            .await?;
        let _gone = std::fs::remove_dir_all(profile);
        anyhow::ensure!(
            taken.status.success(),
            "chromium: {}",
            String::from_utf8_lossy(&taken.stderr)
        );
        println!("--- {}\n", path.display());
        Ok(())
    }
}
