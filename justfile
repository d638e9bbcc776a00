# The chores.
default:
    @just --list

# Try it out
demo:
    cargo run -- demo

# Everything that CI does
test:
    ./test

# While you work
quick:
    ./test --quick

# Lint the rulebook
rulebook:
    cargo run -q -- rulebook check rulebook

# Documentation of the crates
docs:
    cargo doc --workspace --no-deps --open

# The Debian package, in target/debian
deb:
    tools/deb

# The container image
container:
    tools/container

# The list of all that is inside the program (CycloneDX), in target/sbom
sbom:
    tools/sbom
