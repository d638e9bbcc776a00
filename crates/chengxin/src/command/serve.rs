//! `chengxin serve`: pages and the API, with the jobs that run by themselves.

use clap::Args;
use courier::{Carrier, Courier};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing::Instrument as _;
use usecases::Cx;
use usecases::jobs::{JOBS, run as run_job};

use super::Failure;
use crate::config::Config;
use crate::door::Entry;
use crate::wiring::{App, restored_file};

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Bring the database up to date first.
    #[arg(long)]
    migrate: bool,
    /// Where to listen, instead of the configured address.
    #[arg(long)]
    listen: Option<std::net::SocketAddr>,
    /// Pages and API alone: nothing leaves this house and no job runs. For a look at a register that was put back.
    #[arg(long)]
    quiet: bool,
}

pub(crate) async fn run(config: &Config, command: &Serve) -> Result<(), Failure> {
    // Without it the first word about a certificate would be the end of us, and for systemd a clean one.
    let _hangup = signal(SignalKind::hangup())?;
    expect_ours(config, command.quiet)?;
    let carriers = crate::carriers::carriers(config)?;
    let entry = Entry::of(config)?;
    let identity = crate::issuer::provider(config, false)?;
    let app = App::open(config, command.migrate).await?;
    let listener = TcpListener::bind(command.listen.unwrap_or(config.listen)).await?;
    eprintln!("listening on {}://{}", entry.scheme(), listener.local_addr()?);
    if command.quiet {
        eprintln!("quiet: nothing leaves this house and no job runs");
    }
    let carriers = (!command.quiet).then_some(carriers);
    serve(app, listener, None, entry, carriers, identity).await
}

/// Refuses to go on by itself where a backup was put back: what waited then may have gone out since.
fn expect_ours(config: &Config, quiet: bool) -> Result<(), Failure> {
    let mark = restored_file(&config.data);
    if quiet || !mark.exists() {
        return Ok(());
    }
    // As a mistake in the configuration: it is still there five seconds later.
    Err(Failure::Usage(format!(
        "{} is there: this register was put back from a backup, and what waited to go out then would go out, perhaps \
         a second time. To look at it: `chengxin serve --quiet`. If it is the register from now on: do again what was \
         revoked and corrected since, then remove that file (operator guide, Restore)",
        mark.display()
    )))
}

/// Serves until the process is told to stop; what has begun is finished. Without `carriers`, not even none, nothing goes on
/// by itself.
pub(crate) async fn serve(
    app: App,
    listener: TcpListener,
    demo: Option<Vec<web::DemoAccount>>,
    entry: Entry,
    carriers: Option<Vec<Box<dyn Carrier>>>,
    identity: Option<identity::Provider>,
) -> Result<(), Failure> {
    let jobs = if carriers.is_some() { JOBS } else { &[] };
    let jobs: Vec<_> = jobs.iter().map(|job| tokio::spawn(every(app.cx.clone(), *job))).collect();
    let (stopping, stopped) = watch::channel(false);
    let courier = carriers.map(|carriers| Courier::new(app.cx.clone(), carriers));
    let courier = courier.map(|courier| tokio::spawn(courier.run(stopped)));
    let state = web::WebState::new(app.cx.clone(), demo, entry.https)
        .with_identity(identity)
        .with_door(entry.door)
        .with_machine(app.place.clone(), entry.certificates.clone());
    web::serve(listener, state, entry.certificates, told(stop(), stopping)).await?;
    for job in jobs {
        job.abort();
        // An aborted job gives up its context; what it had begun goes on at the next start.
        let _ = job.await;
    }
    // What is under way is brought to its end, so that it need not go out twice.
    if let Some(courier) = courier {
        courier.await.map_err(Failure::refused)?;
    }
    app.close().await
}

/// Waits for the word to stop and passes it on at once, so that the last parcels and the last requests end side by side.
async fn told(stop: impl Future<Output = ()> + Send, stopping: watch::Sender<bool>) {
    stop.await;
    stopping.send_replace(true);
}

async fn every(cx: Cx, job: usecases::jobs::Job) {
    let mut turns = tokio::time::interval(job.every);
    turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        let span = tracing::debug_span!(
            target: "traced",
            "job",
            otel.name = %format_args!("job {}", job.name),
            job = job.name,
            done = tracing::field::Empty,
        );
        let outcome = run_job(&cx, job.what).instrument(span.clone()).await;
        if let Ok(done) = &outcome {
            span.record("done", done);
            cx.job_done(job.name);
        }
        match outcome {
            Ok(0) => {}
            Ok(done) => tracing::info!(job = job.name, done, "job done"),
            Err(error) => {
                cx.job_failed(job.name);
                tracing::error!(job = job.name, %error, "job failed, tried again later");
            }
        }
    }
}

/// Waits until the process is told to stop.
pub(super) async fn stop() {
    let term = async {
        match signal(SignalKind::terminate()) {
            Ok(mut term) => {
                term.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = term => {}
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    /// Not after the last slow request: the service manager waits for both together.
    #[tokio::test]
    async fn the_courier_is_told_to_stop_at_once() {
        let (say, said) = oneshot::channel::<()>();
        let (stopping, mut stopped) = watch::channel(false);
        let word = async move {
            let _ = said.await;
        };
        let told = tokio::spawn(told(word, stopping));
        assert!(!*stopped.borrow());
        say.send(()).unwrap();
        told.await.unwrap();
        assert!(*stopped.borrow_and_update());
    }

    #[test]
    fn what_was_put_back_is_looked_at_before_anything_leaves_it() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config { data: dir.path().to_owned(), ..Config::default() };
        expect_ours(&config, false).unwrap();
        std::fs::write(restored_file(dir.path()), "").unwrap();
        let Err(Failure::Usage(says)) = expect_ours(&config, false) else { panic!() };
        assert!(says.contains("--quiet") && says.contains("remove that file"), "{says}");
        expect_ours(&config, true).unwrap();
    }
}
