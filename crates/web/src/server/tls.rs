//! TLS in this process 传输加密: one certificate, read anew when its files change.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use thiserror::Error;
use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::TlsAcceptor;

use super::validity;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(30);

/// What the two files hold.
pub struct Pem {
    /// The certificate, and those between it and the root after it.
    pub certificate: Vec<u8>,
    /// Its private key.
    pub key: Vec<u8>,
}

/// Reads the two files; whoever gives it looks at their rights.
pub type ReadPem = Box<dyn Fn() -> Result<Pem, String> + Send + Sync>;

/// Why a certificate cannot be used.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{0}")]
    Read(String),
    /// No certificate is in the file.
    #[error("tls_certificate: no certificate in PEM is in it (-----BEGIN CERTIFICATE-----)")]
    Certificate,
    /// No key is in the file.
    #[error(
        "tls_key: no private key in PEM is in it (-----BEGIN PRIVATE KEY-----), or it asks for a password"
    )]
    Key,
    /// They do not belong together, or the kind of key is not known.
    #[error("tls_certificate and tls_key do not fit: {0}")]
    Unfit(rustls::Error),
}

/// The certificate that is shown now, and how to get the next one.
#[derive(Clone)]
pub struct Certificates(Arc<Inner>);

struct Inner {
    read: ReadPem,
    shown: Arc<Shown>,
    /// What the files held when they were last looked at, good or bad.
    seen: Mutex<u64>,
}

#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Certificates {
    /// Reads the files for the first time.
    ///
    /// # Errors
    /// They cannot be read, or do not fit.
    pub fn open(read: ReadPem) -> Result<Self, TlsError> {
        let pem = read().map_err(TlsError::Read)?;
        let shown = Arc::new(Shown(RwLock::new(Arc::new(certified(&pem)?))));
        Ok(Self(Arc::new(Inner { read, shown, seen: Mutex::new(mark(&pem)) })))
    }

    /// Reads the files again; whether another certificate is shown from now on. What is bad is said once and the old
    /// one stays.
    ///
    /// # Errors
    /// They cannot be read, or do not fit.
    pub fn reload(&self) -> Result<bool, TlsError> {
        let pem = (self.0.read)().map_err(TlsError::Read)?;
        let new = mark(&pem);
        {
            let mut seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if *seen == new {
                return Ok(false);
            }
            *seen = new;
        }
        let certified = Arc::new(certified(&pem)?);
        *self.0.shown.0.write().unwrap_or_else(PoisonError::into_inner) = certified;
        Ok(true)
    }

    /// Until when the certificate that is shown now holds; `None` if that cannot be read.
    #[must_use]
    pub fn ends_at(&self) -> Option<Timestamp> {
        let shown = self.0.shown.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        shown.cert.first().and_then(|certificate| validity::ends_at(certificate))
    }

    /// What greets a connection: TLS 1.2 and 1.3, then HTTP/1.1.
    pub(super) fn acceptor(&self) -> Result<TlsAcceptor, rustls::Error> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(self.0.shown.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// Looks at the files every half minute, and at once on SIGHUP, for as long as it is polled.
    pub(super) async fn tend(self) {
        let mut hangup = signal(SignalKind::hangup()).ok();
        loop {
            let told = async {
                match &mut hangup {
                    Some(hangup) => hangup.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = told => {}
                () = tokio::time::sleep(LOOK) => {}
            }
            match self.reload() {
                Ok(true) => tracing::info!("another TLS certificate is shown from now on"),
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "the TLS certificate stays as it was"),
            }
        }
    }
}

/// A mark by which a change is seen.
fn mark(pem: &Pem) -> u64 {
    let mut hasher = DefaultHasher::new();
    pem.certificate.hash(&mut hasher);
    pem.key.hash(&mut hasher);
    hasher.finish()
}

fn certified(pem: &Pem) -> Result<CertifiedKey, TlsError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem.certificate).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or(TlsError::Certificate)?;
    let key = PrivateKeyDer::from_pem_slice(&pem.key).map_err(|_| TlsError::Key)?;
    CertifiedKey::from_der(chain, key, &default_provider()).map_err(TlsError::Unfit)
}
