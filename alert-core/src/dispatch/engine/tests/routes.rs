//! Which robots hear of a failure, and by which policy.

use super::*;
use crate::Severity;
use crate::config::{Matcher, Policy, Route};
use crate::digest::Digest;
use crate::event::Event;

#[test]
fn a_route_leads_to_its_robots_and_the_rest_goes_everywhere() {
    let mut bench = bench_with(
        Config::new("shop")
            .robot(robot("on-call"))
            .robot(robot("team"))
            .route(Route::new(Matcher::all().module("depot")).to("on-call")),
    );
    bench.fail(&DEPOT, "disk is gone");
    bench.fail(&SHOP, "no ink");
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    let told = |robot: usize| {
        bench.messages[robot]
            .iter()
            .map(|digest| digest.delta())
            .sum::<u64>()
    };
    assert_eq!((told(0), told(1)), (2, 1));
    assert_eq!(bench.engine.pending(), 0);
}

#[test]
fn a_route_may_have_a_policy_of_its_own() {
    let mut bench = bench_with(
        Config::new("shop")
            .robot(robot("team"))
            .route(Route::new(Matcher::all().module("shop")).policy(Policy::digest_only())),
    );
    bench.fail(&SHOP, "no ink");
    bench.wait(Duration::from_secs(599));
    bench.step(|_| unreachable!("too soon"));
    bench.wait(Duration::from_secs(1));
    bench.step(accept);
    assert_eq!(bench.messages[0].len(), 1);
}

#[test]
fn a_kind_that_turns_critical_goes_at_once_and_to_whom_that_concerns() {
    let critical = Matcher::all().severity(Severity::Critical);
    let warning = Route::new(Matcher::all()).to("team");
    let config = Config::new("shop").robot(robot("team")).robot(robot("on-call"));
    let mut bench = bench_with(
        config
            .route(Route::new(critical).to("on-call").and_more())
            .route(warning),
    );
    let fail = |bench: &mut Bench, severity| {
        let mut event = Event::without_detail(&SHOP, bench.now);
        event.severity = severity;
        let _hop = bench.engine.absorb(event);
        bench.absorbed += 1;
    };
    fail(&mut bench, Severity::Warning);
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    assert_eq!((bench.messages[0].len(), bench.messages[1].len()), (1, 0));
    bench.wait(Duration::from_secs(2));
    fail(&mut bench, Severity::Critical);
    bench.step(accept);
    assert_eq!((bench.messages[0].len(), bench.messages[1].len()), (2, 1));
    bench.audit();
}

/// Failures told to each robot.
fn told(bench: &Bench) -> Vec<u64> {
    let sum = |told: &Vec<Arc<Digest>>| told.iter().map(|digest| digest.delta()).sum();
    bench.messages.iter().map(sum).collect()
}

#[test]
fn each_failure_of_one_kind_goes_its_own_way_by_field_and_by_words() {
    let to = |matcher: Matcher, name: &str| Route::new(matcher).to(name);
    let mut bench = bench_with(
        Config::new("shop")
            .robot(robot("acme"))
            .robot(robot("globex"))
            .robot(robot("rest"))
            .route(to(Matcher::all().field("tenant", "acme"), "acme"))
            .route(to(Matcher::all().field("tenant", "globex"), "globex"))
            .route(to(Matcher::all().says("order 4711 "), "acme"))
            .route(to(Matcher::all(), "rest")),
    );
    let fail = |bench: &mut Bench, tenant: &str| {
        bench.fail_with(&SHOP, "no ink", |event| {
            event.details.field("tenant", format_args!("{tenant}"));
        });
    };
    for (tenant, times) in [("acme", 3), ("globex", 2), ("initech", 4)] {
        (0..times).for_each(|_| fail(&mut bench, tenant));
    }
    // One kind by its words, since a number is a value.
    bench.fail(&SHOP, "order 4711 is lost");
    bench.fail(&SHOP, "order 4712 is lost");
    for _ in 0..100 {
        bench.wait(Duration::from_secs(30));
        bench.step(accept);
    }
    assert_eq!(told(&bench), [4, 2, 5]);
    let one = |robot: usize| bench.messages[robot][0].groups()[0].fingerprint();
    assert_eq!(one(0), one(1), "the same kind wherever it goes");
    assert_eq!(bench.stats().delivered(), bench.absorbed);
}

#[test]
fn an_error_that_turns_out_critical_on_its_way_up_is_told_to_whom_that_concerns() {
    let critical = Route::new(Matcher::all().severity(Severity::Critical))
        .to("on-call")
        .and_more();
    let rest = Route::new(Matcher::all()).to("team");
    let config = Config::new("shop").robot(robot("team")).robot(robot("on-call"));
    let mut bench = bench_with(config.route(critical).route(rest));
    bench.fail_with(&SHOP, "no ink", |event| event.context.incident = 7);
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    assert_eq!((bench.messages[0].len(), bench.messages[1].len()), (1, 0));
    let mut hop = Event::without_detail(&DEPOT, bench.now);
    (hop.context.incident, hop.context.is_hop) = (7, true);
    assert!(bench.engine.absorb(hop).is_none());
    bench.step(accept);
    assert_eq!(
        told(&bench),
        [1, 1],
        "once each, and to the team once more as critical"
    );
    assert_eq!((bench.messages[0].len(), bench.messages[1].len()), (2, 1));
    bench.audit();
}

#[test]
fn one_function_may_have_a_policy_of_its_own() {
    let each = Route::new(Matcher::all().module("shop").function("charge")).policy(Policy::each());
    let mut bench = bench_with(Config::new("shop").robot(robot("team")).route(each));
    for _ in 0..4 {
        bench.fail(&SHOP, "no ink");
        bench.fail(&DESK, "no stock");
        bench.wait(Duration::from_millis(1_100));
        bench.step(accept);
    }
    let of = |function: &str| {
        let told = bench.messages[0].iter().flat_map(|digest| digest.groups());
        told.filter(|group| group.place().function() == function).count()
    };
    assert_eq!((of("charge"), of("sell")), (4, 1));
}
