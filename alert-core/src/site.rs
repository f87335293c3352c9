//! Constant facts about one annotated function.

use core::fmt;
use std::collections::HashSet;

use crate::Severity;
use crate::sync::{AtomicU64, Ordering};

/// The file of what has none.
const NOWHERE: &str = "(unknown)";

/// One annotated function: where it is, what it is called, how bad its failures are.
///
/// The attribute leaves one behind in a `static`; nothing of it is computed per call.
pub struct Site {
    function: &'static str,
    module: &'static str,
    file: &'static str,
    line: u32,
    column: u32,
    last_line: u32,
    severity: Severity,
    route: Option<&'static str>,
    runbook: Option<&'static str>,
    owner: Option<&'static str>,
    /// Failures of this function that found the channel full: counted here, told in its next message.
    /// Written by the failing threads, only ever grows.
    overflow: AtomicU64,
    /// How much of `overflow` the dispatcher has taken into its groups. Written by the dispatcher alone.
    overflow_taken: AtomicU64,
}

impl Site {
    /// Not public API: what the attribute writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        function: &'static str,
        module: &'static str,
        (file, line, column, last_line): (&'static str, u32, u32, u32),
        severity: Severity,
    ) -> Self {
        Self {
            function,
            module,
            file,
            line,
            column,
            last_line,
            severity,
            route: None,
            runbook: None,
            owner: None,
            overflow: AtomicU64::new(0),
            overflow_taken: AtomicU64::new(0),
        }
    }

    /// Not public API: what the attribute writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_route(mut self, route: &'static str) -> Self {
        self.route = Some(route);
        self
    }

    /// Not public API: what the attribute writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_runbook(mut self, runbook: &'static str) -> Self {
        self.runbook = Some(runbook);
        self
    }

    /// Not public API: what the attribute writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_owner(mut self, owner: &'static str) -> Self {
        self.owner = Some(owner);
        self
    }

    /// The `route = ".."` of its attribute: where its alerts go.
    #[must_use]
    pub const fn route(&self) -> Option<&'static str> {
        self.route
    }

    /// The `runbook = ".."` of its attribute: what to do when it fails.
    #[must_use]
    pub const fn runbook(&self) -> Option<&'static str> {
        self.runbook
    }

    /// The `owner = ".."` of its attribute: who looks after it.
    #[must_use]
    pub const fn owner(&self) -> Option<&'static str> {
        self.owner
    }

    /// Stands for failures of no one annotated function. It has no place in the source, and says so.
    pub(crate) const fn stand_in(function: &'static str, module: &'static str, severity: Severity) -> Self {
        Self::new(function, module, (NOWHERE, 0, 0, 0), severity)
    }

    /// The function's name, or the `name = ".."` of its attribute.
    #[must_use]
    pub const fn function(&self) -> &'static str {
        self.function
    }

    /// The module it is in, as `module_path!` says it.
    #[must_use]
    pub const fn module(&self) -> &'static str {
        self.module
    }

    /// The source file, as the compiler was given it.
    #[must_use]
    pub const fn file(&self) -> &'static str {
        self.file
    }

    /// The line of the function's name, from 1.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }

    /// The column of the function's name, from 1.
    #[must_use]
    pub const fn column(&self) -> u32 {
        self.column
    }

    /// The severity of its failures unless something says otherwise.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// Whether a source position lies inside this function.
    pub(crate) fn contains(&self, file: &str, line: u32) -> bool {
        self.file == file && (self.line..=self.last_line).contains(&line)
    }

    /// Whether a line lies inside this function, in a file that one of the two names from further up.
    pub(crate) fn spans(&self, file: &str, line: u32) -> bool {
        let same = self.file.ends_with(file) || file.ends_with(self.file);
        same && (self.line..=self.last_line).contains(&line)
    }

    /// Counts a failure for which the channel had no room.
    pub(crate) fn count_overflow(&self) {
        self.overflow.fetch_add(1, Ordering::Relaxed);
    }

    /// How many failures were counted by [`count_overflow`](Self::count_overflow) since the start.
    pub(crate) fn overflow(&self) -> u64 {
        self.overflow.load(Ordering::Relaxed)
    }

    /// What was counted since the dispatcher last took it.
    pub(crate) fn take_overflow(&self) -> u64 {
        let counted = self.overflow();
        counted.saturating_sub(self.overflow_taken.swap(counted, Ordering::Relaxed))
    }

    /// What makes two sites the same line of source.
    fn identity(&self) -> (&'static str, u32, u32, &'static str, &'static str) {
        (self.file, self.line, self.column, self.module, self.function)
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site")
            .field("function", &format_args!("{}::{}", self.module, self.function))
            .field("at", &format_args!("{}:{}:{}", self.file, self.line, self.column))
            .field("severity", &self.severity)
            .finish_non_exhaustive()
    }
}

// The linker gathers one for each annotated function in the program.
inventory::collect!(&'static Site);

/// Every site as the linker gathered it, in no order. A macro that repeats a function repeats its site.
pub(crate) fn registered() -> impl Iterator<Item = &'static Site> {
    inventory::iter::<&'static Site>.into_iter().copied()
}

/// Every annotated function linked into the program, each once, in the order of file, line and column.
///
/// The list is put together by the linker, so it is complete before any of them has run. On platforms
/// where `inventory` does not work it is empty, and alerts work all the same.
///
/// ```
/// for site in alert_core::sites() {
///     println!("{:<8} {}::{} at {}:{}", site.severity(), site.module(), site.function(), site.file(), site.line());
/// }
/// ```
pub fn sites() -> impl Iterator<Item = &'static Site> {
    let mut seen = HashSet::new();
    let mut all: Vec<_> = registered()
        .filter(|site| site.line > 0 && seen.insert(site.identity()))
        .collect();
    all.sort_unstable_by_key(|site| site.identity());
    all.into_iter()
}
