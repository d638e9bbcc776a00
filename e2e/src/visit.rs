//! One visit 一次来访: what a person does at a page, and what he then sees.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::{By, Key, WebDriver, WebElement};

use crate::browser::{self, ChromeDriver};
use crate::identity_service::IdentityService;
use crate::page::{self, WIDTHS};
use crate::product::{Person, Product};

/// The longest that anything on a page may take.
const PATIENCE: Duration = Duration::from_secs(30);
const PASSWORD: &str = "chengxin-demo";

/// A city of one's own and a browser in it. Fields are dropped in this order.
pub struct Visit {
    driver: WebDriver,
    journey: &'static str,
    pages: u32,
    _chromedriver: ChromeDriver,
    /// Always there, but while it starts anew.
    product: Option<Product>,
}

impl Drop for Visit {
    fn drop(&mut self) {
        // After a panic the runtime stands still, and the session could not be closed through it:
        // chromedriver closes it instead.
        let _ = self.driver.clone().leak();
    }
}

impl Visit {
    /// Starts the product and opens a browser.
    pub async fn begin(journey: &'static str) -> Self {
        browser::is_needed();
        Self::at(journey, Product::start()).await
    }

    /// The same in a city that is found by a name, so that browsers use passkeys there.
    pub async fn begin_named(journey: &'static str) -> Self {
        browser::is_needed();
        Self::at(journey, Product::start_named()).await
    }

    /// The same in a city whose persons sign in by that service.
    pub async fn begin_with(journey: &'static str, service: &IdentityService) -> Self {
        browser::is_needed();
        Self::at(journey, Product::start_with(&service.settings())).await
    }

    /// The same as if it were this moment now, for example `2026-12-02T02:00:00+08:00`.
    pub async fn begin_at(journey: &'static str, moment: &str) -> Self {
        browser::is_needed();
        Self::at(journey, Product::start_at(moment)).await
    }

    /// Time has passed: the same city at this moment, in the same browser; nobody is signed in.
    pub async fn goes_on_at(&mut self, moment: &str) {
        self.driver.delete_all_cookies().await.unwrap();
        let product = self.product.take().expect("a product runs");
        self.product = Some(product.goes_on_at(moment));
    }

    fn product(&self) -> &Product {
        self.product.as_ref().expect("a product runs")
    }

    async fn at(journey: &'static str, product: Product) -> Self {
        let chromedriver = ChromeDriver::start(product.dir.path());
        let driver = chromedriver.open().await;
        page::resize(&driver, 1280, 800).await;
        let product = Some(product);
        Self { driver, journey, pages: 0, _chromedriver: chromedriver, product }
    }

    /// Closes everything; the browser must have had nothing to complain about.
    pub async fn end(self) {
        let complaints = page::complaints(&self.driver).await;
        assert!(complaints.is_empty(), "the browser says: {complaints:#?}");
        self.driver.clone().quit().await.unwrap();
    }

    /// Who has that account.
    #[must_use]
    pub fn person(&self, login: &str) -> Person {
        self.product().person(login)
    }

    /// A file of invented rows in GB18030.
    #[must_use]
    pub fn sample(&self, item: &str, rows: u32) -> PathBuf {
        self.product().sample(item, rows)
    }

