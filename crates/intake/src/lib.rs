//! Bytes that agencies send become typed rows, accepted and rejected
