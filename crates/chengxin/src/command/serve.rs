//! `chengxin serve`: pages and the API, with the jobs that run by themselves.

use clap::Args;
use courier::{Carrier, Courier};
use tokio::net::TcpListener;
use tracing::Instrument as _;
use usecases::Cx;
use usecases::jobs::{JOBS, run as run_job};

use super::Failure;
use crate::config::Config;
use crate::door::Entry;
use crate::wiring::App;

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Bring the database up to date first.
    #[arg(long)]
    migrate: bool,
    /// Where to listen, instead of the configured address.
    #[arg(long)]
    listen: Option<std::net::SocketAddr>,
}

pub(crate) async fn run(config: &Config, command: &Serve) -> Result<(), Failure> {
    let carriers = crate::carriers::carriers(config)?;
    let entry = Entry::of(config)?;
    let identity = crate::issuer::provider(config, false)?;
    let app = App::open(config, command.migrate).await?;
    let listener = TcpListener::bind(command.listen.unwrap_or(config.listen)).await?;
    eprintln!("listening on {}://{}", entry.scheme(), listener.local_addr()?);
    serve(app, listener, None, entry, carriers, identity).await
}

/// Serves until the process is told to stop; what has begun is finished.
pub(crate) async fn serve(
    app: App,
    listener: TcpListener,
    demo: Option<Vec<web::DemoAccount>>,
    entry: Entry,
    carriers: Vec<Box<dyn Carrier>>,
    identity: Option<identity::Provider>,
) -> Result<(), Failure> {
    let jobs: Vec<_> = JOBS.iter().map(|job| tokio::spawn(every(app.cx.clone(), *job))).collect();
    let (stop_courier, stopped) = tokio::sync::watch::channel(false);
    let courier = Courier::new(app.cx.clone(), carriers);
    let courier = tokio::spawn(courier.run(stopped));
    let state = web::WebState::new(app.cx.clone(), demo, entry.https)
        .with_identity(identity)
        .with_door(entry.door);
    web::serve(listener, state, entry.certificates, stop()).await?;
    for job in jobs {
        job.abort();
        // An aborted job gives up its context; what it had begun goes on at the next start.
        let _ = job.await;
    }
    // What is under way is brought to its end, so that it need not go out twice.
    let _ = stop_courier.send(true);
    courier.await.map_err(Failure::refused)?;
    app.close().await
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
            Err(error) => tracing::error!(job = job.name, %error, "job failed, tried again later"),
        }
    }
}

/// Waits until the process is told to stop.
pub(super) async fn stop() {
    let term = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
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
