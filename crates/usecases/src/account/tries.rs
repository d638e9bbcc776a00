//! 试错: wrong passwords, codes and secrets, counted in the store: two server processes count together, and a restart
//! forgets nothing.
//!
//! A try counts as wrong from the moment it begins until it is known to be right: a hundred at the same moment are no more
//! than one after the other. What is counted is a name *as it was typed*, whether or not there is such an account, so the
//! wait tells nothing; and beside it the place, so that whoever guesses keeps nobody out but himself.

use std::net::IpAddr;

use register::tries::{FORGET, Limit, PLACE, TOGETHER, Tries};

use crate::cx::Cx;
use crate::error::{Error, Mistake, Result};

/// Characters of a name that are counted: longer ones are no account's.
const NAME: usize = 64;
/// Old counts that are forgotten at once.
const AT_ONCE: u32 = 10_000;

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// The password of an account.
    Password,
    /// A code of its second factor: apart from passwords, because whoever tries it has shown one.
    Code,
    /// The secret of a machine.
    Secret,
    /// Nothing is guessed, but too much of it would be a flood: a report of an incident.
    Report,
}

impl Tried {
    const fn code(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::Secret => "secret",
            Self::Report => "report",
        }
    }
}

/// Where a try comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A browser that has signed in to this account before, by the number in its cookie.
    Browser(String),
    /// An address; `None` if it cannot be told.
    Address(Option<IpAddr>),
}

/// One of the counts that a try belongs to.
struct Count {
    mark: [u8; 32],
    limit: Limit,
}

/// A try under way: wrong, unless it says otherwise.
#[must_use]
pub struct Try {
    /// That of its place first, then that of all unknown places together.
    counts: Vec<Count>,
}

/// The counts that a try belongs to. A known browser knows nothing of the others.
fn counts(cx: &Cx, tried: Tried, name: &str, place: &Place) -> Vec<Count> {
    let name: String = name.trim().to_lowercase().chars().take(NAME).collect();
    let mark = |kind: &str, value: &[u8]| {
        let parts = [tried.code().as_bytes(), name.as_bytes(), kind.as_bytes(), value];
        cx.vault.fingerprint("wrong-try", &parts)
    };
    let (own, is_known) = match place {
        Place::Browser(number) => (mark("browser", number.as_bytes()), true),
        // There are few codes: from wherever they are tried, unknown places are one.
        Place::Address(_) if tried == Tried::Code => (mark("address", b""), false),
        Place::Address(address) => {
            let text = address.map(|address| address.to_string()).unwrap_or_default();
            (mark("address", text.as_bytes()), false)
        }
    };
    let mut counts = vec![Count { mark: own, limit: PLACE }];
    // The secret of a machine is not guessed, from however many places: no crowd of strangers keeps the machine out.
    if !is_known && tried != Tried::Secret {
        counts.push(Count { mark: mark("together", b""), limit: TOGETHER });
    }
    counts
}

/// Begins a try at something of that name, counted as wrong.
///
/// # Errors
/// [`Error::Wait`] if one must wait first; then it is not counted.
pub async fn begin(cx: &Cx, tried: Tried, name: &str, place: &Place) -> Result<Try> {
    let counts = counts(cx, tried, name, place);
    let now = cx.now();
    // Whoever must wait is told so without a transaction, which on the embedded engine others wait for.
    for count in &counts {
        let stands = store::tries::of(cx.store.read(), &count.mark, now).await?;
        expect_free(stands.at(&count.limit, now).wait(&count.limit, now))?;
    }
    let tx = cx.store.begin().await?;
    let mut all = Vec::with_capacity(counts.len());
    for count in &counts {
        let stands = store::tries::hold(&tx, &count.mark, now).await?.at(&count.limit, now);
        expect_free(stands.wait(&count.limit, now))?;
        all.push(stands.wrong(&count.limit, now));
    }
    for (count, tries) in counts.iter().zip(&all) {
        store::tries::keep(&tx, &count.mark, tries).await?;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(Try { counts })
}

fn expect_free(seconds: u64) -> Result<()> {
    if seconds == 0 { Ok(()) } else { Err(Error::Wait { seconds }) }
}

impl Try {
    /// It was right: the wrong ones of its place are forgotten. The others are not forgiven.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn was_right(self, cx: &Cx) -> Result<()> {
        self.end(cx, true).await
    }

    /// It was neither right nor wrong: something else was the matter.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn was_none(self, cx: &Cx) -> Result<()> {
        self.end(cx, false).await
    }

    /// What it was, by what became of it: right, wrong, or none because something else was the matter.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn came_to<T>(self, cx: &Cx, outcome: &Result<T>) -> Result<()> {
        match outcome {
            Ok(_) => self.was_right(cx).await,
            Err(error) if is_guess(error) => Ok(()),
            Err(_) => self.was_none(cx).await,
        }
    }

    async fn end(self, cx: &Cx, was_right: bool) -> Result<()> {
        let now = cx.now();
        let tx = cx.store.begin().await?;
        for (at, count) in self.counts.iter().enumerate() {
            if was_right && at == 0 {
                store::tries::forget(&tx, &count.mark).await?;
                continue;
            }
            let stands: Tries = store::tries::hold(&tx, &count.mark, now).await?;
            store::tries::keep(&tx, &count.mark, &stands.taken_back(&count.limit, now)).await?;
        }
        tx.commit().await.map_err(store::StoreError::from)?;
        Ok(())
    }
}

/// Whether a password, a code or a secret was wrong.
fn is_guess(error: &Error) -> bool {
    let guessed = |mistake: &Mistake| {
        ["code-wrong", "current-wrong", "passkey-wrong", "proof-wrong"].contains(&mistake.code)
    };
    matches!(error, Error::SignIn)
        || matches!(error, Error::Mistakes(mistakes) if mistakes.iter().any(guessed))
}

/// Forgets counts that are too old to count; says how many.
pub(crate) async fn forget_old(cx: &Cx) -> Result<u64> {
    let before = cx.now().checked_sub(FORGET).map_err(|_| Error::Internal("the clock"))?;
    let tx = cx.store.begin().await?;
    let gone = store::tries::forget_old(&tx, before, AT_ONCE).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(gone)
}
