//! Code tables 代码表: a closed list, each entry with its code for machines and its name on screen.

/// An enum whose entries have a stable code and a Chinese name.
macro_rules! codes {
    ($(#[$of:meta])* pub enum $name:ident { $($(#[$doc:meta])* $entry:ident = $code:literal, $title:literal;)* }) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $entry,)* }

        impl $name {
            /// All entries, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$entry,)*];

            /// Its stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$entry => $code,)* }
            }

            /// Its name on screen.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$entry => $title,)* }
            }

            /// The entry of that code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|entry| entry.code() == code)
            }
        }
    };
}

pub(crate) use codes;
