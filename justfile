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

# Try the API against its own description with schemathesis, 60 seconds or as many as you say
api-fuzz *seconds:
    tools/schemathesis {{seconds}}

# Break what every reader of outside input reads, each for so many seconds
fuzz seconds="60":
    CHENGXIN_FUZZ_SECONDS={{seconds}} cargo test -p chengxin --test fuzz -- --nocapture
    CHENGXIN_FUZZ_SECONDS={{seconds}} cargo test -p web --test it fuzz:: -- --nocapture
