use proptest::prelude::*;

use super::*;

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn saved(function: &str) -> Saved {
    Saved {
        function: function.to_owned(),
        module: "shop".to_owned(),
        file: "src/shop.rs".to_owned(),
        line: 10,
        column: 5,
        severity: Severity::Error,
        kind: "error".to_owned(),
        error_type: "shop::PayError".to_owned(),
        key: None,
        fields: vec![("tenant".to_owned(), "acme".to_owned())],
        many: false,
        chain: vec!["load order".to_owned(), "订单 refused".to_owned()],
        untold: 7,
        last_at: at(1_000_000),
        spoken_at: Some(at(999_000)),
        burst: true,
        step: 2,
    }
}

fn directory(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("alert-spool-{}-{name}", std::process::id()));
    let _gone = fs::remove_dir_all(&directory);
    directory
}

fn open(name: &str) -> Spool {
    Spool::open(&directory(name), "shop").unwrap()
}

#[test]
fn what_is_written_is_read() {
    let spool = open("round");
    assert_eq!(spool.read(at(1_000_000)).unwrap(), Kept::default());
    let written = spool
        .write(&[saved("charge"), saved("load")], 3, Durable::Yes)
        .unwrap();
    assert_eq!((written.left_out, written.fullness), (0, 0));
    let kept = Kept {
        groups: vec![saved("charge"), saved("load")],
        left_out: 3,
        strange: 0,
    };
    assert_eq!(
        spool.read(at(1_000_001)).unwrap(),
        kept,
        "what was lost before stays said"
    );
}

#[test]
fn what_is_older_than_a_day_is_left_out_and_counted() {
    let spool = open("old");
    spool.write(&[saved("charge")], 0, Durable::No).unwrap();
    let in_time = spool.read(at(1_000_000 + 86_400)).unwrap();
    assert_eq!((in_time.groups.len(), in_time.left_out), (1, 0));
    let late = spool.read(at(1_000_000 + 86_401)).unwrap();
    assert_eq!((late.groups.len(), late.left_out), (0, 7));
}

#[test]
fn an_entry_that_is_no_group_is_counted() {
    let (bytes, _) = render(&[saved("charge"), saved("load")], 0);
    let text = String::from_utf8(bytes)
        .unwrap()
        .replacen("\"burst\":true", "\"burst\":7", 1);
    let kept = parse(text.as_bytes(), at(1_000_000)).unwrap();
    assert_eq!((kept.groups.len(), kept.left_out, kept.strange), (1, 7, 1));
}

#[test]
fn a_file_that_is_not_one_is_put_aside() {
    let spool = open("foreign");
    fs::write(&spool.path, b"{\"spool\":99}").unwrap();
    assert!(spool.read(at(0)).is_err());
    assert!(spool.path.with_extension("unreadable").exists());
    assert_eq!(spool.read(at(0)).unwrap(), Kept::default());
}

#[test]
fn a_spool_is_full_to_its_last_kilobyte_and_counts_what_finds_no_room() {
    let many: Vec<_> = (0..20_000).map(|n| saved(&format!("f{n}"))).collect();
    let (bytes, left_out) = render(&many, 5);
    assert!(
        (MAX_BYTES - 1024..=MAX_BYTES).contains(&bytes.len()),
        "{}",
        bytes.len()
    );
    let kept = parse(&bytes, at(1_000_000)).unwrap();
    let told: u64 = kept.groups.iter().map(|saved| saved.untold).sum();
    assert_eq!((told + left_out, kept.left_out), (7 * 20_000, left_out + 5));
    assert_eq!(kept.groups[0].function, "f0", "the most urgent stay");
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let spool = open("private");
    spool.write(&[saved("charge")], 0, Durable::No).unwrap();
    let mode = fs::metadata(&spool.path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn two_services_never_share_a_file() {
    let directory = directory("names");
    let names = ["订单", "支付", "Shop", "shop", "a b", "a_b", "", &"x".repeat(300)];
    let paths: Vec<_> = names
        .iter()
        .map(|name| Spool::open(&directory, name).unwrap().path)
        .collect();
    for (at, path) in paths.iter().enumerate() {
        assert!(!paths[..at].contains(path), "{}", path.display());
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(name.is_ascii() && name.len() < 100, "{name}");
        fs::write(path, "").unwrap();
    }
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange_to_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _any = parse(&bytes, at(1_000_000));
    }

    #[test]
    fn a_damaged_spool_is_read_or_refused(cut in 0usize..600, flip in 0usize..600) {
        let (mut bytes, _) = render(&[saved("charge")], 0);
        bytes.truncate(cut);
        if let Some(byte) = bytes.get_mut(flip) {
            *byte ^= 0x20;
        }
        let _any = parse(&bytes, at(1_000_000));
    }
}
