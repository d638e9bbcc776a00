use e2e::Visit;

/// The places in the file of its identity numbers: 18 characters each, the same in GB18030.
fn numbers(file: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    for (at, piece) in file.windows(18).enumerate() {
        if piece.starts_with(b"9999") && piece[..17].iter().all(u8::is_ascii_digit) {
            found.push(at);
        }
    }
    found
}

/// Sends a file and waits until every row has been handled; gives the four counts.
async fn send(visit: &mut Visit, file: &std::path::Path, look: Option<&str>) -> Vec<String> {
    visit.open("/desk/send").await;
    visit.is_headed("报送数据").await;
    visit.choose("item", "NP04-MR").await;
    visit.attach("file", file).await;
    if let Some(name) = look {
        visit.look(name).await;
    }
    visit.press("报送").await;
    visit.is_headed("一次报送").await;
    visit
        .becomes("the batch is done", "return document.querySelector('main').innerText", |main| {
            main.as_str().is_some_and(|main| main.contains("已完成"))
        })
        .await;
    visit.texts("#batch .cx-figure dd").await
}

#[tokio::test]
async fn a_clerk_sends_a_file_gets_back_what_is_wrong_and_sends_it_again() {
    let mut visit = Visit::begin("send").await;
    visit.sign_in("mr-clerk", "/desk").await;
    visit.is_headed("今天要办").await;
    visit.says(&["您已登录。", "最近的报送"]).await;
    visit.look("desk").await;

    // Three rows of 300 have a wrong check digit.
    let sound = visit.sample("NP04-MR", 300);
    let mut bytes = std::fs::read(&sound).unwrap();
    let numbers = numbers(&bytes);
    assert_eq!(numbers.len(), 300, "a number in each row");
    let mut wrong = Vec::new();
    for row in [4, 150, 299] {
        let last = numbers[row] + 17;
        bytes[last] = if bytes[last] == b'1' { b'2' } else { b'1' };
        wrong.push(String::from_utf8(bytes[numbers[row]..=last].to_vec()).unwrap());
    }
    let damaged = sound.with_file_name("damaged.csv");
    std::fs::write(&damaged, &bytes).unwrap();

    let counts = send(&mut visit, &damaged, Some("form")).await;
    assert_eq!(counts, ["300", "297", "0", "3"], "read, accepted, twice, returned");
    visit.says(&["退回的行", "共 3 处", "校验码", "请按证件逐位核对号码"]).await;
    let rows = visit.texts("#batch tbody td[data-label='行']").await;
    assert_eq!(rows.len(), 3, "{rows:?}");
    for number in &wrong {
        assert!(!visit.main().await.contains(number), "no number on the page");
    }
    visit.look("batch").await;
    let batch = visit.path().await;

    // The rows come back under the agency's own columns, to be mended where they stand.
    let list = visit.target("下载退回清单").await;
    let (status, csv) = visit.fetch(&list).await;
    assert_eq!(status, 200);
    let header = csv.lines().next().unwrap();
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap();
    let own = String::from_utf8(first.to_vec()).expect("codes are ASCII");
    assert!(own.contains("CF_XDR_MC"), "{own}");
    for column in own.trim_end().split(',') {
        assert!(header.contains(column), "{column} is not in {header}");
    }
    for number in &wrong {
        assert!(csv.contains(number), "{number} has not come back");
    }
    assert_eq!(csv.lines().count(), 1 + 3, "nothing else has: {csv}");

    // The mended file: what is in already counts once.
    let counts = send(&mut visit, &sound, None).await;
    assert_eq!(counts, ["300", "3", "297", "0"], "read, accepted, twice, returned");
    visit.is_silent_about(&["退回的行", "下载退回清单"]).await;
    visit.look("batch-again").await;
    visit.open("/desk").await;
    assert!(visit.count("main tbody tr").await >= 2);
    visit.look("desk-after").await;

    // A file that is no table, and no file at all.
    visit.open("/desk/send").await;
    visit.choose("item", "NP04-MR").await;
    visit.press("报送").await;
    visit
        .becomes("refused", "return document.title", |title| title == "有误：报送数据 · 诚信凌源")
        .await;
    visit.says(&["请选择要报送的文件"]).await;
    visit.look("no-file").await;
    let text = sound.with_file_name("letter.csv");
    std::fs::write(&text, "各位同事：\n附件请查收。\n").unwrap();
    visit.choose("item", "NP04-MR").await;
    visit.attach("file", &text).await;
    visit.press("报送").await;
    let asks_for_a_file = "return document.body.innerText.includes('请选择要报送的文件')";
    visit.becomes("refused for another reason", asks_for_a_file, |asks| asks == false).await;
    visit.says(&["表头缺少这些列"]).await;
    visit.look("no-table").await;

    // Another bureau does not see this batch.
    visit.sign_out().await;
    visit.sign_in("tr-clerk", "/desk").await;
    visit.open(&batch).await;
    assert!([403, 404].contains(&visit.status().await));
    visit.look("batch-of-others").await;
    visit.end().await;
}
