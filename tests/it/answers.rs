//! Answers as strange as networks give them: odd headers, bodies without an end, words with secrets in them,
//! connections that close between two messages.

use std::time::Duration;

use alert_core::inbox::{Fault, Kind};
use alert_core::{ErrorKind, Robot};
use alert_tests::{Act, Faulty, PATIENCE, Scene, until};

use crate::refusals::{RIGHT, WRONG, check, config, end_undelivered, fail, one_refusal};

#[tokio::test]
async fn odd_retry_after_values_are_survived() {
    for value in [
        "Wed, 21 Oct 2215 07:28:00 GMT",
        "99999999999999999999",
        "soon",
        "-7",
    ] {
        let mut scene = Scene::set().await;
        let answer = format!("HTTP/1.1 429 Wait\r\nretry-after: {value}\r\ncontent-length: 0\r\n\r\n");
        let server = Faulty::serve(vec![Act::Say(answer)]);
        scene.start(config().robot(Robot::webhook(server.url("/hook")).name("ops")));
        let error = one_refusal(&scene).await;
        check(&error, ErrorKind::Throttled, "429", "");
        assert_eq!(server.requests(), 1);
        // Whatever it says, a day is the longest it is believed.
        let rests = alert_core::health().robots()[0].rests_for().unwrap();
        assert!(rests <= Duration::from_secs(24 * 60 * 60), "{value}: {rests:?}");
        end_undelivered(scene).await;
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let mut scene = Scene::set().await;
    let server = Faulty::serve(vec![Act::Flood]);
    let url = server.url("/robot/send?access_token=8c6976e5b5410415bde908bd4dee15df");
    scene.start(
        config()
            .timeout(Duration::from_secs(5))
            .robot(Robot::dingtalk(url).name("ops")),
    );
    let error = one_refusal(&scene).await;
    assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
    assert!(
        server.written() < 64 * 1024 * 1024,
        "took {} bytes",
        server.written()
    );
    end_undelivered(scene).await;
}

/// An answer in the words of DingTalk, that all is well, and 256 MiB of the blank behind it, as 1.7 MiB of gzip.
fn bomb() -> Vec<u8> {
    const WELL: &[u8] = br#"{"errcode":0,"errmsg":"ok"} "#;
    /// Deflate's "the last byte 258 times more".
    const AGAIN: [u8; 13] = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0];
    let length = u16::try_from(WELL.len()).unwrap();
    let gzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    // A block as it is, and the last one in deflate's own code.
    let plain = [&[0], &length.to_le_bytes()[..], &(!length).to_le_bytes(), WELL].concat();
    let bits = |from: usize| (0..8).fold(0, |byte, bit| byte | AGAIN[(from + bit) % 13] << bit);
    let coded = (0..256 * 1024 * 1024 / 258 * 13 / 8).map(|byte| bits(5 + 8 * byte));
    let body = [
        &gzip[..],
        &plain,
        &[0b011 | bits(0) << 3],
        &coded.collect::<Vec<u8>>(),
    ]
    .concat();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), &body].concat()
}

/// The memory of this process in KiB: now, or the most it ever was. 0 where the system does not tell.
fn memory(of: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(of));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}

#[tokio::test]
async fn a_bomb_of_gzip_is_not_expanded() {
    let mut scene = Scene::set().await;
    let server = Faulty::serve(vec![Act::Bytes(bomb())]);
    let url = server
        .url("/robot/send?access_token=4c94485e0c21ae6c41ce1dfe7b6bfaceea5ab68e40a2476f50208e526f506080");
    scene.start(config().robot(Robot::dingtalk(url).name("ops")));
    let (most, before) = (memory("VmHWM:"), memory("VmRSS:"));
    let error = one_refusal(&scene).await;
    // Expanded it would be an answer that all is well.
    assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
    assert!(
        memory("VmHWM:") <= most.max(before + 16 * 1024),
        "16 MiB are a lot"
    );
    end_undelivered(scene).await;
}

