//! `chengxin serve`: pages and the API, with the jobs that run by themselves.

use clap::Args;
use courier::{Carrier, Courier};
use tokio::net::TcpListener;
use usecases::Cx;
use usecases::jobs::{JOBS, run as run_job};

use super::Failure;
use crate::config::Config;
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
    let app = App::open(config, command.migrate).await?;
    let listener = TcpListener::bind(command.listen.unwrap_or(config.listen)).await?;
    eprintln!("listening on http://{}", listener.local_addr()?);
    serve(app, listener, None, config.https, carriers).await
}

/// Serves until the process is told to stop; what has begun is finished.
pub(crate) async fn serve(
    app: App,
    listener: TcpListener,
    demo: Option<Vec<web::DemoAccount>>,
    https: bool,
    carriers: Vec<Box<dyn Carrier>>,
) -> Result<(), Failure> {
    let jobs: Vec<_> = JOBS.iter().map(|job| tokio::spawn(every(app.cx.clone(), *job))).collect();
    let (stop_courier, stopped) = tokio::sync::watch::channel(false);
    let courier = Courier::new(app.cx.clone(), carriers);
    let courier = tokio::spawn(courier.run(stopped));
    let state = web::WebState::new(app.cx.clone(), demo, https);
    web::serve(listener, state, stop()).await?;
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
        match run_job(&cx, job.what).await {
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
