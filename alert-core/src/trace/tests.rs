use super::*;

#[test]
fn an_id_is_kept_up_to_what_no_id_holds() {
    let check = |given: &str, kept: Option<&str>| assert_eq!(TraceId::new(given).as_str(), kept, "{given}");
    check(
        "4bf92f3577b34da6a3ce929d0e0e4736",
        Some("4bf92f3577b34da6a3ce929d0e0e4736"),
    );
    check(" \"quoted\" ", Some("quoted"));
    check("a b", Some("a"));
    check("a\nb", Some("a"));
    check("", None);
    check(&"x".repeat(100), Some("x".repeat(64).as_str()));
    check(&"号".repeat(30), Some("号".repeat(21).as_str()));
}

#[test]
fn a_traceparent_gives_its_trace_id() {
    let check = |given: &str, id: Option<&str>| {
        let found = TraceId::of_traceparent(given);
        assert_eq!(found.as_ref().and_then(TraceId::as_str), id, "{given}");
    };
    let id = "0af7651916cd43dd8448eb211c80319c";
    check(&format!("00-{id}-b7ad6b7169203331-01"), Some(id));
    check(&format!("cc-{id}-b7ad6b7169203331-01-later"), Some(id));
    check(&format!("ff-{id}-b7ad6b7169203331-01"), None);
    check(&format!("00-{}-b7ad6b7169203331-01", "0".repeat(32)), None);
    check("00-0af765-b7ad6b7169203331-01", None);
    check(&format!("00-{id}"), None);
    check("", None);
}

#[cfg(any(feature = "tracing", feature = "tower"))]
#[test]
fn fields_keep_the_first_of_a_name_and_have_bounds() {
    let mut fields = Fields::default();
    fields.add("user", format_args!("7\08"));
    fields.add("user", format_args!("9"));
    fields.add("empty", format_args!(""));
    fields.add("long", format_args!("{}", "长".repeat(2_000)));
    fields.add("after", format_args!("no room"));
    let found: Vec<_> = fields.iter().collect();
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(found[..2], [("user", "78"), ("empty", "")]);
    assert!(found[2].1.len() <= MAX_FIELD_BYTES && found[2].1.chars().all(|letter| letter == '长'));
}
