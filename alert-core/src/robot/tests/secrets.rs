//! No token, secret, signature or password leaves but in the request it belongs to.

use super::robots;
use crate::robot::{Form, Reply, Robot, samples};
use crate::{Digest, Language};

const TOKEN: &str = "tok3n0123456789abcdef";
const SECRET: &str = "SECs3cr3tvalue99";
const PASSWORD: &str = "pa55w0rd";

/// A message in which everything that can hold a text holds all of them.
fn leaky(robot: &Robot, language: Language) -> Digest {
    let url = robot.url().expose();
    let text = format!(
        "posting to {url} with {SECRET} failed; postgres://app:{PASSWORD}@db/x, token {TOKEN}; \
         tok3n\u{200b}0123456789abcdef https://{PASSWORD}@h/ https://oapi.dingtalk.com/robot/send?access_token=other0000token"
    );
    // Its URL holds no token, so it cannot know one: its key is the secret.
    let token = if robot.kind() == "pagerduty" {
        SECRET
    } else {
        TOKEN
    };
    let text = text
        .replace(TOKEN, token)
        .replace("tok3n\u{200b}0123456789abcdef", token);
    let mut digest = samples::one_error(language);
    let group = &mut digest.groups[0];
    group.message.clone_from(&text);
    group.chain = vec![text.clone(); 6];
    group.stack = vec![text.clone(); 4];
    group.path = vec![text.clone(); 3];
    group.hosts = vec![text.clone(); 3];
    group.trace_ids = vec![text.clone(); 3];
    group.fields = vec![(text.clone(), text.clone())];
    group.error_type.clone_from(&text);
    group.place.function.clone_from(&text);
    group.place.module.clone_from(&text);
    group.place.file.clone_from(&text);
    group.owner = Some(text.clone());
    group.runbook = Some(format!("https://app:{PASSWORD}@wiki.example.com/{token}"));
    digest.environment = Some(text.clone());
    digest.release = Some(text.clone());
    digest.host = text;
    digest
}

fn assert_clean(what: &str, text: &str) {
    for hidden in [TOKEN, SECRET, PASSWORD, "other0000token"] {
        assert!(!text.contains(hidden), "{what} shows {hidden}: {text}");
    }
}

/// The body without the one field that has to hold a secret.
fn shown(robot: &Robot, digest: &Digest, form: Form) -> String {
    let mut body = samples::body(robot, digest, form);
    if robot.kind() == "pagerduty" {
        let key = body.as_object_mut().unwrap().remove("routing_key");
        assert_eq!(key.unwrap(), SECRET);
    }
    body.to_string()
}

#[test]
fn messages_show_no_secret() {
    for robot in robots() {
        let robot = robot.secret(SECRET);
        for language in [Language::English, Language::Chinese] {
            for form in [Form::Rich, Form::Plain] {
                let one = leaky(&robot, language);
                assert_clean(robot.kind(), &shown(&robot, &one, form));
                let mut many = leaky(&robot, language);
                many.groups = vec![many.groups[0].clone(); 40];
                assert_clean(robot.kind(), &shown(&robot, &many, form));
            }
        }
    }
}

#[test]
fn nothing_that_is_printed_shows_one() {
    for robot in robots() {
        let url = robot
            .url()
            .expose()
            .replace("https://", &format!("https://app:{PASSWORD}@"));
        let robot = Robot::new(robot.robot_kind(), url).secret(SECRET);
        assert_clean("Debug of the robot", &format!("{robot:?}"));
        let formatter = robot.robot_kind().formatter();
        let digest = leaky(&robot, Language::English);
        let request = formatter
            .format(&digest, &robot, Form::Rich, samples::ago(0))
            .unwrap();
        let shown = format!("{request:?}");
        assert_clean("Debug of the request", &shown);
        assert!(!shown.contains("sha256=") && !shown.contains("sign="), "{shown}");
        let (needed, holder) = if robot.kind() == "pagerduty" {
            (SECRET, String::from_utf8_lossy(request.body()))
        } else {
            (TOKEN, request.url().expose().into())
        };
        assert!(holder.contains(needed), "the request itself needs its token");
    }
}

#[test]
fn an_answer_that_repeats_them_is_not_repeated() {
    for robot in robots() {
        for status in [200, 400, 403, 429, 500] {
            for body in [
                format!(r#"{{"errcode":310000,"errmsg":"token {TOKEN} from ip: 203.0.113.7"}}"#),
                format!(r#"{{"code":19001,"msg":"{TOKEN} 203.0.113.7, 2001:db8::7"}}"#),
                format!("<html>{TOKEN} 203.0.113.7</html>"),
                format!("sorry, {TOKEN} (203.0.113.7)"),
            ] {
                let delivery = robot.robot_kind().formatter().read(&Reply::new(status, body));
                let shown = format!(
                    "{delivery:?} {}",
                    delivery.problem().map(ToString::to_string).unwrap_or_default()
                );
                assert!(!shown.contains(TOKEN), "{}: {shown}", robot.kind());
                assert!(
                    !shown.contains("203.0.113.7") && !shown.contains("2001:db8"),
                    "{}: {shown}",
                    robot.kind()
                );
            }
        }
    }
}

#[test]
fn errors_of_the_formatter_show_none() {
    for robot in robots() {
        let robot = robot.secret(format!("whsec_{SECRET} is not base64"));
        let formatter = robot.robot_kind().formatter();
        let digest = samples::one_error(Language::English);
        if let Err(why) = formatter.format(&digest, &robot, Form::Rich, samples::ago(0)) {
            assert_eq!(robot.kind(), "webhook");
            assert_clean("the error", &format!("{why} {why:?}"));
        } else {
            assert_ne!(robot.kind(), "webhook");
        }
    }
}

#[test]
fn ordinary_words_of_a_url_stay_readable() {
    let robot = Robot::webhook("https://alerts.example.com/hooks/production?service=checkout&key=swordfish");
    let scrub = crate::robot::scrub::Scrub::of(&robot);
    let text = "checkout of production: hooks failed, swordfish";
    assert_eq!(scrub.text(text), "checkout of production: hooks failed, ***");
    let robot = Robot::webhook("https://h.example.com/services/XXXXXXXXXXXXXXXXXXXXXXXX");
    let scrub = crate::robot::scrub::Scrub::of(&robot);
    assert_eq!(scrub.text("services XXXXXXXXXXXXXXXXXXXXXXXX"), "services ***");
}
