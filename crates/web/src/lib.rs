//! The web door 网页: portal, my, desk, office and the API.

pub mod assets;
pub mod pages;
