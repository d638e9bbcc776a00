//! Pages 页面: one file a place.

pub(crate) mod check;
pub(crate) mod desk;
pub(crate) mod my;
pub(crate) mod office;
pub(crate) mod portal;
pub(crate) mod send;
pub(crate) mod sign_in;
