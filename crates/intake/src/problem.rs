//! What is wrong with one cell: a stable code, words, what to do; never the cell's value.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $says:literal, $next:literal;)*) => {
        /// What can be wrong with a cell.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ProblemCode { $($(#[$doc])* $name,)* }

        impl ProblemCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What is wrong.
            #[must_use]
            pub const fn says(self) -> &'static str {
                match self { $(Self::$name => $says,)* }
            }

            /// What to do.
            #[must_use]
            pub const fn next(self) -> &'static str {
                match self { $(Self::$name => $next,)* }
            }
        }
    };
}

codes! {
    /// No date that exists.
    DateUnreadable = "date-unreadable", "这不是一个存在的日期，或者不止一天。", "请按 2026-03-01 这样填写一天。";
    /// No amount.
    AmountUnreadable = "amount-unreadable", "金额看不明白。", "请只填数字，单位和表头一致。";
    /// Must be there.
    ValueMissing = "value-missing", "这一项必须填写。", "请按文书补齐后重新报送。";
    /// Longer than the layout allows.
    TooLong = "too-long", "文字太长。", "请按文书的要点填写。";
    /// More or fewer cells than the header.
    WrongNumberOfCells = "wrong-number-of-cells", "这一行的格数和表头对不上。", "请检查有没有多余的逗号或者缺少的引号。";
    /// Two columns of the same meaning say different things.
    ColumnsDiffer = "columns-differ", "这一列和意思相同的另一列填得不一样。", "请按文书核对，两列只填一列，或者填成一样。";
    /// Bytes that are no characters.
    BadCharacters = "bad-characters", "这一行有读不出来的字。", "请检查文件编码，另存为 UTF-8 以后重新报送。";
    /// A formula that failed, or that nobody has worked out.
    FormulaUnreadable = "formula-unreadable", "这一格的公式没有算出结果。", "请把这一格改成写好的内容，不要用公式。";
    /// A key that the earlier lines of a JSON file did not have.
    KeyUnexpected = "key-unexpected", "文件开头的各行没有这一项，所以没有读到它。", "请在第一行就写全所有的项，没有内容的写空。";
    /// Another number than an identity number that lost its last digits.
    NumberLostDigits = "number-lost-digits", "这个编号被存成了数字，后几位已经丢失。", "请把这一列设为文本格式，重新填写。";
    /// A spreadsheet number that lost its last digits.
    IdNumberLostDigits = "id-number-lost-digits", "证件号码被存成了数字，后几位已经丢失。", "请把这一列设为文本格式，重新填写号码。";
}

/// One thing wrong in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellProblem {
    /// The agency's own header, or empty for the row as a whole.
    pub column: String,
    /// What kind.
    pub code: ProblemCode,
    /// What is wrong.
    pub says: String,
    /// What to do.
    pub next: String,
}

impl CellProblem {
    pub(crate) fn new(column: &str, code: ProblemCode) -> Self {
        Self {
            column: column.to_owned(),
            code,
            says: code.says().to_owned(),
            next: code.next().to_owned(),
        }
    }
}
