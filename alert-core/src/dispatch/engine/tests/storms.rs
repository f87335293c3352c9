//! Many kinds at once: few messages, none refused, every kind covered, and a word when it is over.

use super::*;
use crate::Severity;

/// A DingTalk robot's vendor: more than twenty within a minute, and it refuses for ten.
#[derive(Default)]
struct Vendor {
    taken: Vec<Instant>,
    frozen_until: Option<Instant>,
    refusals: usize,
}

impl Vendor {
    fn answer(&mut self, now: Instant) -> Delivery {
        self.taken
            .retain(|at| now.duration_since(*at) < Duration::from_secs(60));
        if self.taken.len() >= 20 {
            self.frozen_until = Some(now + Duration::from_secs(600));
        }
        if self.frozen_until.is_some_and(|until| now < until) {
            self.refusals += 1;
            return throttled();
        }
        self.taken.push(now);
        Delivery::Accepted
    }
}

#[cfg(feature = "dingtalk")]
#[test]
fn a_storm_of_five_hundred_kinds_never_freezes_the_robot_and_covers_every_kind_within_a_minute() {
    let robot = Robot::dingtalk("https://oapi.dingtalk.com/robot/send?access_token=0123");
    let mut bench = bench_with(Config::new("shop").robot(robot));
    let (mut vendor, mut panic_told_after, mut covered) = (Vendor::default(), None, HashMap::new());
    for second in 0..600_u64 {
        for number in (0..500).filter(|number| (second + number) % 20 == 0) {
            let (site, text) = kind(usize::try_from(number).unwrap());
            bench.fail(site, &text);
        }
        if second == 300 {
            bench.fail(&DEPOT, "a panic in the middle");
        }
        let now = bench.now;
        bench.step(|_| vendor.answer(now));
        for digest in &bench.messages[0] {
            for group in digest.groups() {
                covered.entry(group.fingerprint()).or_insert(second);
                if group.message() == "a panic in the middle" && panic_told_after.is_none() {
                    panic_told_after = Some(second - 300);
                }
            }
        }
        bench.audit();
        bench.wait(Duration::from_secs(1));
    }
    assert_eq!(vendor.refusals, 0);
    assert!(
        bench.messages[0].len() <= 14,
        "{} messages",
        bench.messages[0].len()
    );
    assert!(
        panic_told_after.is_some_and(|after| after <= 3),
        "{panic_told_after:?}"
    );
    // Each kind fails for the first time within the first 20 seconds.
    assert_eq!(covered.len(), 501);
    let in_time = covered.values().filter(|second| **second <= 80).count();
    assert_eq!(
        in_time, 500,
        "every kind within a minute, and the panic later: {covered:?}"
    );
    bench.engine.hurry(bench.now, false);
    bench.wait(Duration::from_secs(61));
    let now = bench.now;
    bench.step(|_| vendor.answer(now));
    assert_eq!(
        bench.stats().delivered(),
        bench.absorbed,
        "and every failure is in some message's count"
    );
}

/// A real inbox, as strict as the vendor: twenty a minute, and ten minutes of refusal after that.
#[cfg(all(feature = "inbox", feature = "dingtalk", feature = "http"))]
#[tokio::test]
async fn a_storm_of_five_hundred_kinds_is_never_refused_by_a_strict_inbox() {
    use crate::inbox::Inbox;
    use crate::transport::{Http, Transport};

    let inbox = Inbox::bind("127.0.0.1:0").await.unwrap();
    inbox.clock().pause();
    let chat = inbox.dingtalk().secret("SEC0123");
    let team = Robot::dingtalk(chat.url()).secret("SEC0123");
    let mut bench = bench_with(Config::new("shop").robot(team.clone()));
    let http = Http::new(Duration::from_secs(5), Duration::from_secs(5));
    let formatter = team.robot_kind().formatter();
    for second in 0..600_usize {
        for number in (0..500).filter(|number| (second + number) % 20 == 0) {
            let (site, text) = kind(number);
            bench.fail(site, &text);
        }
        if second == 300 {
            bench.fail(&DEPOT, "a panic in the middle");
        }
        loop {
            bench.engine.set_clock(bench.now, inbox.clock().now());
            let Some(Outgoing { digest, form, .. }) = bench.engine.step(bench.now).pop() else {
                break;
            };
            let request = formatter
                .format(&digest, &team, form, inbox.clock().now())
                .unwrap();
            let reply = http.send(request).await.unwrap();
            bench.engine.answered(0, &formatter.read(&reply), bench.now);
        }
        if second == 303 {
            let told = chat
                .accepted()
                .iter()
                .any(|message| message.text().contains("a panic in the middle"));
            assert!(told, "told within three seconds");
        }
        bench.wait(Duration::from_secs(1));
        inbox.clock().advance(Duration::from_secs(1));
    }
    assert_eq!(chat.refused().len(), 0);
    assert!(chat.accepted().len() <= 14, "{} messages", chat.accepted().len());
    assert_eq!(bench.stats().delivered() + bench.engine.pending(), bench.absorbed);
}

