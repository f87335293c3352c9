//! Failures of every shape, from three runtimes and from plain threads.

mod failures;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

use failures::Shape;

/// Failures of a storm, from two threads at once.
const STORM: u64 = 20_000;
/// Between two failures of one worker.
const BREATH: Duration = Duration::from_millis(4);

/// What the load has caused: at least, since an error on its way up is one failure, and at most, since without words it
/// cannot be told from a new one.
#[derive(Default)]
struct Caused {
    least: AtomicU64,
    most: AtomicU64,
}

/// What all workers look at.
#[derive(Default)]
struct Shared {
    caused: Caused,
    pauses: AtomicBool,
    ends: AtomicBool,
    /// Storms so far.
    hour: AtomicU64,
    /// Workers that are failing right now.
    busy: AtomicUsize,
}

/// A turn of a worker: as long as it lives the load is not paused.
struct Turn<'a>(&'a Shared);

impl Shared {
    fn turn(&self) -> Option<Turn<'_>> {
        self.busy.fetch_add(1, Ordering::SeqCst);
        let turn = Turn(self);
        (!self.pauses.load(Ordering::SeqCst)).then_some(turn)
    }

    fn caused(&self, shape: Shape) {
        let (least, most) = shape.failures();
        self.caused.least.fetch_add(least, Ordering::AcqRel);
        self.caused.most.fetch_add(most, Ordering::AcqRel);
    }

    fn hour(&self) -> u64 {
        self.hour.load(Ordering::Relaxed)
    }

    fn ends(&self) -> bool {
        self.ends.load(Ordering::Acquire)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::SeqCst);
    }
}

pub(crate) struct Load {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

impl Load {
    pub(crate) fn start() -> Self {
        let shared = Arc::<Shared>::default();
        let several = |shared: Arc<Shared>| {
            let runtime = Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let tasks: Vec<_> = (0..3)
                    .map(|task| tokio::spawn(fails_as_task(Arc::clone(&shared), task)))
                    .collect();
                for task in tasks {
                    task.await.unwrap();
                }
            });
        };
        let one = |shared: Arc<Shared>| {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(fails_as_task(shared, 3));
        };
        let plain = |shared: Arc<Shared>| fails_as_thread(&shared);
        let jobs: [fn(Arc<Shared>); 4] = [several, one, one, plain];
        let workers = jobs.map(|job| {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || job(shared))
        });
        Self {
            shared,
            workers: workers.into(),
        }
    }

    /// Fails flat out, from two threads that end then.
    pub(crate) fn storm(&self) {
        self.shared.hour.fetch_add(1, Ordering::Relaxed);
        let threads = [0, 1].map(|_| {
            let shared = Arc::clone(&self.shared);
            std::thread::spawn(move || {
                let Some(_turn) = shared.turn() else { return };
                for n in 0..STORM / 2 {
                    let shape = Shape::of_storm(n);
                    shape.fail(n);
                    shared.caused(shape);
                }
            })
        });
        for thread in threads {
            thread.join().unwrap();
        }
    }

    /// Returns once nothing fails any more.
    pub(crate) fn pause(&self) {
        self.shared.pauses.store(true, Ordering::SeqCst);
        while self.shared.busy.load(Ordering::SeqCst) > 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    pub(crate) fn go_on(&self) {
        self.shared.pauses.store(false, Ordering::SeqCst);
    }

    /// What is wrong with this number of captured failures.
    pub(crate) fn disagrees_with(&self, captured: u64) -> Option<String> {
        let (least, most) = self.caused();
        let agrees = (least..=most).contains(&captured);
        (!agrees).then(|| format!("{captured} were captured of {least} to {most} that were caused"))
    }

    fn caused(&self) -> (u64, u64) {
        let Caused { least, most } = &self.shared.caused;
        (least.load(Ordering::Acquire), most.load(Ordering::Acquire))
    }

    /// Ends all workers. Says what they did.
    pub(crate) fn end(self) -> impl fmt::Display {
        self.shared.ends.store(true, Ordering::Release);
        let (least, most) = self.caused();
        for worker in self.workers {
            worker.join().unwrap();
        }
        format!("{least} to {most} failures")
    }
}

async fn fails_as_task(shared: Arc<Shared>, first: u64) {
    let mut n = first;
    while !shared.ends() {
        if let Some(_turn) = shared.turn() {
            let shape = Shape::of_task(shared.hour(), n);
            shape.fail_in_task(n).await;
            shared.caused(shape);
        }
        n += 1;
        sleep(BREATH).await;
    }
}

fn fails_as_thread(shared: &Shared) {
    let mut n = 0;
    while !shared.ends() {
        if let Some(_turn) = shared.turn() {
            let shape = Shape::of_thread(shared.hour(), n);
            shape.fail(n);
            shared.caused(shape);
        }
        n += 1;
        std::thread::sleep(BREATH);
    }
}
