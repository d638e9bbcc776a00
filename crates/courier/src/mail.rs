//! E-mail by SMTP 电子邮件.

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls as LettreTls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use register::delivery::{Channel, Fault};
use usecases::Cx;
use usecases::delivery::{Load, Parcel, Tried};

use crate::{BadSettings, Carrier, bad};

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
    transport: AsyncSmtpTransport<Tokio1Executor>,
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
        let parameters = || TlsParameters::new(host.clone()).map_err(|why| bad("mail.host", why));
        let tls = match tls {
            Tls::Full => LettreTls::Wrapper(parameters()?),
            Tls::Starttls => LettreTls::Required(parameters()?),
            Tls::None if ["127.0.0.1", "localhost", "::1"].contains(&host.as_str()) => {
                LettreTls::None
            }
            Tls::None => {
                return Err(bad("mail.tls", "without it the server must be on this machine"));
            }
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&host)
            .port(port)
            .tls(tls)
            .timeout(Some(std::time::Duration::from_secs(20)));
        if let Some((user, password)) = login {
            builder = builder.credentials(Credentials::new(user, password));
        }
        let from = from.parse().map_err(|why| bad("mail.from", why))?;
        Ok(Self { transport: builder.build(), from })
    }
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
            .to(Mailbox::new(None, to))
            // The same however often it is sent, so that a mail box can know it again.
            .message_id(Some(format!("<{}@{domain}>", parcel.key())))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text.clone());
        let Ok(message) = message else { return Tried::Never(Fault::Refused) };
        match self.transport.send(message).await {
            Ok(_) => Tried::Sent,
            Err(error) if error.is_permanent() => Tried::Never(Fault::Refused),
            Err(error) if error.is_transient() => Tried::Again(Fault::Busy),
            Err(_) => Tried::Again(Fault::Unreachable),
        }
    }
}
