//! Fuzzing 乱入测试: real samples, broken in many ways, for a bounded time.
//!
//! A second each, or `CHENGXIN_FUZZ_SECONDS`. The seed is printed; `CHENGXIN_FUZZ_SEED` repeats it. What breaks a
//! reader is made as small as it goes before it is shown.

use std::hash::{BuildHasher as _, Hasher as _};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How long, if nobody says otherwise.
const SECONDS: f64 = 1.0;
/// Cases between two looks at the clock.
const CASES: u32 = 16;
/// No input is longer.
pub const LARGEST: usize = 128 << 10;
/// No reader of one input takes longer.
const SLOWEST: Duration = Duration::from_secs(10);
/// Nor does the process grow by more, in MiB.
const GROWTH: u64 = 768;

/// What readers stumble over.
const STONES: &[&[u8]] = &[
    b"\0",
    b"\xFF\xFE",
    b"\xEF\xBB\xBF",
    b"\x81\x30\x81\x30",
    b"\x84\x31\xA4\x37",
    b"\xED\xA0\x80",
    b"\r",
    b"\r\n\r\n",
    b"\"",
    b"\"\"",
    b",",
    b"\t",
    b";",
    b"{",
    b"}",
    b"[[[[[[[[",
    b"null",
    b":",
    b"=",
    b"&",
    b"%",
    b"%00",
    b"%FF",
    b"..",
    b"/",
    b"\\",
    b"<script>",
    b"--",
    b"=1+1",
    b"-1",
    b"0",
    b"1e308",
    b"18446744073709551616",
    b"-9223372036854775808",
    b"2026-02-30",
    b"9999-12-31",
    b"0000-00-00",
    b"PK\x03\x04",
    "𬴂㛃".as_bytes(),
    "\u{202E}".as_bytes(),
    "９９９９０１".as_bytes(),
    "·".as_bytes(),
];

/// One way to break a sample.
#[derive(Clone, Debug)]
enum Break {
    /// One byte becomes another.
    Byte(Index, u8),
    /// Something stands in between.
    Stone(Index, &'static [u8]),
    /// A piece is missing.
    Gap(Index, Index),
    /// A piece stands there many times.
    Echo(Index, Index, u8),
    /// The rest is missing.
    End(Index),
}

fn a_break() -> impl Strategy<Value = Break> {
    let at = any::<Index>;
    prop_oneof![
        4 => (at(), any::<u8>()).prop_map(|(at, byte)| Break::Byte(at, byte)),
        4 => (at(), select(STONES)).prop_map(|(at, stone)| Break::Stone(at, stone)),
        2 => (at(), at()).prop_map(|(from, to)| Break::Gap(from, to)),
        1 => (at(), at(), any::<u8>()).prop_map(|(from, to, times)| Break::Echo(from, to, times)),
        1 => at().prop_map(Break::End),
    ]
}

fn broken(samples: &[Vec<u8>]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let breaks = prop::collection::vec(a_break(), 0..6);
    (select(samples.to_vec()), breaks).prop_map(|(mut bytes, breaks)| {
        for one in breaks {
            one.apply(&mut bytes);
            bytes.truncate(LARGEST);
        }
        bytes
    })
}

impl Break {
    fn apply(self, bytes: &mut Vec<u8>) {
        let place = |at: Index, bytes: &Vec<u8>| at.index(bytes.len() + 1);
        let piece = |from: Index, to: Index, bytes: &Vec<u8>| {
            let (from, to) = (place(from, bytes), place(to, bytes));
            from.min(to)..from.max(to)
        };
        match self {
            Self::Byte(at, byte) => {
                let at = place(at, bytes);
                match bytes.get_mut(at) {
                    Some(here) => *here = byte,
                    None => bytes.push(byte),
                }
            }
            Self::Stone(at, stone) => {
                let at = place(at, bytes);
                bytes.splice(at..at, stone.iter().copied());
            }
            Self::Gap(from, to) => {
                let piece = piece(from, to, bytes);
                bytes.drain(piece);
            }
            Self::Echo(from, to, times) => {
                let piece = piece(from, to, bytes);
                let end = piece.end;
                let echo = bytes.get(piece).unwrap_or_default().repeat(usize::from(times));
                bytes.splice(end..end, echo.into_iter().take(LARGEST));
            }
            Self::End(at) => {
                let at = place(at, bytes);
                bytes.truncate(at);
            }
        }
    }
}

/// Lets `read` have the samples as they are, then broken in ever other ways, until the time is over. It fails if
/// `read` panics, takes too long, or makes the process grow.
pub fn fuzz(name: &str, samples: &[Vec<u8>], read: impl Fn(&[u8])) {
    let setting = |name: &str| std::env::var(name).ok();
    let seconds = setting("CHENGXIN_FUZZ_SECONDS").and_then(|seconds| seconds.parse().ok());
    let seed = setting("CHENGXIN_FUZZ_SEED").and_then(|seed| seed.parse().ok());
    let any_seed = || std::collections::hash_map::RandomState::new().build_hasher().finish();
    let seed: u64 = seed.unwrap_or_else(any_seed);
    eprintln!("fuzz {name}: CHENGXIN_FUZZ_SEED={seed}");
    let timed = |bytes: &[u8]| {
        let begun = Instant::now();
        read(bytes);
        assert!(begun.elapsed() < SLOWEST, "{name}: {:?}", begun.elapsed());
    };
    assert!(!samples.is_empty(), "{name} has no samples");
    samples.iter().for_each(|sample| timed(sample));
    let before = peak_mib();
    let until = Instant::now() + Duration::from_secs_f64(seconds.unwrap_or(SECONDS));
    let mut round = 0_u64;
    while Instant::now() < until {
        let mut bytes = Vec::from(seed.to_le_bytes());
        bytes.extend_from_slice(&round.to_le_bytes());
        bytes.resize(32, 0);
        let config = Config {
            cases: CASES,
            failure_persistence: None,
            max_shrink_iters: 2_000,
            ..Config::default()
        };
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let outcome = TestRunner::new_with_rng(config, rng).run(&broken(samples), |bytes| {
            timed(&bytes);
            Ok(())
        });
        assert!(outcome.is_ok(), "{name}, seed {seed}, round {round}: {outcome:?}");
        round += 1;
    }
    let grown = peak_mib().saturating_sub(before);
    assert!(grown < GROWTH, "{name}, seed {seed}: grew by {grown} MiB");
}

/// The same for readers of text; what is no UTF-8 becomes U+FFFD.
pub fn fuzz_text(name: &str, samples: &[&str], read: impl Fn(&str)) {
    let samples: Vec<_> = samples.iter().map(|sample| sample.as_bytes().to_vec()).collect();
    fuzz(name, &samples, |bytes| read(&String::from_utf8_lossy(bytes)));
}

/// The most that this process has ever used, in MiB; 0 where nobody can tell.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1_024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_breaks_is_found() {
        let sample = vec![b"2026-11-23".to_vec()];
        let found = std::panic::catch_unwind(|| {
            fuzz("breaks", &sample, |bytes| assert!(!bytes.contains(&0), "a zero"));
        });
        assert!(found.is_err());
        fuzz("holds", &sample, |bytes| assert!(bytes.len() <= LARGEST));
    }
}
