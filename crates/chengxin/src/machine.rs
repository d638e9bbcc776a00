//! What only the machine can give: the time and randomness. Everything else gets them from here.

use jiff::{SignedDuration, Timestamp};
use rand::Rng as _;
use usecases::{Clock, Random};

/// The machine's clock, moved by `offset` (the demonstration enters older files in an older time).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MachineClock {
    pub(crate) offset: SignedDuration,
}

impl Clock for MachineClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is where time enters the program")]
        let now = Timestamp::now();
        now.checked_add(self.offset).unwrap_or(now)
    }
}

/// The machine's randomness: a generator that the operating system seeds and reseeds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MachineRandom;

impl Random for MachineRandom {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}
