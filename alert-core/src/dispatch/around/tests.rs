use super::*;

fn place(file: &str, line: u32) -> Place {
    Place {
        file: file.to_owned(),
        line,
        ..Place::default()
    }
}

#[test]
fn a_source_link_needs_a_file_of_ours_and_the_commit_it_names() {
    let template = "https://git.example.com/shop/blob/{commit}/{file}#L{line}";
    let known = Around::of(Some("4f2c".to_owned()), |_| None);
    let check = |file: &str, link: Option<&str>| {
        assert_eq!(known.source(template, &place(file, 7)).as_deref(), link, "{file}");
    };
    check(
        "src/pay.rs",
        Some("https://git.example.com/shop/blob/4f2c/src/pay.rs#L7"),
    );
    check(
        "src\\pay it.rs",
        Some("https://git.example.com/shop/blob/4f2c/src/pay%20it.rs#L7"),
    );
    check("/rustc/59807616/library/core/src/option.rs", None);
    check("C:\\registry\\serde.rs", None);
    check("", None);
    let unknown = Around::of(None, |_| None);
    assert_eq!(unknown.source(template, &place("src/pay.rs", 7)), None);
    let latest = unknown.source("https://git.example.com/{file}", &place("src/pay.rs", 7));
    assert_eq!(latest.as_deref(), Some("https://git.example.com/src/pay.rs"));
}

#[test]
fn a_pod_is_told_with_its_namespace() {
    let with = |set: &'static [(&str, &str)]| {
        let variable = |name: &str| set.iter().find(|(known, _)| *known == name);
        Around::of(None, |name| variable(name).map(|(_, value)| (*value).to_owned()))
    };
    let both = with(&[("POD_NAME", "pay-7d9f"), ("POD_NAMESPACE", "shop")]);
    assert_eq!(both.pod.as_deref(), Some("shop/pay-7d9f"));
    assert_eq!(with(&[("POD_NAME", "pay-7d9f")]).pod.as_deref(), Some("pay-7d9f"));
    assert_eq!(with(&[]).pod, None);
    assert_eq!(with(&[("ALERT_COMMIT", "4f2c")]).commit.as_deref(), Some("4f2c"));
}

#[test]
fn what_goes_into_a_url_cannot_leave_its_place() {
    assert_eq!(encoded("a-b_1.2~/c"), "a-b_1.2~/c");
    assert_eq!(encoded("a b&c=\"<>#?号"), "a%20b%26c%3D%22%3C%3E%23%3F%E5%8F%B7");
}
