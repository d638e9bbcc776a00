//! Forms 表单: choices, and mistakes that come back beside their field, all at once.

/// One thing to choose.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// Said below it, for example the statute.
    pub hint: Option<String>,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

impl Choice {
    /// A choice that is not chosen.
    #[must_use]
    pub fn new(value: &str, text: &str) -> Self {
        Self { value: value.to_owned(), text: text.to_owned(), hint: None, is_chosen: false }
    }

    /// With something said below it.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }

    /// Chosen.
    #[must_use]
    pub fn chosen(mut self) -> Self {
        self.is_chosen = true;
        self
    }
}

/// The seven kinds of identity document, in order, `chosen` being chosen.
#[must_use]
pub fn id_kinds(chosen: &str) -> Vec<Choice> {
    [
        ("01", "居民身份证"),
        ("02", "护照"),
        ("03", "港澳居民来往内地通行证"),
        ("04", "台湾居民来往大陆通行证"),
        ("05", "外国人永久居留身份证"),
        ("06", "港澳居民居住证"),
        ("07", "台湾居民居住证"),
    ]
    .into_iter()
    .map(|(value, text)| Choice { is_chosen: value == chosen, ..Choice::new(value, text) })
    .collect()
}

/// A paper that was received with a form that came back: it need not be chosen again.
#[derive(Clone)]
pub struct KeptPaper {
    /// What stands for it in the form.
    pub token: String,
    /// Its name.
    pub name: String,
}

register::hidden!(KeptPaper);

/// What is wrong with one field.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// The field's `name` and `id`.
    pub field: String,
    /// What is wrong and what to do, as one sentence.
    pub says: String,
}

/// What is wrong with a form; empty if nothing is.
#[derive(Clone, Debug, Default)]
pub struct Mistakes(pub Vec<Mistake>);

impl Mistakes {
    /// Nothing is wrong.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// With one more.
    #[must_use]
    pub fn and(mut self, field: &str, says: &str) -> Self {
        self.0.push(Mistake { field: field.to_owned(), says: says.to_owned() });
        self
    }

    /// What is wrong with this field; empty if nothing is.
    #[must_use]
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|m| m.field == field).map_or("", |m| m.says.as_str())
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in the order of the form.
    pub fn iter(&self) -> std::slice::Iter<'_, Mistake> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Mistakes {
    type Item = &'a Mistake;
    type IntoIter = std::slice::Iter<'a, Mistake>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
