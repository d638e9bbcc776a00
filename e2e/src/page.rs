//! What every page keeps 每一页: no fault that axe finds, no sideways scrolling, no script refused.

use serde::Deserialize;
use serde_json::{Value, json};
use thirtyfour::WebDriver;

/// A phone and a desk.
pub(crate) const WIDTHS: [u32; 2] = [360, 1280];
const HEIGHT: u32 = 800;

const AXE: &str = include_str!("../vendor/axe.min.js");

const RUN_AXE: &str = r"
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }).then(
  found => done({ found: found.violations.map(one => ({
    id: one.id,
    help: one.help,
    targets: one.nodes.map(node => node.target.join(' ') + ' — ' + node.failureSummary),
  })) }),
  error => done({ failed: String(error) }));";

const TOO_WIDE: &str = r"
const page = document.documentElement;
if (page.scrollWidth <= page.clientWidth) return [];
const wide = [...document.body.querySelectorAll('*')]
  .filter(part => part.getBoundingClientRect().right > page.clientWidth + 1)
  .slice(0, 8)
  .map(part => part.outerHTML.slice(0, 120));
return ['the page is ' + page.scrollWidth + ' wide', ...wide];";

const UNFOLD: &str = r"
const folded = [...document.querySelectorAll('details:not([open])')];
for (const one of folded) { one.open = true; one.dataset.unfolded = ''; }
return folded.length;";

const FOLD: &str = r"
for (const one of document.querySelectorAll('details[data-unfolded]')) {
  one.open = false; delete one.dataset.unfolded;
}";

#[derive(Debug, Deserialize)]
struct Violation {
    id: String,
    help: String,
    targets: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Axe {
    Found(Vec<Violation>),
    Failed(String),
}

/// Makes the page that wide, as a window would be; a window itself cannot be as narrow as a phone.
pub(crate) async fn resize(driver: &WebDriver, width: u32, height: u32) {
    let metrics =
        json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await.unwrap();
    let inner = driver.execute("return innerWidth", vec![]).await.unwrap();
    assert_eq!(inner.json(), &json!(width), "the page is not as wide as asked");
}

/// A picture of the whole page.
pub(crate) async fn picture(driver: &WebDriver, width: u32) -> Vec<u8> {
    resize(driver, width, HEIGHT).await;
    let script = "return document.documentElement.scrollHeight";
    let height: u32 = driver.execute(script, vec![]).await.unwrap().convert().unwrap();
    resize(driver, width, height.clamp(HEIGHT, 12_000)).await;
    driver.screenshot_as_png().await.unwrap()
}

/// Looks at the open page at one width, everything that folds once folded and once open.
pub(crate) async fn check(driver: &WebDriver, width: u32, at: &str) {
    resize(driver, width, HEIGHT).await;
    fits(driver, at).await;
    driver.execute(UNFOLD, vec![]).await.unwrap();
    fits(driver, at).await;
    axe(driver, at).await;
    driver.execute(FOLD, vec![]).await.unwrap();
}

async fn fits(driver: &WebDriver, at: &str) {
    let wide: Vec<String> = driver.execute(TOO_WIDE, vec![]).await.unwrap().convert().unwrap();
    assert!(wide.is_empty(), "{at} scrolls sideways:\n  {}", wide.join("\n  "));
}

/// Asks axe, all its rules but the experimental ones.
async fn axe(driver: &WebDriver, at: &str) {
    driver.execute(AXE, vec![]).await.unwrap();
    let answer: Value = driver.execute_async(RUN_AXE, vec![]).await.unwrap().json().clone();
    let violations = match serde_json::from_value(answer).unwrap() {
        Axe::Found(violations) => violations,
        Axe::Failed(error) => panic!("axe cannot look at {at}: {error}"),
    };
    let said: Vec<String> = violations.iter().map(Violation::say).collect();
    assert!(said.is_empty(), "axe at {at}:\n{}", said.join("\n"));
}

impl Violation {
    fn say(&self) -> String {
        let more = self.targets.len().saturating_sub(5);
        let mut lines = vec![format!("{}: {}", self.id, self.help)];
        lines.extend(self.targets.iter().take(5).map(|target| format!("    {target}")));
        if more > 0 {
            lines.push(format!("    and {more} more"));
        }
        lines.join("\n")
    }
}

/// What the browser complained about, apart from answers that are meant to be 4xx.
pub(crate) async fn complaints(driver: &WebDriver) -> Vec<String> {
    let entries = driver.browser_log().await.unwrap();
    let meant = |said: &str| {
        said.contains("the server responded with a status of 4") && !said.contains("/assets/")
    };
    entries
        .into_iter()
        .filter(|entry| matches!(entry.level.as_str(), "SEVERE" | "WARNING"))
        .map(|entry| entry.message)
        .filter(|said| !meant(said))
        .collect()
}
