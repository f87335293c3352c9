use super::*;

fn spool(name: &str) -> Spool {
    let directory = std::env::temp_dir().join(format!("alert-marker-{}-{name}", std::process::id()));
    let _gone = fs::remove_dir_all(&directory);
    Spool::open(&directory, "shop").unwrap()
}

fn run(started: u64) -> Run {
    Run {
        pid: 1,
        started: SystemTime::UNIX_EPOCH + Duration::from_secs(started),
        release: Some("1.4.2".to_owned()),
    }
}

/// What a killed process leaves: the file stays, the lock does not.
fn kill(marker: Marker) {
    marker.closed.store(true, Ordering::Relaxed);
    drop(marker);
}

fn ended(spool: &Spool) -> Vec<Ended> {
    spool.ended(|error| panic!("{error}"))
}

fn runs(spool: &Spool) -> Vec<Option<Run>> {
    let ended = ended(spool);
    ended.iter().map(|ended| ended.run.clone()).collect()
}

#[test]
fn a_run_that_was_killed_is_told_until_it_is_forgotten() {
    let spool = spool("killed");
    kill(spool.mark(&run(200)).unwrap());
    kill(spool.mark(&run(100)).unwrap());
    assert_eq!(runs(&spool), [Some(run(100)), Some(run(200))]);
    ended(&spool).into_iter().for_each(Ended::forget);
    assert_eq!(runs(&spool), []);
}

#[test]
fn a_run_that_closed_leaves_nothing() {
    let spool = spool("closed");
    let marker = spool.mark(&run(100)).unwrap();
    marker.close();
    assert_eq!(fs::read_dir(spool.path.parent().unwrap()).unwrap().count(), 0);
    // Of another run by now: what was closed once is not closed again.
    let next = spool.mark(&run(100)).unwrap();
    marker.close();
    drop(marker);
    kill(next);
    assert_eq!(runs(&spool), [Some(run(100))]);
}

/// Whatever its number is: in containers each has number 1.
#[test]
fn a_run_that_lives_is_no_ended_one() {
    let spool = spool("alive");
    let living = spool.mark(&run(100)).unwrap();
    assert_eq!(runs(&spool), []);
    kill(living);
    assert_eq!(runs(&spool), [Some(run(100))]);
}

#[test]
fn of_two_that_start_at_once_one_tells() {
    let spool = spool("race");
    kill(spool.mark(&run(100)).unwrap());
    let first = ended(&spool);
    assert_eq!(first.len(), 1);
    assert_eq!(runs(&spool), [], "the other is about to tell");
    drop(first);
    assert_eq!(runs(&spool), [Some(run(100))], "and died of it");
}

#[test]
fn each_service_asks_for_its_own_runs() {
    let shop = spool("services");
    let till = Spool::open(shop.path.parent().unwrap(), "till").unwrap();
    kill(till.mark(&run(100)).unwrap());
    assert_eq!(runs(&shop), []);
    assert_eq!(runs(&till), [Some(run(100))]);
}

#[test]
fn a_file_that_was_not_written_to_its_end_is_a_run_of_which_nothing_is_known() {
    let spool = spool("cut");
    for (at, text) in ["", "{\"alive\":1,", "[]", "{\"pid\":-1,\"started\":1e99}"]
        .iter()
        .enumerate()
    {
        let path = spool.path.with_extension(format!("{at}.{EXTENSION}"));
        fs::write(&path, text).unwrap();
        assert_eq!(runs(&spool), [None], "{text}");
        fs::remove_file(path).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_directory_that_takes_no_file_is_an_error_and_leaves_nothing() {
    let spool = spool("gone");
    fs::remove_dir_all(spool.path.parent().unwrap()).unwrap();
    assert!(spool.mark(&run(100)).is_err());
    let mut errors = Vec::new();
    assert_eq!(spool.ended(|error| errors.push(error)).len(), 0);
    assert_eq!(errors.len(), 1);
}

#[test]
fn what_cannot_be_read_is_said_and_silences_no_other() {
    let spool = spool("unreadable");
    kill(spool.mark(&run(100)).unwrap());
    fs::create_dir(spool.path.with_extension(format!("a.{EXTENSION}"))).unwrap();
    let mut errors = Vec::new();
    let ended = spool.ended(|error| errors.push(error));
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0].run, Some(run(100)));
    assert_eq!(errors.len(), 1);
}
