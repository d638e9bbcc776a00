//! Where things stand on the page, asked of the layout itself.

use serde::Serialize;
use typst::layout::{Abs, Frame, FrameItem, Point};

use crate::engine::{lay_out, sheet};
use crate::sample;
use crate::world::Template;

/// Every glyph is a real one, and nothing stands outside the page's margins.
fn check(frame: &Frame, at: Point, width: Abs) {
    for (offset, item) in frame.items() {
        let at = at + *offset;
        match item {
            FrameItem::Group(group) => {
                let shift = Point::new(group.transform.tx, group.transform.ty);
                check(&group.frame, at + shift, width);
            }
            FrameItem::Text(text) => {
                assert!(text.glyphs.iter().all(|glyph| glyph.id != 0), "{}", text.text);
                let right = at.x + text.width();
                assert!(right <= width - Abs::mm(20.0), "{} ends at {right:?}", text.text);
                assert!(at.x >= Abs::mm(19.9), "{} begins at {:?}", text.text, at.x);
            }
            FrameItem::Shape(..)
            | FrameItem::Image(..)
            | FrameItem::Link(..)
            | FrameItem::Tag(_) => {}
        }
    }
}

fn assert_calm(template: Template, input: &impl Serialize, url: Option<&str>) {
    let (sheet, unprintable) = sheet(template, input, url).unwrap();
    assert!(unprintable.is_empty());
    for page in lay_out(&sheet).unwrap().pages() {
        check(&page.frame, Point::zero(), page.frame.width());
    }
}

#[test]
fn rare_names_and_endless_words_stand_whole_within_the_margins() {
    for word in
        ["𬴂㛃𫍯䶮", &"x".repeat(200), &"。".repeat(90), &"W—…".repeat(60), &"汉".repeat(300)]
    {
        let mut one = sample::report();
        let mark = report::Mark {
            is_contested: true,
            is_challenged: true,
            statement: Some(word.into()),
            noted: None,
        };
        one.name = word.into();
        for statement in one.statements.iter_mut().flatten() {
            statement.about = word.into();
            statement.text = word.into();
        }
        one.objection_contact = word.into();
        for penalty in one.penalties.iter_mut().flatten() {
            penalty.title = word.into();
            penalty.document_no = word.into();
            penalty.authority = word.into();
            penalty.mark = mark.clone();
        }
        for pledge in one.pledges.iter_mut().flatten() {
            pledge.outcome = word.into();
        }
        for entry in one.accesses.iter_mut().flatten() {
            entry.by = word.into();
            entry.purpose = word.into();
        }
        assert_calm(Template::CreditReport, &one, Some("https://example.cn/"));

        let mut letter = sample::letter();
        letter.title = "信用信息告知书".repeat(8);
        letter.paragraphs = vec![word.into(); 3];
        letter.salutation = word.into();
        letter.contact = word.into();
        assert_calm(Template::Letter, &letter, None);

        let mut bundle = sample::bundle();
        bundle.about = word.into();
        for attachment in &mut bundle.attachments {
            attachment.title = word.into();
        }
        for page in &mut bundle.pages {
            page.title = word.into();
            page.paragraphs = vec![word.into()];
        }
        assert_calm(Template::EvidenceBundle, &crate::evidence_bundle::Printed::of(&bundle), None);

        let mut month = sample::supervision();
        month.about = vec![word.into()];
        for table in &mut month.tables {
            table.title = word.into();
            for row in &mut table.rows {
                row.fill(word.into());
            }
        }
        assert_calm(Template::SupervisionReport, &month, None);
    }
}

#[test]
fn the_address_stands_behind_the_window() {
    let letter = sample::letter();
    let (sheet, _) = sheet(Template::Letter, &letter, None).unwrap();
    let document = lay_out(&sheet).unwrap();
    let mut found = Vec::new();
    let page = document.pages().first().unwrap();
    places(&page.frame, Point::zero(), &mut found);
    for line in ["110000", "柳𬭚 收"] {
        let part = line.chars().take(2).collect::<String>();
        let inside = |(text, at): &&(String, Point)| {
            text.starts_with(&part)
                && (Abs::mm(20.0)..Abs::mm(105.0)).contains(&at.x)
                && (Abs::mm(45.0)..Abs::mm(85.0)).contains(&at.y)
        };
        assert!(found.iter().any(|place| inside(&place)), "{line} in {found:?}");
    }
}

fn places(frame: &Frame, at: Point, found: &mut Vec<(String, Point)>) {
    for (offset, item) in frame.items() {
        let at = at + *offset;
        if let FrameItem::Group(group) = item {
            let shift = Point::new(group.transform.tx, group.transform.ty);
            places(&group.frame, at + shift, found);
        } else if let FrameItem::Text(text) = item {
            found.push((text.text.to_string(), at));
        }
    }
}
