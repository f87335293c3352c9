//! A 64-bit hash that gives the same number in every process, build and machine.
//!
//! The hashers of maps (`RandomState`, ahash, foldhash) promise nothing of the kind, so this is our own.
//! It takes its input as parts, each led by its length so that `ab` + `c` is not `a` + `bc`, and reads eight
//! bytes at a time, little-endian whatever the machine. Each word is scrambled as in `MurmurHash64A`
//! (multiply, fold the top down, multiply), then folded into the state by xor, rotate, multiply and add. Every
//! one of these steps can be undone, so two inputs of one length that differ in a single word never meet. The
//! end is David Stafford's variant 13 of the Murmur finaliser, which flips each output bit with probability one
//! half for any flipped input bit. It is no defence against somebody who makes collisions on purpose.

/// Golden ratio; any odd number without a pattern would do.
const SEED: u64 = 0x9E37_79B9_7F4A_7C15;
/// The multiplier of `MurmurHash64A`.
const SCRAMBLE: u64 = 0xC6A4_A793_5BD1_E995;
/// The multiplier of Knuth's MMIX generator, and its increment.
const FOLD: u64 = 0x5851_F42D_4C95_7F2D;
const STEP: u64 = 0x1405_7B7E_F767_814F;

/// The hash of the parts given so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hash64(u64);

impl Hash64 {
    pub(crate) const fn new() -> Self {
        Self(SEED)
    }

    /// Takes one number, for what has no length.
    #[inline]
    pub(crate) fn word(self, word: u64) -> Self {
        let word = word.wrapping_mul(SCRAMBLE);
        let word = (word ^ (word >> 47)).wrapping_mul(SCRAMBLE);
        Self(
            (self.0 ^ word)
                .rotate_left(27)
                .wrapping_mul(FOLD)
                .wrapping_add(STEP),
        )
    }

    /// Takes one part, its length first.
    #[inline]
    pub(crate) fn part(self, part: &[u8]) -> Self {
        let mut hash = self.word(u64::try_from(part.len()).unwrap_or(u64::MAX));
        let (words, tail) = part.as_chunks::<8>();
        for word in words {
            hash = hash.word(u64::from_le_bytes(*word));
        }
        if !tail.is_empty() {
            let mut last = [0; 8];
            last.iter_mut().zip(tail).for_each(|(to, from)| *to = *from);
            hash = hash.word(u64::from_le_bytes(last));
        }
        hash
    }

    pub(crate) fn finish(self) -> u64 {
        let hash = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        hash ^ (hash >> 31)
    }
}
