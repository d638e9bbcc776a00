//! What can go wrong with an issuer, and with its settings.

use thiserror::Error;

/// Why nobody is known after all. Holds nothing that the issuer said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// It does not answer, or not in time, or says itself that it is out of order.
    #[error("the issuer cannot be reached in time")]
    Unreachable,
    /// It answers something else than OpenID Connect says.
    #[error("the issuer's answer is not what OpenID Connect says")]
    Answer,
    /// It does not know us: our number or secret is wrong.
    #[error("the issuer refuses this client: check client_id and client_secret_file")]
    Client,
    /// It does not take the code: it is too old, was used, or belongs to another sign-in.
    #[error("the issuer refuses the code")]
    Code,
    /// Its token is signed by nobody whom it names.
    #[error("the signature of the id token does not fit")]
    Signature,
    /// Its token is for another client, or from another issuer.
    #[error("the id token is for another client or from another issuer")]
    Audience,
    /// Its token belongs to another sign-in.
    #[error("the nonce of the id token does not fit")]
    Nonce,
    /// Its token is too old, or of the future: one of the two clocks is wrong.
    #[error("the id token is out of date: compare the clocks")]
    Clock,
    /// Name or number are not among what it says.
    #[error("the issuer gives no name or no number: check scopes and claim names")]
    Claims,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Unreachable,
        Self::Answer,
        Self::Client,
        Self::Code,
        Self::Signature,
        Self::Audience,
        Self::Nonce,
        Self::Clock,
        Self::Claims,
    ];

    /// Name in the program's messages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Answer => "answer",
            Self::Client => "client",
            Self::Code => "code",
            Self::Signature => "signature",
            Self::Audience => "audience",
            Self::Nonce => "nonce",
            Self::Clock => "clock",
            Self::Claims => "claims",
        }
    }
}

/// A setting that cannot work.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("identity.{what}: {why}")]
pub struct BadSettings {
    /// Which.
    pub what: &'static str,
    /// What is wrong with it.
    pub why: String,
}
