//! N1 to N15 and N18, rule by rule.

use crate::fingerprint::{Normalizer, Rules};
use crate::testing::normalize;

fn check(input: &str, expected: &str) {
    assert_eq!(normalize(input), expected, "for {input:?}");
}

fn check_chain(links: &[&str], expected: &str) {
    let mut normalizer = Normalizer::default();
    assert_eq!(
        normalizer.chain(links.iter().copied(), &Rules::default()),
        expected
    );
}

fn check_with(rules: &Rules, input: &str, expected: &str) {
    assert_eq!(
        Normalizer::default().chain(core::iter::once(input), rules),
        expected
    );
}

#[test]
fn n1_a_link_that_repeats_the_end_of_the_previous_one_is_dropped() {
    check_chain(&["query failed", "refused"], "query failed: refused");
    check_chain(&["db: refused", "refused"], "db: refused");
    check_chain(&["refused", "refused", "refused"], "refused");
    check_chain(&["refused", "db: refused"], "refused: db: refused");
    check_chain(&["", "  ", "refused"], "refused");
    check_chain(&["a.", "b!", "c"], "a: b: c");
    check_chain(&[], "");
}

#[test]
fn n1_the_root_of_a_long_chain_stays() {
    let links: Vec<String> = (0..16)
        .map(|link| format!("step {}", char::from(b'a' + link)))
        .collect();
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let key = Normalizer::default()
        .chain(links.into_iter(), &Rules::default())
        .to_owned();
    assert!(
        key.starts_with("step a: step b: ") && key.ends_with(": step g: step p"),
        "{key}"
    );
}

#[test]
fn n2_two_lines_are_read() {
    check("\n\n one \n\n two\nthree", "one two");
    check("one\r\ntwo\r\nthree", "one two");
}

#[test]
fn n2_a_long_outer_text_leaves_room_for_the_cause() {
    let outer = "very long context ".repeat(100);
    let key = Normalizer::default()
        .chain([outer.as_str(), "refused"].into_iter(), &Rules::default())
        .to_owned();
    assert!(key.len() <= 256 && key.ends_with(": refused"), "{key}");
}

#[test]
fn n2_cuts_lie_on_character_boundaries() {
    for shift in 0..4 {
        let key = normalize(&format!("{}{}", "x".repeat(shift), "订单".repeat(200)));
        assert!((253..=256).contains(&key.len()), "{}", key.len());
    }
}

#[test]
fn n3_what_looks_the_same_is_written_the_same() {
    check("Connection \t Refused!", "connection refused");
    check("\u{1b}[31merror\u{1b}[0m: lost", "error: lost");
    check("ｅｒｒｏｒ：　ｌｏｓｔ", "error: lost");
    check("\u{feff}lo\u{200b}st\u{a0}it。", "lost it");
}

#[test]
fn n4_words_without_a_digit_stay() {
    check("a::b() can't read <x>", "a::b() can't read <x>");
    check("订单12345失败", "订单<n>失败");
}

#[test]
fn n5_urls_keep_host_port_and_path() {
    check(
        "https://bob:pw@Api.example.com:8443/v1/users/42?t=1#x",
        "https://api.example.com:8443/v1/users/<n>",
    );
    check("(http://10.0.0.1:40000/a)", "(http://<ip>/a)");
    check("http://[::1]:80/a, then", "http://<ip>:80/a, then");
    check(
        "sasl_ssl://b-1.kafka:9096/1: lost",
        "sasl_ssl://b-<n>.kafka:9096/<n>: lost",
    );
    check("http://h/a/b/c/d/e/f/g/h", "http://h/a/b/c/d/e/f");
    check("http://h/2026/11/23/x", "http://h/<time>/x");
}

#[test]
fn n6_addresses_go_and_service_ports_stay() {
    check("10.0.0.1:6379 10.0.0.1:50000", "<ip>:6379 <ip>");
    check("fe80::1%eth0: down, [2001:db8::2]:443", "<ip>: down, <ip>:443");
    check("to ::1 or 999.1.1.1", "to <ip> or <n>.<n>.<n>.<n>");
    check(
        "ipv4#1.2.3.4:9092 thrd:10.0.0.1:9092/x",
        "<ip>:9092 thrd:<ip>:9092/x",
    );
    check(
        "redis-master.svc:6379 localhost:51234",
        "redis-master.svc:6379 localhost",
    );
    check("src/main.rs:42:5", "src/main.rs:<n>:<n>");
    check("at 1.2.3, not 1.2", "at <n>.<n>.<n>, not <n>");
    check("port 5432, port 51234", "port 5432, port <n>");
}

#[test]
fn n7_mail_addresses_and_times_go() {
    check("<a.b+c@x.example.org>:", "<<email>>");
    check(
        "2026-11-23T10:00:00.5+08:00 or 2026/1/2 10:00:00 UTC",
        "<time> or <time>",
    );
    check("Mon, 23 Nov 2026 10:00:00 GMT", "<time>");
    check("[23/Nov/2026:10:00:00 +0800] lost", "[<time>] lost");
    check("Nov 23 10:00:00 host: lost", "<time> host: lost");
    check("Mon Nov 23 10:00:00 2026", "<time>");
    check("may 5 times", "may <n> time");
    check("12:30 and 120:5", "<n>:<n> and <n>:<n>");
}

