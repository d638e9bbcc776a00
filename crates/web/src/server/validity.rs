//! Until when a certificate holds: of all that it says, the one thing that the operator must know in time.

use jiff::Timestamp;

/// What an element of DER may be, as far as it stands on the way to the end of a certificate.
const VERSION: u8 = 0xA0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The last instant at which a certificate in DER holds (RFC 5280, 4.1.2.5); `None` if it is not one.
pub(super) fn ends_at(certificate: &[u8]) -> Option<Timestamp> {
    let (_, certificate, _) = element(certificate)?;
    let (_, mut rest, _) = element(certificate)?;
    // A certificate of the first version does not name it.
    if let (VERSION, _, after) = element(rest)? {
        rest = after;
    }
    for _before in ["serial number", "algorithm of the signature", "issuer"] {
        (_, _, rest) = element(rest)?;
    }
    let (_, validity, _) = element(rest)?;
    let (_, _, rest) = element(validity)?;
    let (kind, text, _) = element(rest)?;
    instant(kind, std::str::from_utf8(text).ok()?)
}

/// The first element: what it is, what is in it, and what stands after it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (kind, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(*first & 0x7F))?;
        if bytes.len() > 4 {
            return None;
        }
        (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*kind, content, rest))
}

/// `YYMMDDHHMMSSZ` until 2049, `YYYYMMDDHHMMSSZ` from 2050 on.
fn instant(kind: u8, text: &str) -> Option<Timestamp> {
    let (year, rest) = match kind {
        UTC_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let century = if year < "50" { "20" } else { "19" };
            (format!("{century}{year}"), rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            (year.to_owned(), rest)
        }
        _ => return None,
    };
    let pair = |at: usize| rest.get(at..at + 2);
    let (month, day) = (pair(0)?, pair(2)?);
    let (hour, minute, second) = (pair(4)?, pair(6)?, pair(8)?);
    let is_whole = rest.get(10..) == Some("Z");
    let text = format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z");
    text.parse().ok().filter(|_| is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_certificate_is_read() {
        for (year, says) in [(2027, "2027-03-01T00:00:00Z"), (2051, "2051-03-01T00:00:00Z")] {
            let mut asked = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
            asked.not_before = rcgen::date_time_ymd(2026, 3, 1);
            asked.not_after = rcgen::date_time_ymd(year, 3, 1);
            let made = asked.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
            assert_eq!(ends_at(made.der()).map(|end| end.to_string()).as_deref(), Some(says));
            for cut in 0..made.der().len() {
                let part = made.der().get(..cut).unwrap();
                assert!(ends_at(part).is_none(), "what is cut off has no end: {cut}");
            }
        }
        assert_eq!(ends_at(b"-----BEGIN"), None);
    }

    #[test]
    fn the_two_forms_of_an_instant_are_told_apart() {
        let read = |kind, text: &str| instant(kind, text).map(|at| at.to_string());
        let (short, long) = ("491231235959Z", "20500101000000Z");
        assert_eq!(read(UTC_TIME, short).as_deref(), Some("2049-12-31T23:59:59Z"));
        assert_eq!(read(UTC_TIME, "500101000000Z").as_deref(), Some("1950-01-01T00:00:00Z"));
        assert_eq!(read(GENERALIZED_TIME, long).as_deref(), Some("2050-01-01T00:00:00Z"));
        for bad in ["", "Z", "4912312359Z", "491231235959+0800", "491331235959Z", "四九"] {
            assert_eq!(read(UTC_TIME, bad), None, "{bad}");
        }
    }
}
