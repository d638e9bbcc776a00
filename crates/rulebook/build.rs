//! Embeds the folder anew when a file in it changes; without this a build may keep yesterday's files.

fn main() {
    println!("cargo:rerun-if-changed=../../rulebook");
}
