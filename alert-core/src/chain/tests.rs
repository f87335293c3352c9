use super::write::MAX_LINK_BYTES;
use super::*;

#[derive(Debug)]
struct Link(&'static str, Option<Box<Link>>);

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Link {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|link| link as &dyn Error)
    }
}

fn described(error: &dyn Error) -> Description {
    let mut description = Description::default();
    description.chain(error);
    description
}

#[test]
fn links_come_outermost_first() {
    let error = Link(
        "load order",
        Some(Box::new(Link("query", Some(Box::new(Link("refused", None)))))),
    );
    assert_eq!(
        described(&error).links().collect::<Vec<_>>(),
        ["load order", "query", "refused"]
    );
}

#[test]
fn a_chain_of_ten_thousand_is_cut_and_says_so() {
    let mut error = Link("root", None);
    for _ in 0..10_000 {
        error = Link("outer", Some(Box::new(error)));
    }
    let description = described(&error);
    assert_eq!(description.links().count(), MAX_LINKS);
    assert!(description.is_cut());
    // Dropped link by link: the recursive drop of 10,000 boxes would end the stack, not the test.
    let mut next = Some(Box::new(error));
    while let Some(mut link) = next {
        next = link.1.take();
    }
}

#[test]
fn a_huge_message_is_cut_on_a_character_boundary() {
    struct Endless;
    impl fmt::Display for Endless {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            for _ in 0..50_000_000 {
                f.write_str("订单")?;
            }
            Ok(())
        }
    }
    let mut description = Description::default();
    description.link(&Endless);
    assert!(description.is_cut());
    let kept = description.links().next().unwrap();
    assert!(
        kept.len() <= MAX_LINK_BYTES && kept.len() > MAX_LINK_BYTES - 3,
        "{}",
        kept.len()
    );
}

#[test]
fn a_display_that_reports_an_error_keeps_what_it_wrote() {
    struct GivesUp;
    impl fmt::Display for GivesUp {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("as far as it got")?;
            Err(fmt::Error)
        }
    }
    let mut description = Description::default();
    description.link(&GivesUp);
    assert_eq!(description.links().collect::<Vec<_>>(), ["as far as it got"]);
}

#[test]
fn what_panics_on_the_way_leaves_the_links_before_it_whole() {
    #[derive(Debug)]
    struct Trap(&'static str, Option<Box<Trap>>);
    impl fmt::Display for Trap {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)?;
            assert!(self.0 != "half a", "the Display panics");
            Ok(())
        }
    }
    impl Error for Trap {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            assert!(self.0 != "the source panics");
            self.1.as_deref().map(|link| link as &dyn Error)
        }
    }
    let links = |error: &Trap| {
        let mut description = Description::default();
        let describe = std::panic::AssertUnwindSafe(|| description.chain(error));
        assert!(std::panic::catch_unwind(describe).is_err());
        description.write_link(format_args!(" message"));
        description.links().map(str::to_owned).collect::<Vec<_>>()
    };
    let inner = Trap("half a", None);
    assert_eq!(
        links(&Trap("whole", Some(Box::new(inner)))),
        ["whole", "half a message"]
    );
    assert_eq!(
        links(&Trap("the source panics", None)),
        ["the source panics", " message"]
    );
}
