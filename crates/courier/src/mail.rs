//! E-mail by SMTP 电子邮件.
//!
//! ```text
//!   connect ─▶ EHLO ─▶ TLS ─▶ AUTH ─▶ MAIL FROM ─▶ RCPT TO ─▶ DATA ─▶ Sent
//!      └─────── whatever is refused here ───────┘     └─ no such mail box: Never
//!                  waits and goes again
//! ```
//!
//! Only what the server answers to the recipient is said of him. A server that refuses everybody, because a
//! password was changed or it is being rebuilt, will take the same mail tomorrow.

use std::error::Error as _;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};
use register::delivery::{Channel, Fault};
use usecases::Cx;
use usecases::delivery::{Load, Parcel, Tried};

use crate::{BadSettings, Carrier, bad};

/// How long connecting may take.
const CONNECTING: Duration = Duration::from_secs(20);

/// How long a server is waited for that has the mail and is bidden farewell.
const FAREWELL: Duration = Duration::from_secs(2);

/// How the connection to the mail server is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte (port 465).
    Full,
    /// After a greeting (port 587); a server that cannot is not used.
    Starttls,
    /// Not at all: only to a server on this very machine.
    None,
}

/// Where mail goes out.
#[derive(Clone)]
pub struct MailSettings {
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from others.
    pub tls: Tls,
    /// Who writes, for example `公共信用 <noreply@example.gov.cn>`.
    pub from: String,
    /// Account and password, if the server asks for them.
    pub login: Option<(String, String)>,
}

/// Sends e-mail.
pub struct Mail {
    host: String,
    port: u16,
    tls: Tls,
    /// Whom the server must prove to be; none where nothing is kept from others.
    parameters: Option<TlsParameters>,
    login: Option<Credentials>,
    from: Mailbox,
}

impl Mail {
    /// A carrier to that server; nothing is sent yet.
    ///
    /// # Errors
    /// [`BadSettings`].
    pub fn new(settings: MailSettings) -> Result<Self, BadSettings> {
        // Set already: by another carrier.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let MailSettings { host, port, tls, from, login } = settings;
        let parameters = match tls {
            Tls::Full | Tls::Starttls => {
                Some(TlsParameters::new(host.clone()).map_err(|why| bad("mail.host", why))?)
            }
            Tls::None if ["127.0.0.1", "localhost", "::1"].contains(&host.as_str()) => None,
            Tls::None => {
                return Err(bad("mail.tls", "without it the server must be on this machine"));
            }
        };
        let from: Mailbox = from.parse().map_err(|why| bad("mail.from", why))?;
        if !from.email.to_string().is_ascii() {
            return Err(bad("mail.from", "the address must be written in ASCII"));
        }
        let login = login.map(|(user, password)| Credentials::new(user, password));
        Ok(Self { host, port, tls, parameters, login, from })
    }

    /// A connection by which mail can be handed over.
    async fn connect(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let hello = ClientId::default();
        let from_the_first_byte = self.parameters.clone().filter(|_| self.tls == Tls::Full);
        let mut server = AsyncSmtpConnection::connect_tokio1(
            (self.host.as_str(), self.port),
            Some(CONNECTING),
            &hello,
            from_the_first_byte,
            None,
        )
        .await?;
        if let (Tls::Starttls, Some(parameters)) = (self.tls, self.parameters.clone()) {
            server.starttls(parameters, &hello).await?;
        }
        if let Some(login) = &self.login {
            server.auth(DEFAULT_MECHANISMS, login).await?;
        }
        Ok(server)
    }

    /// Hands over one mail; says how it ended.
    async fn hand_over(&self, server: &mut AsyncSmtpConnection, to: Address, mail: &[u8]) -> Tried {
        let from = MailFrom::new(Some(self.from.email.clone()), Vec::new());
        if let Err(error) = server.command(from).await {
            return later(&error);
        }
        if let Err(error) = server.command(Rcpt::new(to, Vec::new())).await {
            return if is_no_recipient(&error) {
                Tried::Never(Fault::Refused)
            } else {
                later(&error)
            };
        }
        if let Err(error) = server.command(Data).await {
            return later(&error);
        }
        match server.message(mail).await {
            Ok(_) => Tried::Sent,
            Err(error) => later(&error),
        }
    }
}

/// What was refused, or broke off, may go another time.
fn later(error: &SmtpError) -> Tried {
    let is_answer = error.status().is_some();
    Tried::Again(if is_answer { Fault::Busy } else { Fault::Unreachable })
}

/// Whether the answer says that there is no such mail box. What the server refuses by its policy (`5.7.…`:
/// no relaying, not from this sender) it refuses to everybody alike.
fn is_no_recipient(error: &SmtpError) -> bool {
    let is_policy = error.source().is_some_and(|said| said.to_string().starts_with("5.7."));
    let code = error.status().map(u16::from);
    matches!(code, Some(501 | 550 | 551 | 553)) && !is_policy
}

#[async_trait::async_trait]
impl Carrier for Mail {
    fn channel(&self) -> Channel {
        Channel::Mail
    }

    async fn carry(&self, _cx: &Cx, parcel: &Parcel) -> Tried {
        let Load::Mail { to, subject, text } = &parcel.load else {
            return Tried::Never(Fault::Refused);
        };
        let Ok(to) = to.parse::<Address>() else { return Tried::Never(Fault::Refused) };
        let domain = self.from.email.domain();
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.clone()))
            // The same however often it is sent, so that a mail box can know it again.
            .message_id(Some(format!("<{}@{domain}>", parcel.key())))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text.clone());
        let Ok(message) = message else { return Tried::Never(Fault::Refused) };
        let mut server = match self.connect().await {
            Ok(server) => server,
            Err(error) => return later(&error),
        };
        let tried = self.hand_over(&mut server, to, &message.formatted()).await;
        // How it ended is known: a server that does not answer any more changes nothing in it.
        let _ = tokio::time::timeout(FAREWELL, server.abort()).await;
        tried
    }
}
