//! What the attribute says to the compiler: `pass` compiles without a warning, `fail` gives the messages beside it.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/**/*.rs");
    cases.compile_fail("fail/**/*.rs");
}
