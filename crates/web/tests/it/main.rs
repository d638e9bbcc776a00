//! Tests of the web door: pages by themselves, and the door with a small house behind it.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod api;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod counter;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod house;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod incidents;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod lines;
#[cfg(test)]
mod log;
mod machines;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod operator;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod passkey;
#[cfg(test)]
mod returned;
#[cfg(test)]
mod supervision;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod token;
#[cfg(test)]
mod uniform;
#[cfg(test)]
mod whole_number;
