//! Style sheet, script and licences 静态文件, embedded in the binary.
//!
//! Every address carries a piece of the content's hash, so browsers may keep a file for ever.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_embed::Embed;

/// What stands in `crates/web/assets/`; how it is made stands in `crates/web/assets-src/build.md`.
#[derive(Embed)]
#[folder = "assets/"]
struct Files;

/// One embedded file, ready to be sent.
pub struct Asset {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// Media type for `content-type`.
    pub media_type: &'static str,
    /// First twelve hexadecimal digits of the SHA-256 of its bytes.
    pub version: String,
}

static ADDRESSES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    Files::iter()
        .filter_map(|name| {
            let asset = get(&name)?;
            Some((name.to_string(), format!("/assets/{name}?v={}", asset.version)))
        })
        .collect()
});

/// The address of an embedded file, with its version; an unknown name gives an address without one.
#[must_use]
pub fn asset(name: &str) -> String {
    ADDRESSES.get(name).cloned().unwrap_or_else(|| format!("/assets/{name}"))
}

/// The embedded file of this name, for example `chengxin.css` or `licences/htmx.txt`.
#[must_use]
pub fn get(name: &str) -> Option<Asset> {
    let file = Files::get(name)?;
    let hash = hex::encode(file.metadata.sha256_hash());
    Some(Asset {
        bytes: file.data,
        media_type: media_type(name),
        version: hash.chars().take(12).collect(),
    })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, kind)| kind) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some(_) | None => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_carry_a_version_and_unknown_names_do_not() {
        assert!(super::asset("chengxin.css").starts_with("/assets/chengxin.css?v="));
        assert_eq!(super::asset("nothing.css"), "/assets/nothing.css");
        assert!(super::get("../Cargo.toml").is_none());
    }

    #[test]
    fn every_vendored_part_has_its_licence() {
        for name in ["licences/htmx.txt", "licences/govuk-frontend.txt"] {
            assert!(super::get(name).is_some(), "{name}");
        }
    }

    /// The content security policy names pictures and styles of this house only: a style sheet loads nothing.
    #[test]
    fn style_sheet_loads_nothing() {
        let css = super::get("chengxin.css").unwrap();
        let css = std::str::from_utf8(&css.bytes).unwrap();
        assert!(!css.contains("url("), "no url() in the style sheet");
        assert!(!css.contains("GDS Transport"));
    }
}
