//! `chengxin log`: head, verification, proofs.

use std::path::PathBuf;

use clap::Subcommand;
use ledger::ProofFile;
use serde_json::json;

use super::{Failure, print};
use crate::config::Config;
use crate::wiring::{App, witness};

#[derive(Debug, Subcommand)]
pub(crate) enum Log {
    /// The newest signed head.
    Head {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Walk through the whole log; exits 1 and names the first bad position if anything was touched.
    Verify {
        /// Compare entries with their leaves from this position on only.
        #[arg(long, default_value_t = 0)]
        since: u64,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Prove that a position is in the log.
    Proof {
        /// Position, from 0.
        seq: u64,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check a proof that a person downloaded; needs neither database nor keys.
    VerifyProof {
        /// The file.
        file: PathBuf,
    },
}

pub(crate) async fn run(config: &Config, command: &Log) -> Result<(), Failure> {
    if let Log::VerifyProof { file } = command {
        return verify_proof(file);
    }
    let app = App::open(config, false).await?;
    let outcome = with(&app, config, command).await;
    app.close().await?;
    outcome
}

async fn with(app: &App, config: &Config, command: &Log) -> Result<(), Failure> {
    let operator = usecases::account::operator(None);
    match command {
        Log::Head { json } => {
            let head = usecases::log::head(&app.cx).await?;
            let (head, signature, key) = (head.head, head.signature, head.public_key);
            if *json {
                print(json!({
                    "log": head.log, "size": head.size, "root": hex::encode(head.root.0),
                    "hash": head.kind.name(), "at_ms": head.at_ms,
                    "signature": hex::encode(signature), "public_key": key,
                }));
            } else {
                print(format!("log  {}\nsize {}", head.log, head.size));
                print(format!("root {} ({})", hex::encode(head.root.0), head.kind.name()));
                print(format!("key  {key}\nsignature {}", hex::encode(signature)));
            }
            Ok(())
        }
        Log::Verify { since, json } => {
            let path = witness(config);
            let seen = usecases::log::Witness::read(&path)?;
            let is_remembered = seen.is_some();
            let bar = super::intake::bar("核验存证");
            let found = usecases::log::verify(&app.cx, &operator, *since, seen, |at, of| {
                bar.set_length(of);
                bar.set_position(at);
            })
            .await?;
            bar.finish_and_clear();
            if found.size > 0 && !is_remembered {
                let path = path.display();
                eprintln!("note: without {path}, a log cut off at its end would not be noticed");
            }
            if *json {
                print(serde_json::to_string(&found).map_err(Failure::refused)?);
            } else if found.fault.is_none() {
                print(format!("intact: {} entries, root {}", found.size, found.root));
            }
            match found.fault {
                None => Ok(()),
                Some(fault) => Err(Failure::Refused(format!(
                    "the log was touched: first bad position {}: {}",
                    fault.seq, fault.what
                ))),
            }
        }
        Log::Proof { seq, json } => {
            let proof = usecases::log::inclusion(&app.cx, &operator, *seq)
                .await
                .map_err(|_| Failure::Refused(format!("there is no position {seq} in the log")))?;
            if *json {
                print(serde_json::to_string(&proof).map_err(Failure::refused)?);
            } else {
                print(format!("position {} of {}\nleaf {}", proof.seq, proof.size, proof.leaf));
                proof.proof.iter().for_each(|hash| print(format!("  {hash}")));
                print(format!("root {}", proof.root));
            }
            Ok(())
        }
        Log::VerifyProof { .. } => Ok(()),
    }
}

fn verify_proof(file: &std::path::Path) -> Result<(), Failure> {
    let text = std::fs::read_to_string(file)?;
    let proof: ProofFile = serde_json::from_str(&text)
        .map_err(|_| Failure::Refused("这不是查询存证的证明文件。".to_owned()))?;
    proof
        .check(|key, message, signature| {
            key.parse().is_ok_and(|key| vault::verify(&key, message, signature).is_ok())
        })
        .map_err(|fault| Failure::Refused(format!("证明不成立：{fault}")))?;
    for (name, value) in proof.entry.iter().filter(|(_, value)| !value.is_empty()) {
        print(format!("{name:8} {value}"));
    }
    print(format!("证明成立：第 {} 条查询登记在存证里（共 {} 条）。", proof.seq, proof.size));
    print(format!("签名公钥 {}，请与公布的公钥核对。", proof.public_key));
    Ok(())
}
