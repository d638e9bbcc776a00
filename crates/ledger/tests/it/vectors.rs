//! The vectors that the Certificate Transparency projects publish with their reference code.

use ledger::{Frontier, Hash, HashKind, NodeMap, leaf_hash};

const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hash(text: &str) -> Hash {
    Hash(hex::decode(text).unwrap().try_into().unwrap())
}

pub(crate) fn nodes(leaves: &[Hash]) -> (NodeMap, Frontier) {
    let mut map = NodeMap::new(HashKind::Sha256);
    let mut frontier = Frontier::new(HashKind::Sha256);
    for (seq, leaf) in (0_u64..).zip(leaves) {
        map.insert(0, seq, *leaf);
        for tile in frontier.append(*leaf) {
            map.insert(tile.level, tile.index, tile.hash);
        }
    }
    (map, frontier)
}

fn leaves() -> Vec<Hash> {
    LEAVES.iter().map(|leaf| leaf_hash(HashKind::Sha256, &hex::decode(leaf).unwrap())).collect()
}

#[test]
fn the_empty_log_has_the_hash_of_nothing() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(Frontier::new(HashKind::Sha256).root(), hash(empty));
}

#[test]
fn roots_of_one_to_eight_leaves() {
    let leaves = leaves();
    for size in 1..=8 {
        let (map, frontier) = nodes(&leaves[..size]);
        assert_eq!(frontier.root(), hash(ROOTS[size - 1]), "{size} leaves");
        assert_eq!(ledger::root_of(size as u64, &map).unwrap(), hash(ROOTS[size - 1]));
    }
}

#[test]
fn published_inclusion_proofs() {
    let (map, _) = nodes(&leaves());
    let cases: [(u64, u64, &[&str]); 4] = [
        (0, 1, &[]),
        (
            0,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    ];
    for (seq, size, expected) in cases {
        let proof = ledger::inclusion_proof(seq, size, &map).unwrap();
        let expected: Vec<Hash> = expected.iter().map(|text| hash(text)).collect();
        assert_eq!(proof, expected, "leaf {seq} of {size}");
        let root = hash(ROOTS[size as usize - 1]);
        let leaf = leaves()[seq as usize];
        ledger::verify_inclusion(HashKind::Sha256, &leaf, seq, size, &proof, &root).unwrap();
    }
}

#[test]
fn published_consistency_proofs() {
    let (map, _) = nodes(&leaves());
    let cases: [(u64, u64, &[&str]); 4] = [
        (1, 1, &[]),
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            &[
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (old, new, expected) in cases {
        let proof = ledger::consistency_proof(old, new, &map).unwrap();
        let expected: Vec<Hash> = expected.iter().map(|text| hash(text)).collect();
        assert_eq!(proof, expected, "{old} to {new}");
        let (before, after) = (hash(ROOTS[old as usize - 1]), hash(ROOTS[new as usize - 1]));
        ledger::verify_consistency(HashKind::Sha256, (old, &before), (new, &after), &proof)
            .unwrap();
    }
}
