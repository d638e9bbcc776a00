//! Tests of the web door: pages by themselves, and the door with a small house behind it.

#[cfg(test)]
mod doors;
#[cfg(test)]
mod house;
#[cfg(test)]
mod log;
mod machines;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod returned;
