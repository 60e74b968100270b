"""Vectors without a model: stemmed words, projected at random."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from themeline.related.core.encoders import normalised
from themeline.related.core.text import normalise, tokens
from themeline.related.core.words import detect_language, term_of

# Multipliers of splitmix64 (Steele, Lea, Flood 2014), which turn a hash into bits without pattern.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
_WORD_BITS = 64


class LexicalEncoder:
    """Each stemmed term has 256 signs made from its hash; a text is the sum of its terms' signs.

    The cosine of two texts estimates that of their term counts. It needs no file and no language of its own, and
    finds what shares words; what is said in other words it cannot find.
    """

    name = "lexical-256"
    dimensions = 256

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of the texts, shape (len(texts), 256), L2-normalised; an empty text gives zeros."""
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for at, text in enumerate(texts):
            counts = _terms(text)
            if counts:
                weights = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
                found[at] = weights @ signs(np.fromiter(counts, np.uint32, len(counts)), self.dimensions)
        return normalised(found)


def _terms(text: str) -> Counter[int]:
    clean = normalise(text)
    language = detect_language(clean)
    counts = Counter(term_of(token.form, language) for token in tokens(clean))
    del counts[0]
    return counts


def signs(hashes: npt.NDArray[np.uint32], dimensions: int) -> npt.NDArray[np.float32]:
    """+1 or -1 in each dimension for each hash, (len(hashes), dimensions); dimensions is a multiple of 64."""
    steps = np.arange(1, dimensions // _WORD_BITS + 1, dtype=np.uint64) * _STEP
    bits = hashes[:, None].astype(np.uint64) * _MIX[1] + steps
    for shift, factor in zip(_SHIFTS, _MIX, strict=False):
        bits = (bits ^ (bits >> shift)) * factor
    bits ^= bits >> _SHIFTS[-1]
    unpacked = np.unpackbits(bits.astype("<u8").view(np.uint8), bitorder="little")
    return unpacked.reshape(len(hashes), dimensions).astype(np.float32) * 2 - 1
