use report::*;

use crate::{read, sample};

#[test]
fn the_cover_lists_everything_and_each_text_begins_a_page() {
    let pdf = evidence_bundle(&sample::bundle()).unwrap();
    assert_eq!(pdf.pages, 3);
    let pages = read::pages(&pdf);
    for part in ["异议处理证据材料", "1异议申请的经过2", "2登记变动3", "附件3：送达回证", "3页"]
    {
        assert!(pages[0].contains(part), "{part} in {}", pages[0]);
    }
    assert!(pages[0].contains(&"30".repeat(32)), "digests whole: {}", pages[0]);
    assert!(pages[1].contains("异议申请的经过"));
    assert!(pages[2].contains("同日标注有异议。"));
    assert_eq!(evidence_bundle(&sample::bundle()).unwrap().bytes, pdf.bytes);
}

#[test]
fn files_travel_inside_byte_for_byte() {
    let mut bundle = sample::bundle();
    // Not a PDF at all: nobody looks into what was handed in.
    let bytes: Vec<u8> = (0..=255u8).cycle().take(70_000).collect();
    bundle.attachments[1].file = Some(AttachedFile {
        bytes: bytes.clone(),
        extension: "pdf",
        media_type: "application/pdf",
    });
    let pdf = evidence_bundle(&bundle).unwrap();
    let page = &read::pages(&pdf)[0];
    assert!(page.contains("附件2：送达回证（在本卷内：附件2.pdf）"), "{page}");
    assert!(page.contains("没有标明“在本卷内”的附件单独保存"), "{page}");
    let document = read::document(&pdf);
    let files: Vec<_> = document
        .objects
        .values()
        .filter_map(|object| object.as_stream().ok())
        .filter(|stream| {
            stream
                .dict
                .get(b"Type")
                .is_ok_and(|kind| kind.as_name().is_ok_and(|kind| kind == b"EmbeddedFile"))
        })
        .map(|stream| stream.decompressed_content().unwrap_or_else(|_| stream.content.clone()))
        .collect();
    assert_eq!(files, [bytes]);
}

#[test]
fn an_empty_bundle_says_so() {
    let bundle = EvidenceBundle { attachments: vec![], pages: vec![], ..sample::bundle() };
    let text = read::text(&evidence_bundle(&bundle).unwrap());
    assert!(text.contains("本卷没有附件。") && text.contains("本卷没有文字材料。"));
}
