//! Refusals and failures. A refusal is an answer (logged as information); a failure is ours.

use thiserror::Error;

/// Why a use case did not do what was asked.
#[derive(Debug, Error)]
pub enum Error {
    /// The actor may not do this.
    #[error(transparent)]
    Denied(#[from] access::Denied),
    /// What was typed cannot stand; all mistakes at once.
    #[error("{} mistakes in what was sent", .0.len())]
    Mistakes(Vec<Mistake>),
    /// There is no such thing, or it is not the actor's: the two look the same from outside.
    #[error("there is no such thing here")]
    NotFound,
    /// The item or purpose names no impact assessment that is approved and in time.
    #[error(
        "the item or purpose has no impact assessment that is approved and not overdue: write and approve one \
         (/office/assessments), name it in the rulebook"
    )]
    NotAssessed,
    /// The file as a whole cannot be taken.
    #[error(transparent)]
    File(#[from] intake::FileError),
    /// The item cannot be sent as a file, or not by this body.
    #[error("this item is not in force or cannot be sent as a file")]
    Item,
    /// Name or password do not fit, or the account is off. Never says which.
    #[error("the sign-in failed")]
    SignIn,
    /// A machine's secret was right, and its time is over.
    #[error("the secret of the system has ended: `chengxin account rotate` makes a new one")]
    SecretEnded,
    /// An access token was right, and its time is over.
    #[error("the access token has ended: ask for a new one")]
    TokenEnded,
    /// A machine asked for more than it was let in for.
    #[error("outside the scope of the system or of its token")]
    OutsideScope,
    /// Too many tries; wait.
    #[error("too many tries, wait {seconds} seconds")]
    Wait {
        /// How long.
        seconds: u64,
    },
    /// An objection to this record is open.
    #[error("an objection to this record is open")]
    ObjectionOpen,
    /// A repair of this record is open.
    #[error("a repair of this record is open")]
    RepairOpen,
    /// A challenge of the decision behind this record is entered already.
    #[error("a challenge of the decision behind this record is open")]
    ChallengeOpen,
    /// The mandate no longer holds.
    #[error(transparent)]
    MandateEnded(#[from] register::mandate::Ended),
    /// A case does not stand where this step can be taken.
    #[error(transparent)]
    NotNow(#[from] register::objection::NotNow),
    /// A decision that needs a second person cannot be made by this one.
    #[error(transparent)]
    NotSecond(#[from] register::opening::NotSecond),
    /// The record is archived: two people have to open it.
    #[error("the record is archived")]
    Archived,
    /// The login is taken.
    #[error("the login is taken")]
    LoginTaken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// Sealed data cannot be opened or made.
    #[error("sealed data: {0}")]
    Vault(#[from] vault::VaultError),
    /// The log could not be written, so nothing was answered.
    #[error("the access log could not be written; nothing was answered")]
    Log,
    /// The log holds less than was remembered outside: it was cut off, or an older database put back.
    #[error(
        "the access log holds {stands} entries, but {remembered} were remembered outside the \
         database: nothing is answered until an operator has looked (operator guide, The log)"
    )]
    LogCut {
        /// Entries that the witness remembers.
        remembered: u64,
        /// Entries that are there.
        stands: u64,
    },
    /// The log is another than was remembered outside.
    #[error(
        "the first {remembered} entries of the access log are not those that were remembered \
         outside the database: nothing is answered until an operator has looked (operator guide, \
         The log)"
    )]
    LogChanged {
        /// Entries that the witness remembers.
        remembered: u64,
    },
    /// The disk failed.
    #[error("disk: {0}")]
    Disk(#[from] std::io::Error),
    /// A worker ended before its time.
    #[error("internal: {0}")]
    Internal(&'static str),
}

/// One thing that cannot stand in what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The field, as the API and the forms call it.
    pub field: &'static str,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong, in Chinese; never repeats what was typed.
    pub says: String,
}

/// Result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;
