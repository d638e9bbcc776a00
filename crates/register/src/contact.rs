//! Contact 联系方式: the one way, chosen by the person, by which he is told that something waits for him.
//!
//! ```text
//!   set ──▶ unconfirmed ──code typed──▶ confirmed        (post needs no code)
//!            └──── set anew or removed at any time ────▶
//! ```

use jiff::Timestamp;

use crate::delivery::Channel;
use crate::{ContactId, PersonId, Redacted};

/// Wrong codes after which a new one is needed.
pub const MOST_TRIES: u32 = 5;

/// Letters of the longest address by post.
const MOST_SIGNS: usize = 120;

/// Where a person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Its identifier; a new address is a new contact.
    pub id: ContactId,
    /// Whose.
    pub person: PersonId,
    /// By which way.
    pub channel: Channel,
    /// The address, the number, or the lines of a postal address.
    pub address: Redacted<String>,
    /// When he proved that it is his; nothing is sent there before.
    pub confirmed_at: Option<Timestamp>,
    /// Until when the code that was sent counts.
    pub code_until: Timestamp,
    /// How often a wrong code was typed.
    pub tries: u32,
}

/// Why an address cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadAddress {
    /// Nothing was typed.
    Empty,
    /// Not of the form of this way.
    Form,
    /// A person cannot be told by this way.
    Channel,
}

/// Brings an address into its one form: without spaces around, a number without spaces and country code.
///
/// # Errors
/// [`BadAddress`].
pub fn read_address(channel: Channel, typed: &str) -> Result<String, BadAddress> {
    let text = typed.replace("\r\n", "\n").trim().to_owned();
    if text.is_empty() {
        return Err(BadAddress::Empty);
    }
    let fits = |fits: bool, text: String| if fits { Ok(text) } else { Err(BadAddress::Form) };
    match channel {
        Channel::Mail => {
            let parts: Vec<&str> = text.split('@').collect();
            let sound = |sign: char| sign.is_ascii_graphic() && !"<>()[],;:\\\"".contains(sign);
            let is_address = matches!(parts.as_slice(), [local, domain]
                if (1..=64).contains(&local.len()) && (3..=190).contains(&domain.len())
                    && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
                    && !domain.contains("..")
                    && domain.chars().all(|sign| sign.is_ascii_alphanumeric() || ".-".contains(sign)))
                && text.chars().all(sound);
            fits(is_address, text)
        }
        Channel::Sms => {
            let digits: String = text.chars().filter(|sign| !" -".contains(*sign)).collect();
            let digits = digits.strip_prefix("+86").unwrap_or(&digits).to_owned();
            let is_number = digits.len() == 11
                && digits.starts_with('1')
                && digits.chars().all(|sign| sign.is_ascii_digit());
            fits(is_number, digits)
        }
        Channel::Letter => {
            let count = text.chars().count();
            let is_sound = text.chars().all(|sign| !sign.is_control() || sign == '\n');
            fits((6..=MOST_SIGNS).contains(&count) && is_sound, text)
        }
        Channel::Webhook | Channel::Folder => Err(BadAddress::Channel),
    }
}

/// An address as it may be shown again to its owner: enough to know it by.
#[must_use]
pub fn masked(channel: Channel, address: &str) -> String {
    let keep = |text: &str, from: usize, to: usize| {
        let signs: Vec<char> = text.chars().collect();
        let last = signs.len().saturating_sub(to);
        let hidden = signs
            .iter()
            .enumerate()
            .map(|(at, sign)| if at < from || at >= last { *sign } else { '*' });
        hidden.collect::<String>()
    };
    match channel {
        Channel::Mail => match address.split_once('@') {
            Some((local, domain)) => format!("{}@{domain}", keep(local, 2, 0)),
            None => keep(address, 2, 0),
        },
        Channel::Sms => keep(address, 3, 4),
        Channel::Letter | Channel::Webhook | Channel::Folder => address.replace('\n', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_into_one_form() {
        let read = read_address;
        assert_eq!(read(Channel::Mail, " a.b@x.example "), Ok("a.b@x.example".to_owned()));
        assert_eq!(read(Channel::Sms, "+86 199-0000-0001"), Ok("19900000001".to_owned()));
        assert_eq!(read(Channel::Letter, "某某市某某路1号"), Ok("某某市某某路1号".to_owned()));
        for bad in [
            "",
            "a",
            "a@b",
            "a@b..c",
            "a b@x.example",
            "a@x.example\nBcc: b@x.example",
            "<a@x.example>",
        ] {
            assert!(read(Channel::Mail, bad).is_err(), "{bad}");
        }
        for bad in ["", "1990000000", "29900000001", "1990000000a", "１９９０００００００１"]
        {
            assert!(read(Channel::Sms, bad).is_err(), "{bad}");
        }
        assert_eq!(read(Channel::Webhook, "x"), Err(BadAddress::Channel));
    }

    #[test]
    fn an_address_is_shown_again_in_part() {
        assert_eq!(masked(Channel::Mail, "wangxiaoming@x.example"), "wa**********@x.example");
        assert_eq!(masked(Channel::Sms, "19900000001"), "199****0001");
    }
}
