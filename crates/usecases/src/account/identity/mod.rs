//! Signing in by the identity service 身份服务登录: from what it says of somebody to his own account.
//!
//! ```text
//!   Attempt (sealed, in the browser) ─▶ the service ─▶ spend (once) ─▶ enter ─┬─▶ his account, opened if need be
//!                                                                             └─▶ Refusal, some with a doubt
//! ```

mod attempt;
mod doubts;
mod enter;

pub use attempt::{Attempt, MINUTES};
pub use doubts::{doubts, settle};
pub use enter::{Claimed, Entered, Refusal, enter};

pub(crate) use attempt::forget_spent;
