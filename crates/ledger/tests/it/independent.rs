//! Method: the independent crate `ct-merkle` builds the same tree in memory; roots and proofs agree,
//! and any single change of a leaf, a position, a proof or a root is refused.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ledger::{Frontier, Hash, HashKind, leaf_hash};
use proptest::prelude::*;
use sha2::Sha256;

use crate::vectors::nodes;

fn leaf(n: u64) -> Vec<u8> {
    format!("leaf {n}").into_bytes()
}

fn build(size: u64) -> (Vec<Hash>, MemoryBackedTree<Sha256, Vec<u8>>) {
    let mut theirs = MemoryBackedTree::new();
    let ours = (0..size)
        .map(|n| {
            theirs.push(leaf(n));
            leaf_hash(HashKind::Sha256, &leaf(n))
        })
        .collect();
    (ours, theirs)
}

fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.chunks(32).map(|hash| Hash(hash.try_into().unwrap())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn roots_and_proofs_agree(size in 1_u64..1_500, at in 0.0_f64..1.0, bit in 0_usize..256) {
        let seq = ((size as f64 * at) as u64).min(size - 1);
        let (leaves, theirs) = build(size);
        let (map, frontier) = nodes(&leaves);
        let root = Hash(theirs.root().as_bytes().to_vec().try_into().unwrap());
        prop_assert_eq!(frontier.root(), root);

        let proof = ledger::inclusion_proof(seq, size, &map).unwrap();
        let expected = theirs.prove_inclusion(seq as usize);
        prop_assert_eq!(&proof, &hashes(expected.as_bytes()));
        let check = |leaf: &Hash, seq, size, proof: &[Hash], root: &Hash| {
            ledger::verify_inclusion(HashKind::Sha256, leaf, seq, size, proof, root)
        };
        let right = leaves[seq as usize];
        prop_assert!(check(&right, seq, size, &proof, &root).is_ok());

        let mut wrong = right;
        wrong.0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(check(&wrong, seq, size, &proof, &root).is_err());
        let mut other = root;
        other.0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(check(&right, seq, size, &proof, &other).is_err());
        for n in 0..proof.len() {
            let mut touched = proof.clone();
            touched[n].0[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(check(&right, seq, size, &touched, &root).is_err());
        }
        prop_assert!(check(&right, size, size, &proof, &root).is_err());
        let longer = [proof.as_slice(), &[root]].concat();
        prop_assert!(check(&right, seq, size, &longer, &root).is_err());
    }

    #[test]
    fn only_grown_logs_are_consistent(new in 2_u64..1_200, at in 0.0_f64..1.0) {
        let old = ((new as f64 * at) as u64).clamp(1, new - 1);
        let (leaves, theirs) = build(new);
        let (map, frontier) = nodes(&leaves);
        let (_, before) = nodes(&leaves[..old as usize]);
        let proof = ledger::consistency_proof(old, new, &map).unwrap();
        let expected = theirs.prove_consistency((new - old) as usize);
        prop_assert_eq!(&proof, &hashes(expected.as_bytes()));
        let check = |old_root: &Hash, new_root: &Hash| {
            ledger::verify_consistency(HashKind::Sha256, (old, old_root), (new, new_root), &proof)
        };
        prop_assert!(check(&before.root(), &frontier.root()).is_ok());
        let mut rewritten = leaves.clone();
        rewritten[old as usize - 1] = rewritten[new as usize - 1];
        let (_, rewritten) = nodes(&rewritten);
        if rewritten.root() != frontier.root() {
            prop_assert!(check(&before.root(), &rewritten.root()).is_err());
        }
    }

    #[test]
    fn what_is_read_is_enough(size in 1_u64..200_000, at in 0.0_f64..1.0) {
        let seq = ((size as f64 * at) as u64).min(size - 1);
        for read in ledger::reads_for_inclusion(seq, size) {
            prop_assert!(read.level.is_multiple_of(8) && read.count <= 128);
            prop_assert!((read.from + read.count) << read.level <= size);
        }
    }

    #[test]
    fn a_frontier_survives_its_bytes(size in 0_u64..600) {
        let (leaves, _) = build(size);
        let (_, frontier) = nodes(&leaves);
        let bytes = frontier.to_bytes();
        prop_assert_eq!(Frontier::from_bytes(HashKind::Sha256, &bytes).unwrap(), frontier);
        prop_assert!(Frontier::from_bytes(HashKind::Sha256, &bytes[..bytes.len() - 1]).is_err());
    }

    #[test]
    fn hostile_proofs_never_panic(
        seq in any::<u64>(), size in any::<u64>(), count in 0_usize..70
    ) {
        let proof = vec![Hash([7; 32]); count];
        let hash = Hash([1; 32]);
        let _ = ledger::verify_inclusion(HashKind::Sm3, &hash, seq, size, &proof, &hash);
        let _ = ledger::verify_consistency(HashKind::Sm3, (seq, &hash), (size, &hash), &proof);
    }
}
