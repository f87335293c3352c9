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

#[test]
fn what_is_written_is_read() {
    let spool = Spool::open(&directory("round"), "shop 中").unwrap();
    assert_eq!(spool.read(at(1_000_000)).unwrap(), []);
    spool.write(&[saved("charge"), saved("load")]).unwrap();
    assert_eq!(
        spool.read(at(1_000_001)).unwrap(),
        [saved("charge"), saved("load")]
    );
}

#[test]
fn what_is_older_than_a_day_is_left_out() {
    let spool = Spool::open(&directory("old"), "shop").unwrap();
    spool.write(&[saved("charge")]).unwrap();
    assert_eq!(spool.read(at(1_000_000 + 86_400)).unwrap().len(), 1);
    assert_eq!(spool.read(at(1_000_000 + 86_401)).unwrap(), []);
}

#[test]
fn a_file_that_is_not_one_is_put_aside() {
    let directory = directory("foreign");
    let spool = Spool::open(&directory, "shop").unwrap();
    fs::write(directory.join("alerts-shop.json"), b"{\"spool\":99}").unwrap();
    assert!(spool.read(at(0)).is_err());
    assert!(directory.join("alerts-shop.unreadable").exists());
    assert_eq!(spool.read(at(0)).unwrap(), []);
}

#[test]
fn a_spool_is_bounded() {
    let many: Vec<_> = (0..20_000).map(|n| saved(&format!("f{n}"))).collect();
    let bytes = render(&many);
    assert!(bytes.len() <= MAX_BYTES);
    assert!(!parse(&bytes, at(1_000_000)).unwrap().is_empty());
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange_to_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _any = parse(&bytes, at(1_000_000));
    }

    #[test]
    fn a_damaged_spool_is_read_or_refused(cut in 0usize..600, flip in 0usize..600) {
        let mut bytes = render(&[saved("charge")]);
        bytes.truncate(cut);
        if let Some(byte) = bytes.get_mut(flip) {
            *byte ^= 0x20;
        }
        let _any = parse(&bytes, at(1_000_000));
    }
}