    /// Opens a page by its address.
    pub async fn open(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.product().address)).await.unwrap();
    }

    /// Looks at the open page at every width, and keeps a picture first in `CHENGXIN_E2E_SHOTS`.
    pub async fn look(&mut self, name: &str) {
        self.pages += 1;
        for width in WIDTHS {
            let at = format!("{} {:02} {name} {width}px", self.journey, self.pages);
            if let Some(folder) = std::env::var_os("CHENGXIN_E2E_SHOTS") {
                std::fs::create_dir_all(&folder).unwrap();
                let png = page::picture(&self.driver, width).await;
                std::fs::write(Path::new(&folder).join(at.replace(' ', "-") + ".png"), png)
                    .unwrap();
            }
            page::check(&self.driver, width, &at).await;
        }
    }

    /// Signs in at the form; gives up unless it leads to `home`.
    pub async fn sign_in(&self, login: &str, home: &str) {
        self.open("/sign-in").await;
        self.fill("login", login).await;
        self.fill("password", PASSWORD).await;
        self.press("登录").await;
        // At work a code follows; a demonstration shows those that are good and unused.
        for _ in 0..100 {
            let path = self.driver.current_url().await.unwrap().path().to_owned();
            let shown = self.texts("#demo-code").await;
            match (path.as_str(), shown.as_slice()) {
                ("/sign-in/second", [code]) => {
                    self.fill("code", code).await;
                    self.press("登录").await;
                }
                ("/sign-in/second", _) => {
                    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                    self.driver.refresh().await.unwrap();
                }
                ("/sign-in", _) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
                _ => break,
            }
        }
        self.comes_to(home).await;
    }

    /// Signs out at the button.
    pub async fn sign_out(&self) {
        self.press("退出").await;
        self.comes_to("/").await;
    }

    /// Types into a field.
    pub async fn fill(&self, id: &str, text: &str) {
        let field = self.one(&format!("#{id}")).await;
        field.clear().await.unwrap();
        if text.chars().all(|one| u32::from(one) <= 0xFFFF) {
            field.send_keys(text).await.unwrap();
        } else {
            // The driver types no rare characters.
            let args = vec![field.to_json().unwrap(), json!(text)];
            self.driver.execute("arguments[0].value = arguments[1]", args).await.unwrap();
        }
    }

    /// Chooses a file as a person would; it must be there.
    pub async fn attach(&self, id: &str, file: &Path) {
        self.one(&format!("#{id}")).await.send_keys(file.to_str().unwrap()).await.unwrap();
    }

    /// Chooses one of several.
    pub async fn choose(&self, name: &str, value: &str) {
        self.one(&format!("input[name={name}][value='{value}']")).await.click().await.unwrap();
    }

    /// Presses the button of that text in the page, or else in the header, and waits for the page
    /// that comes of it: what is asked next is asked of that one. A form that is not filled in
    /// stays.
    pub async fn press(&self, text: &str) {
        let path = format!("//main//button[normalize-space()='{text}']");
        let mut buttons = self.driver.find_all(By::XPath(path)).await.unwrap();
        if buttons.is_empty() {
            let path = format!("//header//button[normalize-space()='{text}']");
            buttons = self.driver.find_all(By::XPath(path)).await.unwrap();
        }
        let [button] = buttons.as_slice() else {
            panic!("{} buttons {text} at {}", buttons.len(), self.place().await)
        };
        let args = vec![button.to_json().unwrap()];
        let script = "document.left = true; return arguments[0].form?.checkValidity() ?? true";
        let leaves = self.driver.execute(script, args).await.unwrap();
        button.click().await.unwrap();
        if *leaves.json() == json!(true) {
            self.turns().await;
        }
    }

    /// Follows the first link in the page whose text contains this, to the page behind it.
    pub async fn follow(&self, text: &str) {
        let link = self.link(text).await;
        self.driver.execute("document.left = true", vec![]).await.unwrap();
        link.click().await.unwrap();
        self.turns().await;
    }

    /// Waits for the page that comes after the one left.
    async fn turns(&self) {
        const NEW: &str = "return !document.left && document.readyState === 'complete'";
        self.becomes("another page comes", NEW, |new| *new == json!(true)).await;
    }

    /// Follows a link of the footer.
    pub async fn follow_below(&self, text: &str) {
        let path = format!("//footer//a[normalize-space()='{text}']");
        self.driver.find(By::XPath(path)).await.unwrap().click().await.unwrap();
    }

    /// Where the first link in the page whose text contains this leads.
    pub async fn target(&self, text: &str) -> String {
        self.link(text).await.attr("href").await.unwrap().unwrap()
    }

    async fn link(&self, text: &str) -> WebElement {
        let path = format!("//main//a[contains(normalize-space(), '{text}')]");
        let links = self.driver.find_all(By::XPath(path)).await.unwrap();
        match links.into_iter().next() {
            Some(link) => link,
            None => panic!("no link {text} at {}", self.place().await),
        }
    }

    async fn one(&self, css: &str) -> WebElement {
        match self.driver.find(By::Css(css)).await {
            Ok(element) => element,
            Err(_) => panic!("no {css} at {}", self.place().await),
        }
    }

    /// How many there are.
    pub async fn count(&self, css: &str) -> usize {
        self.driver.find_all(By::Css(css)).await.unwrap().len()
    }

    /// The texts of all such parts.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let script =
            "return [...document.querySelectorAll(arguments[0])].map(one => one.innerText)";
        let texts = self.driver.execute(script, vec![json!(css)]).await.unwrap();
        texts.convert().unwrap()
    }

    /// The text of the page's main part.
    pub async fn main(&self) -> String {
        self.texts("main").await.join("\n")
    }

    /// Waits until the main part says all this: a page that was asked for may be on its way.
    pub async fn says(&self, parts: &[&str]) {
        const MAIN: &str = "return document.querySelector('main')?.innerText ?? ''";
        for part in parts {
            self.becomes(&format!("it says {part:?}"), MAIN, |main| {
                main.as_str().is_some_and(|main| main.contains(part))
            })
            .await;
        }
    }

    /// The main part says nothing of this.
    pub async fn is_silent_about(&self, parts: &[&str]) {
        let main = self.main().await;
        for part in parts {
            assert!(!main.contains(part), "{part:?} is said at {}", self.place().await);
        }
    }

    /// Waits until the address is this, without its query.
    pub async fn comes_to(&self, path: &str) {
        let wanted = json!(path);
        self.becomes(&format!("the address is {path}"), "return location.pathname", |at| {
            *at == wanted
        })
        .await;
    }

    /// Waits until the heading is this.
    pub async fn is_headed(&self, heading: &str) {
        let script = "return document.querySelector('h1')?.innerText";
        let wanted = json!(heading);
        self.becomes(&format!("the heading is {heading}"), script, |is| *is == wanted).await;
    }

    /// Waits until what a script gives is as wanted.
    pub async fn becomes(&self, what: &str, script: &str, wanted: impl Fn(&Value) -> bool) {
        let end = Instant::now() + PATIENCE;
        loop {
            let answer = self.driver.execute(script, vec![]).await;
            if answer.is_ok_and(|answer| wanted(answer.json())) {
                return;
            }
            assert!(Instant::now() < end, "never: {what}; at {}", self.place().await);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What a script gives.
    pub async fn script(&self, script: &str) -> Value {
        self.driver.execute(script, vec![]).await.unwrap().json().clone()
    }

    /// The HTTP status with which the open page came.
    pub async fn status(&self) -> u64 {
        let script = "return performance.getEntriesByType('navigation')[0].responseStatus";
        self.script(script).await.as_u64().unwrap()
    }

    /// Where the browser is.
    pub async fn path(&self) -> String {
        let path = self.script("return location.pathname + location.search").await;
        path.as_str().unwrap().to_owned()
    }

    /// Fetches an address as the page would download it: status and text.
    pub async fn fetch(&self, path: &str) -> (u64, String) {
        let script = "
            const done = arguments[arguments.length - 1];
            fetch(arguments[0]).then(async got => done([got.status, await got.text()]));";
        let got = self.driver.execute_async(script, vec![json!(path)]).await.unwrap();
        got.convert().unwrap()
    }

    /// Presses keys, wherever the focus is.
    pub async fn keys(&self, keys: &[Key]) {
        for key in keys {
            let chain = self.driver.action_chain();
            chain.send_keys(char::from(key.clone()).to_string()).perform().await.unwrap();
        }
    }

    /// Types, wherever the focus is.
    pub async fn write(&self, text: &str) {
        self.driver.action_chain().send_keys(text).perform().await.unwrap();
    }

    /// The browser underneath, for what only one test needs.
    #[must_use]
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// For messages: where the visitor is and what he sees there.
    async fn place(&self) -> String {
        let script =
            "return location.href + ' 「' + document.title + '」\\n' + document.body.innerText";
        let place = self.driver.execute(script, vec![]).await;
        place.map_or_else(|error| error.to_string(), |place| place.json().to_string())
    }
}
