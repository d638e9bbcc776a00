//! The fonts that travel with the program; where each came from stands in `fonts/README.md`.
//!
//! They are packed in the program and unpacked when first needed: most documents never need the rare
//! characters. What each can draw is known beforehand, from a list beside it.

use std::io::Read;
use std::sync::{LazyLock, OnceLock};

use typst::foundations::Bytes;
use typst::text::{
    Coverage, Font, FontBook, FontFlags, FontInfo, FontStretch, FontStyle, FontVariant, FontWeight,
};
use typst::utils::LazyHash;

use crate::ReportError;

struct Packed {
    family: &'static str,
    /// As the file itself says; `rare` says nothing.
    is_serif: bool,
    file: &'static [u8],
    coverage: &'static str,
}

const PACKED: [Packed; 3] = [
    Packed {
        family: "Chengxin Song",
        is_serif: true,
        file: include_bytes!("../fonts/song.otf.br"),
        coverage: include_str!("../fonts/song.coverage.json"),
    },
    Packed {
        family: "Chengxin Hei",
        is_serif: false,
        file: include_bytes!("../fonts/hei.otf.br"),
        coverage: include_str!("../fonts/hei.coverage.json"),
    },
    Packed {
        family: "Chengxin Rare",
        is_serif: false,
        file: include_bytes!("../fonts/rare.ttf.br"),
        coverage: include_str!("../fonts/rare.coverage.json"),
    },
];

static UNPACKED: [OnceLock<Option<Font>>; PACKED.len()] = [const { OnceLock::new() }; PACKED.len()];

static BOOK: LazyLock<Result<LazyHash<FontBook>, ReportError>> = LazyLock::new(|| {
    PACKED
        .iter()
        .map(info)
        .collect::<Result<Vec<_>, _>>()
        .map(FontBook::from_infos)
        .map(LazyHash::new)
});

/// All fonts by family and coverage, without having unpacked one.
pub(crate) fn book() -> Result<&'static LazyHash<FontBook>, ReportError> {
    BOOK.as_ref().map_err(Clone::clone)
}

/// The font at `index` of the book, unpacked when first asked for.
pub(crate) fn font(index: usize) -> Option<Font> {
    let packed = PACKED.get(index)?;
    UNPACKED.get(index)?.get_or_init(|| unpack(packed)).clone()
}

/// Whether the document's fonts have a glyph for it; headings fall back on the same fonts.
pub(crate) fn can_draw(character: char) -> bool {
    let (word, bit) = place(u32::from(character));
    DRAWN.get(word).is_some_and(|bits| bits & bit != 0)
}

/// One bit for each character that some font can draw: a report asks for tens of thousands.
static DRAWN: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut drawn = Vec::new();
    let Ok(book) = book() else { return drawn };
    let infos = (0..PACKED.len()).filter_map(|index| book.info(index));
    for (word, bit) in infos.flat_map(|info| info.coverage.iter()).map(place) {
        if word >= drawn.len() {
            drawn.resize(word + 1, 0);
        }
        if let Some(bits) = drawn.get_mut(word) {
            *bits |= bit;
        }
    }
    drawn
});

fn place(character: u32) -> (usize, u64) {
    ((character / 64) as usize, 1 << (character % 64))
}

fn info(packed: &Packed) -> Result<FontInfo, ReportError> {
    let coverage: Coverage = serde_json::from_str(packed.coverage)
        .map_err(|_| ReportError::Broken { part: format!("coverage of {}", packed.family) })?;
    Ok(FontInfo {
        family: packed.family.into(),
        variant: FontVariant {
            style: FontStyle::Normal,
            weight: FontWeight::REGULAR,
            stretch: FontStretch::NORMAL,
        },
        flags: if packed.is_serif { FontFlags::SERIF } else { FontFlags::empty() },
        axes: Vec::new(),
        coverage,
    })
}

fn unpack(packed: &Packed) -> Option<Font> {
    let mut file = Vec::new();
    brotli_decompressor::Decompressor::new(packed.file, 1 << 16).read_to_end(&mut file).ok()?;
    Font::new(Bytes::new(file), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_say_what_the_fonts_can_draw() {
        for (index, packed) in PACKED.iter().enumerate() {
            let font = font(index).unwrap();
            let listed = info(packed).unwrap();
            assert_eq!(font.info().family, listed.family);
            assert_eq!(font.info().variant, listed.variant, "{}", packed.family);
            assert_eq!(font.info().flags, listed.flags, "{}", packed.family);
            assert!(
                font.info().coverage == listed.coverage,
                "{}: run make.py again",
                packed.family
            );
        }
    }

    #[test]
    fn names_of_the_gb_sets_can_be_drawn() {
        let blocks = [
            (0x4e00, 0x9fa5),   // GB 13000.1, all of GBK
            (0x3400, 0x4db5),   // extension A
            (0x20000, 0x2a6d6), // extension B
            (0x2a700, 0x2b734), // C
            (0x2b740, 0x2b81d), // D
            (0x2b820, 0x2cea1), // E
            (0x2ceb0, 0x2ebe0), // F
        ];
        for (first, last) in blocks {
            let missing: Vec<char> =
                (first..=last).filter_map(char::from_u32).filter(|c| !can_draw(*c)).collect();
            assert_eq!(missing, Vec::<char>::new(), "{first:X}");
        }
    }
}
