use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use super::{Rule, WITHHELD, field, hide, text};

/// Secret parts stand between `«` and `»`; everything else stays.
fn check(marked: &str) {
    let given = marked.replace(['«', '»'], "");
    let mut expected = marked.to_owned();
    while let Some((before, rest)) = expected.clone().split_once('«') {
        let (_, after) = rest.split_once('»').unwrap();
        expected = format!("{before}***{after}");
    }
    assert_eq!(hide(&given), expected, "of {given}");
    assert_eq!(hide(&expected), expected, "once more");
}

#[test]
fn secrets_behind_their_names_are_hidden() {
    for marked in [
        "password=«hunter2» for app",
        "connect failed: host=db user=app password=«p4ss.w0rd» dbname=x",
        "Server=db;Uid=app;Pwd=«hunter2»;Database=x",
        "passwd: «hunter2»",
        r#"{"user":"bob","password":"«correct horse»","n":1}"#,
        r#"body {\"password\":\"«hunter2»\",\"n\":1}"#,
        r#"Login { user: "bob", password: "«letmein»" }"#,
        r#"Login { token: Some("«abcdefgh»") }"#,
        "GET /x?user=a&access_token=«0123abcd»&page=2 answered 401",
        "redirect%3Ftoken%3D«0123abcd»",
        "x-api-key: «9f8e7d6c5b»",
        "API key: «9f8e7d6c5b» refused",
        "aws_secret_access_key = «wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»",
        "AccountName=a;AccountKey=«abc123==»;x",
        "SecretKey=«Gu5t9xGARNpq86cd98joQYCN3EXAMPLE»",
        "run: tool --password «hunter2» --user bob",
        "client_secret=«abc» and secret='«x y»'",
        "密码：«hunter2»",
        "password: «correcthorse»",
    ] {
        check(marked);
    }
}

#[test]
fn credentials_of_headers_and_well_known_services_are_hidden() {
    for marked in [
        "Authorization: Bearer «abc123.def-456_x» refused",
        "authorization: Basic «dXNlcjpwYXNzd29yZA==»",
        r#""Authorization": "Bearer «abc123def456»""#,
        "Authorization: «abc123def456»",
        "sent bearer «0123456789abcdef»",
        "jwt «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P» is old",
        "AWS «AKIAIOSFODNN7EXAMPLE» denied",
        "Aliyun «LTAI5tABCDEFGH1234567890»",
        "Tencent «AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE»",
        "Google «AIzaSyA1234567890abcdefghijklmnopqrstuv»",
        "slack «xoxb-123456789012-abcdefABCDEF»",
        "git «ghp_0123456789abcdefghijABCDEFGHIJ012345» and «github_pat_11ABCDEFG0abcdefghij_KLMNOPQRSTUV»",
        "stripe «sk_live_4eC39HqLyjWDarjtT1zdp7dc»",
        "«-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA PRIVATE KEY-----» was read",
        "cut «-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq»",
    ] {
        check(marked);
    }
}

#[test]
fn words_about_secrets_stay() {
    for marked in [
        "token expired",
        "password is wrong",
        "invalid token: expired",
        "invalid password: must have 8 characters",
        "password authentication failed for user \"app\"",
        "secret: not found",
        "token: InvalidSignature",
        "refresh token: 401 Unauthorized",
        "fetch token: https://auth.example.com/oauth: timed out",
        "read token: /var/run/token: No such file",
        "unexpected token: `}` at line 3",
        "unexpected token: \"let\"",
        "expected token=Semicolon",
        "max_tokens=4096 and token_count=17",
        "password=None, token=null, has_password=true",
        "password=*** token=<redacted> secret=${DB_SECRET}",
        "PWD=/srv/app",
        "alert_core::secret::load failed",
        "duplicate key: 17, primary key = order",
        "Bearer token is missing, basic authentication required, Basic Error",
        "authorization: failed",
        "basic understanding of bearer certificates",
        "a value is required for '--password <PASSWORD>'",
        "eyJ is how they begin, AKIA too, sk-learn and npm_config",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "no such host tcp://secret:6379",
        "密码错误",
        "连接 10.0.0.1:5432 超时",
    ] {
        check(marked);
    }
}

#[test]
fn a_field_is_judged_by_its_name_too() {
    assert_eq!(field("db.password", "hunter2", &[]), "***");
    assert_eq!(field("password", "true", &[]), "true");
    assert_eq!(field("order", "17", &[]), "17");
    assert_eq!(field("url", "/x?token=abc123", &[]), "/x?token=***");
}

#[test]
fn a_rule_of_the_users_comes_last_and_its_panic_withholds_the_text() {
    let mask: Rule = Arc::new(|text| Cow::Owned(text.replace("Zoe", "<name>")));
    let broken: Rule = Arc::new(|_| panic!("broken"));
    assert_eq!(
        text("Zoe, password=x1", std::slice::from_ref(&mask)),
        "<name>, password=***"
    );
    assert_eq!(text("Zoe", &[broken, mask]), WITHHELD);
}

/// Ten times the text takes about ten times the time, whatever it is made of. What the machine does meanwhile may
/// disturb a look; one that took a hundred times as long would do so at each.
#[test]
fn the_time_grows_with_the_text_and_no_faster() {
    for piece in [
        "token: a ",
        "password=\"",
        "-----BEGIN ",
        "eyJ",
        "a=b:",
        "bearer ",
        "--password ",
        "k-e-y-",
        "密码",
    ] {
        let time = |times: usize| {
            let text = piece.repeat(times);
            (0..5)
                .map(|_| {
                    #[expect(clippy::disallowed_methods, reason = "a test of time")]
                    let start = Instant::now();
                    std::hint::black_box(hide(&text));
                    start.elapsed()
                })
                .min()
                .unwrap()
        };
        let grows = |_| time(4_000) < time(400) * 60;
        assert!((0..8).any(grows), "`{piece}` takes the square of its length");
    }
}