/// So many kinds at once, each as often as its number says.
fn storm_of(bench: &mut Bench, kinds: usize) {
    for number in 0..kinds {
        let (site, text) = kind(number);
        for _ in 0..=number {
            bench.fail(site, &text);
        }
    }
}

#[test]
fn three_calm_minutes_after_the_last_storm_message_its_end_is_told_once_with_its_worst_kinds() {
    let mut bench = Bench::new(1);
    storm_of(&mut bench, 30);
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    assert_eq!(bench.messages[0].last().unwrap().kind(), DigestKind::Storm);
    let told_at = bench.now;
    bench.wait(Duration::from_millis(179_900));
    bench.step(|_| unreachable!("it may go on"));
    bench.now = told_at + Duration::from_secs(180);
    assert_eq!(
        bench.engine.next_due(bench.now),
        Some(bench.now),
        "the loop wakes for it"
    );
    bench.step(accept);
    let end = Arc::clone(bench.messages[0].last().unwrap());
    let over = end.over().expect("the storm is over");
    assert_eq!(
        (end.kind(), over.kinds(), over.failures()),
        (DigestKind::Quiet, 30, 465)
    );
    assert_eq!(
        (end.groups().len(), end.unlisted().groups(), end.delta()),
        (10, 20, 0)
    );
    assert_eq!(end.groups()[0].total(), 30, "the worst first");
    bench.audit();
    bench.wait(Duration::from_secs(300));
    bench.step(|_| unreachable!("and once"));
}

#[test]
fn a_storm_that_goes_on_is_not_over_and_its_end_is_told_again_if_it_was_not_taken() {
    let mut bench = Bench::new(1);
    for _ in 0..5 {
        storm_of(&mut bench, 30);
        bench.wait(Duration::from_secs(120));
        bench.step(accept);
    }
    assert!(bench.messages[0].iter().all(|digest| digest.over().is_none()));
    bench.wait(Duration::from_secs(180));
    bench.step(|_| refused());
    bench.wait(Duration::from_secs(60));
    bench.step(accept);
    assert!(bench.messages[0].iter().any(|digest| digest.over().is_some()));
    bench.audit();
}

#[test]
fn new_kinds_that_follow_each_other_within_a_second_share_a_message() {
    let mut bench = Bench::new(1);
    for number in 0..8 {
        let (site, text) = kind(number);
        bench.fail(site, &text);
        bench.wait(Duration::from_millis(100));
        bench.step(|_| unreachable!("a first message waits for others"));
    }
    bench.wait(Duration::from_millis(199));
    bench.step(|_| unreachable!("for a second"));
    bench.wait(Duration::from_millis(1));
    bench.step(accept);
    assert_eq!(bench.messages[0].len(), 1);
    assert_eq!(bench.messages[0][0].groups().len(), 8);
    // One that is as good as new has to show its whole way yet.
    let mut bench = Bench::new(1);
    bench.fail(&SHOP, "no ink");
    bench.wait(Duration::from_millis(900));
    bench.fail(&DESK, "no stock");
    bench.wait(Duration::from_millis(100));
    bench.step(accept);
    assert_eq!(bench.messages[0].len(), 1);
    assert_eq!(bench.messages[0][0].groups().len(), 1);
}

#[test]
fn ten_kinds_are_no_storm_and_eleven_are() {
    for (kinds, expected) in [(10, DigestKind::First), (11, DigestKind::Storm)] {
        let mut bench = Bench::new(1);
        for number in 0..kinds {
            let (site, text) = kind(number);
            bench.fail(site, &text);
        }
        bench.wait(Duration::from_secs(2));
        bench.step(accept);
        assert_eq!(bench.messages[0][0].kind(), expected, "{kinds}");
        bench.wait(Duration::from_secs(200));
        bench.step(accept);
        let over = bench.messages[0].iter().any(|digest| digest.over().is_some());
        assert_eq!(over, kinds == 11, "{kinds}");
    }
}

/// One cause makes two hundred functions fail at once, each of them severely.
#[cfg(feature = "dingtalk")]
#[test]
fn a_storm_of_severe_kinds_is_few_messages_too() {
    let robot = Robot::dingtalk("https://oapi.dingtalk.com/robot/send?access_token=0123");
    let mut bench = bench_with(Config::new("shop").robot(robot));
    let (mut vendor, mut covered) = (Vendor::default(), HashMap::new());
    for second in 0..600_u64 {
        for number in (0..200).filter(|number| (second + number) % 5 == 0) {
            let (site, text) = kind(usize::try_from(number).unwrap());
            bench.fail_with(site, &text, |event| event.severity = Severity::Critical);
        }
        let now = bench.now;
        bench.step(|_| vendor.answer(now));
        for group in bench.messages[0].iter().flat_map(|digest| digest.groups()) {
            covered.entry(group.fingerprint()).or_insert(second);
        }
        bench.audit();
        bench.wait(Duration::from_secs(1));
    }
    assert_eq!(vendor.refusals, 0);
    let messages = bench.messages[0].len();
    assert!(messages <= 25, "{messages} messages in ten minutes");
    assert_eq!(covered.len(), 200);
    assert!(covered.values().all(|second| *second <= 60), "{covered:?}");
}