#[tokio::test]
async fn what_a_server_says_back_is_cleaned_of_tokens() {
    let mut scene = Scene::set().await;
    let token = "1b4f0e9851971998e732078544c96b36c3d01cedf7caa332359d6f1d83567014";
    scene.secret(token);
    let body = format!(r#"{{"errcode":4711,"errmsg":"no: /robot/send?access_token={token}&sign={RIGHT}"}}"#);
    scene.secret(RIGHT);
    let length = body.len();
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
    let server = Faulty::serve(vec![Act::Say(answer)]);
    let url = server.url(&format!("/robot/send?access_token={token}"));
    scene.start(config().robot(Robot::dingtalk(url).secret(RIGHT).name("ops")));
    let error = one_refusal(&scene).await;
    check(&error, ErrorKind::Refused, "4711", "does not know");
    end_undelivered(scene).await;
}

#[tokio::test]
async fn an_error_that_quotes_the_robot_is_cleaned_of_its_secrets() {
    let mut scene = Scene::set().await;
    let ops = scene.chat(Kind::Dingtalk).secret(RIGHT);
    let url = ops.url();
    scene.start(config().robot(Robot::dingtalk(&url).secret(RIGHT).name("ops")));
    let quote = format!("cannot post to {url} with {RIGHT} or http://me:{WRONG}@example.com/x");
    scene.secret(RIGHT);
    scene.secret(WRONG);
    alert_core::raise(alert_core::Severity::Error, &std::io::Error::other(quote));
    let shown = ops.wait_accepted(1, PATIENCE).await.unwrap()[0].text();
    assert!(
        shown.contains("cannot post to") && shown.contains("example.com/x"),
        "{shown}"
    );
    assert_eq!(scene.end().await.delivered, 1);
}

/// The robot closes the connection after each answer without a word: the next message finds that out.
#[tokio::test]
async fn a_connection_closed_between_two_messages_loses_none() {
    let mut scene = Scene::set().await;
    let server = Faulty::serve(vec![Act::Say(
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned(),
    )]);
    scene.start(config().robot(Robot::webhook(server.url("/hook")).name("ops")));
    for sent in 1..=5 {
        fail().await.unwrap_err();
        until("the message is accepted", || scene.counts().sent == sent).await;
    }
    assert!(scene.errors().is_empty(), "{:?}", scene.errors());
    assert_eq!(scene.end().await.delivered, 5);
}

/// The group has seen it, and the answer broke off: it is sent once more, counted once.
#[tokio::test]
async fn an_answer_that_breaks_off_promises_nothing() {
    let mut scene = Scene::set().await;
    let ops = scene.chat(Kind::Dingtalk);
    ops.fault_next(1, Fault::Truncated);
    scene.start(config().robot(Robot::dingtalk(ops.url()).name("ops")));
    fail().await.unwrap_err();
    until("the message is accepted", || scene.counts().sent == 1).await;
    assert_eq!(ops.messages().len(), 2);
    assert_eq!(
        ops.accepted().len(),
        1,
        "the group sees a repeat of the same id once"
    );
    let counts = scene.end().await;
    assert_eq!((counts.delivered, counts.failed), (1, 0));
}

/// Status 200, an object, and no code in it: the vendor blocks this address.
#[tokio::test]
async fn a_traffic_shield_is_left_alone() {
    let mut scene = Scene::set().await;
    let ops = scene.chat(Kind::Dingtalk);
    ops.fault(Fault::Shield);
    scene.start(config().robot(Robot::dingtalk(ops.url()).name("ops")));
    let error = one_refusal(&scene).await;
    check(&error, ErrorKind::Throttled, "x5", "blocked for 5 minutes");
    assert_eq!(ops.messages().len(), 1, "no retry against a shield");
    end_undelivered(scene).await;
}

/// The rich form was refused for its form: the plain one gets through, and nobody needs to be told.
#[tokio::test]
async fn a_refused_form_falls_back_to_plain_text() {
    let mut scene = Scene::set().await;
    let ops = scene.chat(Kind::Dingtalk);
    let body = r#"{"errcode":400105,"errmsg":"unsupported msgtype"}"#.to_owned();
    ops.fault_next(1, Fault::Answer { status: 200, body });
    scene.start(config().robot(Robot::dingtalk(ops.url()).name("ops")));
    fail().await.unwrap_err();
    let seen = ops.wait_accepted(1, PATIENCE).await.unwrap();
    let kind = |body: &[u8]| serde_json::from_slice::<serde_json::Value>(body).unwrap()["msgtype"].clone();
    assert_eq!(kind(ops.refused()[0].request().body()), "markdown");
    assert_eq!(kind(seen[0].request().body()), "text");
    let counts = scene.end().await;
    assert_eq!((counts.delivered, counts.failed), (1, 0));
}