#[test]
fn n8_ids_go_and_names_stay() {
    check("bea691f2-2e25-4bec-a838-e0c44b03d60a", "<uuid>");
    check("9f86d081884c7d65 0x1F deadbeef", "<hex> deadbeef");
    check("01J9ZK3M5Q8XW2V7T4R6Y1B0CD", "<id>");
    check("cus_NffrFeUfNV2Hib", "cus_<id>");
    check("api-7d9f8b6c5d-x2k4q redis-0", "api-<pod> redis-<n>");
    check(
        "EC2InstanceProfileCredentials x86_64 utf8mb4 i64",
        "ec2instanceprofilecredentials x86_64 utf8mb4 i64",
    );
    check("02:42:ac:11:00:02", "<mac>");
}

#[test]
fn n9_durations_and_sizes_are_one_each() {
    check("30s 1.5s 2m10s 350ms 12.5µs", "<dur>");
    check("12MB or 1.5GiB", "<size> or <size>");
    check("after 1 second, 20 seconds", "after <dur>");
    check("耗时30秒", "耗时<dur>");
}

#[test]
fn n10_numbers_go_and_codes_stay() {
    check("-5 +3.25 1e-9 3rd", "<n>");
    check(
        "os error 111, errno=-2, code: 42, exit status: 1",
        "os error 111, errno=-2, code: 42, exit status: 1",
    );
    check("error 1234567", "error <n>");
    check(
        "code: Some(11000), statusCode=503",
        "code: some(11000), statuscode=503",
    );
    check("错误码：45009 验证码 1234", "错误码:45009 验证码 <n>");
    check(
        "returned 503, returned 350 rows",
        "returned 503, returned <n> row",
    );
    check("1062 (23000): x", "1062 (23000): x");
    check(
        "utf-8 http/1.1 ORA-00942 TLS 1.2 SHA-256",
        "utf-8 http/1.1 ora-00942 tls 1.2 sha-256",
    );
    check("zip code 94107", "zip code <n>");
    check("validation error: 3 fields", "validation error: <n> field");
}

#[test]
fn n11_long_digit_runs_in_names_go() {
    check(
        "ord_ibfk_1 orders_20261123 p2026_01 SO20261123001",
        "ord_ibfk_1 orders_<n> p<n>_<n> so<n>",
    );
    check("SQLSTATE 57P01, code: E0433", "sqlstate 57p01, code: e0433");
}

#[test]
fn n13_quotes_keep_prose_and_identifiers() {
    check(
        r#"{"user": "bob", "code":"gone"}"#,
        r#"{"user": <str>, "code":"gone"}"#,
    );
    check("value 'a b', got \"x\"", "value <str>, got <str>");
    check("said 'no such 5'", "said 'no such <n>'");
    check("column \"x\" and 'y' table", "column \"x\" and 'y' table");
    check("\"OOM\": no memory", "\"oom\": no memory");
    check("neither 'x' nor “y”", "neither <str> nor <str>");
    check("`a`.`b`, found `}`", "`a`.`b`, found <str>");
    check("'app'@'10.0.0.5'", "<str>@<str>");
    check("message \"pods \\\"x-1\\\" gone\"", "message \"pods <str> gone\"");
    check(
        "unset \"DATABASE_URL\", \"a::b\"",
        "unset \"database_url\", \"a::b\"",
    );
    check("error was \"lost\"", "error was \"lost\"");
    check("用户「李四」 字段“金额”", "用户<str> 字段“金额”");
}

#[test]
fn n13_a_value_that_was_cut_off_goes() {
    check(
        &format!("invalid value: string \"{}\", expected u8", "x y ".repeat(300)),
        "invalid value: string <str>",
    );
    check("odd \" quote", "odd \" quote");
}

#[test]
fn n14_values_of_id_keys_go() {
    check(
        "user=alice retry=true reason=slow",
        "user=<v> retry=<bool> reason=slow",
    );
    check("orderId=A-1;name=\"Bob Li\",x==y", "orderid=<v>;name=<v>,x==y");
    check("用户id=1001失败 name=张三", "用户id=<v>失败 name=<v>");
    check("Key (email)=(a@b.c) exists", "key (email)=<v> exists");
}

#[test]
fn n15_equal_placeholders_join() {
    check("ids 1, 2, 3 and 1,234.5", "ids <n> and <n>");
    check("2026-11-23 10:00:00 lost", "<time> lost");
}

#[test]
fn n18_a_user_may_make_exceptions() {
    let rules = Rules {
        keep_words: vec!["Win32".into(), "4711".into(), "bob".into()],
        ..Rules::default()
    };
    check_with(
        &rules,
        "4711: win32 'bob' 'eve' 12",
        "4711: win32 'bob' <str> <n>",
    );
    let rules = Rules {
        extra_masks: vec!["acme".into(), "acme corp".into(), String::new()],
        ..Rules::default()
    };
    check_with(
        &rules,
        "tenant Acme Corp 订单acme lost",
        "tenant <v> 订单<v> lost",
    );
    let rules = Rules {
        raw: true,
        ..Rules::default()
    };
    check_with(&rules, "Order 12345 'x'", "order 12345 'x'");
}
