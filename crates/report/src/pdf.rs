/// A finished document.
#[derive(Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file: tagged, PDF/UA-1, the same bytes for the same input.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Characters that no font here can draw, in order of code point; each stands in the document as
    /// `[U+…]`, never as an empty box. Not empty means: have a person look before it is sent.
    pub unprintable: Vec<char>,
}

impl std::fmt::Debug for Pdf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pdf({} pages, {} bytes)", self.pages, self.bytes.len())
    }
}
