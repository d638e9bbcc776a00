//! Tests of the web door: pages by themselves, and the door with a small house behind it.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod counter;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod house;
#[cfg(test)]
mod log;
mod machines;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod returned;
