//! Files to be kept 附件: how an answer names them (RFC 6266), whatever the name was.

use axum::http::HeaderValue;

/// Longest name, in characters.
const LONGEST: usize = 120;

/// `Content-Disposition` of a file that is kept and never shown inside a page.
///
/// Old programs get a name of plain letters, others the real one (RFC 8187). Nothing in a name is a folder, the
/// end of a line or of a quotation, or turns the direction of writing, so that `fdp.exe` cannot look like a PDF.
pub(crate) fn attachment(name: &str) -> HeaderValue {
    let name = safe(name);
    let plain: String = name.chars().map(|sign| if is_plain(sign) { sign } else { '_' }).collect();
    let text = if plain == name {
        format!("attachment; filename=\"{plain}\"")
    } else {
        format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", encoded(&name))
    };
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}

/// The name without what could harm where it is kept.
fn safe(name: &str) -> String {
    let is_harmful = |sign: char| {
        sign.is_control()
            || matches!(sign, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
            || matches!(sign, '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    let is_folder = |sign: char| "/\\:*?\"<>|%;'".contains(sign);
    let kept = name.chars().filter(|sign| !is_harmful(*sign));
    let kept: String = kept.map(|sign| if is_folder(sign) { '_' } else { sign }).collect();
    let kept = kept.trim_matches(|sign: char| sign == '.' || sign.is_whitespace());
    let (stem, end) = match kept.rsplit_once('.') {
        Some((stem, end)) if end.chars().count() <= 8 => (stem, format!(".{end}")),
        Some(_) | None => (kept, String::new()),
    };
    let short: String = stem.chars().take(LONGEST - end.chars().count()).collect();
    let name = format!("{short}{end}");
    if name.is_empty() { "file".to_owned() } else { name }
}

const fn is_plain(sign: char) -> bool {
    sign.is_ascii_graphic() || sign == ' '
}

fn encoded(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str) -> String {
        attachment(name).to_str().unwrap().to_owned()
    }

    #[test]
    fn a_plain_name_stays_and_a_chinese_one_is_said_twice() {
        assert_eq!(said("letter.pdf"), "attachment; filename=\"letter.pdf\"");
        let both = "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E6%94%B6%E6%8D%AE.pdf";
        assert_eq!(said("收据.pdf"), both);
    }

    #[test]
    fn no_name_leaves_its_place() {
        for (name, safe) in [
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\x.exe", "C__x.exe"),
            ("a\"; filename=\"b.exe", "a__ filename=_b.exe"),
            ("a\r\nSet-Cookie: x", "aSet-Cookie_ x"),
            ("\u{202E}fdp.exe", "fdp.exe"),
            (".bashrc", "bashrc"),
            ("...", "file"),
            ("", "file"),
        ] {
            assert_eq!(super::safe(name), safe, "{name:?}");
        }
        let long = super::safe(&format!("{}.pdf", "长".repeat(1_000)));
        assert!(long.chars().count() == LONGEST && long.ends_with(".pdf"), "{long}");
    }

    #[test]
    fn whatever_the_name_the_header_stays_one() {
        for sign in (0..0x3000).filter_map(char::from_u32) {
            let text = said(&format!("a{sign}b.pdf"));
            assert!(text.starts_with("attachment; filename=\""), "{sign:?}: {text}");
            assert_eq!(text.matches('"').count(), 2, "{sign:?}: {text}");
            assert!(!text.contains(['\r', '\n', '\\', '/']), "{sign:?}: {text}");
        }
    }
}
