//! TLS in this process: what is shown, and how the next certificate comes.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use web::{Certificates, Pem, TlsError};

use crate::house::{House, patient};

const SOON: Duration = Duration::from_secs(5);

/// A certificate that vouches for itself.
struct Made {
    certificate: String,
    key: String,
    der: CertificateDer<'static>,
}

fn made() -> Made {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    Made {
        certificate: made.cert.pem(),
        key: made.signing_key.serialize_pem(),
        der: made.cert.der().clone(),
    }
}

/// Two files that are written anew from time to time.
#[derive(Clone)]
struct Files(Arc<Mutex<(String, String)>>);

impl Files {
    fn new(certificate: &str, key: &str) -> Self {
        Self(Arc::new(Mutex::new((certificate.to_owned(), key.to_owned()))))
    }

    fn hold(&self, certificate: &str, key: &str) {
        *self.0.lock().unwrap() = (certificate.to_owned(), key.to_owned());
    }

    fn open(&self) -> Result<Certificates, TlsError> {
        let files = self.clone();
        Certificates::open(Box::new(move || {
            let (certificate, key) = files.0.lock().unwrap().clone();
            Ok(Pem { certificate: certificate.into_bytes(), key: key.into_bytes() })
        }))
    }
}

async fn serve(certificates: Certificates) -> SocketAddr {
    let house = House::behind(patient()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let state = house.state.clone();
        web::serve(listener, state, Some(certificates), std::future::pending()).await.unwrap();
        drop(house);
    });
    address
}

/// Asks by TLS, trusting only this certificate; what is answered, if it is shown.
async fn ask(address: SocketAddr, trusted: &Made) -> Option<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.der.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let connector = TlsConnector::from(Arc::new(config));
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = timeout(SOON, connector.connect(name, stream)).await.unwrap().ok()?;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut said = Vec::new();
    let _ = timeout(SOON, stream.read_to_end(&mut said)).await.unwrap();
    Some(String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test]
async fn another_certificate_is_shown_once_it_is_there_and_a_bad_one_never() {
    let (first, second) = (made(), made());
    let files = Files::new(&first.certificate, &first.key);
    let certificates = files.open().unwrap();
    let address = serve(certificates.clone()).await;
    assert!(ask(address, &first).await.unwrap().starts_with("HTTP/1.1 200 OK"));
    assert!(ask(address, &second).await.is_none(), "nobody else's");
    assert!(!certificates.reload().unwrap(), "nothing new");

    // Half written: the new certificate with the old key.
    files.hold(&second.certificate, &first.key);
    assert!(matches!(certificates.reload(), Err(TlsError::Unfit(_))));
    assert!(!certificates.reload().unwrap(), "said once");
    assert!(ask(address, &first).await.is_some());
    let (certificate, key) = (first.certificate.as_str(), first.key.as_str());
    for (certificate, key) in [("", key), ("garbage", key), (certificate, "")] {
        files.hold(certificate, key);
        assert!(certificates.reload().is_err(), "{certificate}");
        assert!(ask(address, &first).await.is_some(), "the old one stays");
    }
    files.hold(&second.certificate, &second.key);
    assert!(certificates.reload().unwrap());
    assert!(ask(address, &second).await.is_some());
    assert!(ask(address, &first).await.is_none());
}

#[test]
fn a_key_of_another_certificate_does_not_begin() {
    let (first, second) = (made(), made());
    let (own, key) = (first.certificate.as_str(), first.key.as_str());
    for (certificate, key, says) in [
        (own, second.key.as_str(), "do not fit"),
        (own, "", "tls_key"),
        ("", key, "tls_certificate"),
        (key, key, "tls_certificate"),
    ] {
        let error = Files::new(certificate, key).open().err().unwrap().to_string();
        assert!(error.contains(says), "{says}: {error}");
        assert!(!error.contains("PRIVATE KEY-----\n"), "no key in it");
    }
}

/// The signal that says "read it anew".
#[tokio::test]
async fn a_hangup_signal_reads_the_files_anew() {
    let (first, second) = (made(), made());
    let files = Files::new(&first.certificate, &first.key);
    let address = serve(files.open().unwrap()).await;
    // Whoever has been answered knows that the signal is waited for.
    assert!(ask(address, &first).await.is_some());
    files.hold(&second.certificate, &second.key);
    let hangup = format!("kill -HUP {}", std::process::id());
    assert!(std::process::Command::new("sh").args(["-c", &hangup]).status().unwrap().success());
    for _ in 0..100 {
        if ask(address, &second).await.is_some() {
            return;
        }
        sleep(Duration::from_millis(30)).await;
    }
    panic!("the old certificate is still shown");
}

#[tokio::test]
async fn plain_http_is_not_answered_where_tls_is_spoken() {
    let first = made();
    let address = serve(Files::new(&first.certificate, &first.key).open().unwrap()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut said = Vec::new();
    let _ = timeout(SOON, stream.read_to_end(&mut said)).await.expect("hung up on");
    assert!(!String::from_utf8_lossy(&said).contains("200 OK"));
}
