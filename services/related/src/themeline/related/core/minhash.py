"""MinHash: how much text two articles have in common, from 128 bytes of each."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

from themeline.related.core.records import SIGNATURE

SHINGLE = 3
"""Words in a row that count as one piece of text: shorter ones are shared by chance, longer ones lost by edits."""

_SEED = 20_250_712
_RANDOM = np.random.Generator(np.random.PCG64(_SEED))
_FACTORS = _RANDOM.integers(1, 1 << 32, SIGNATURE, dtype=np.uint64) | np.uint64(1)
_OFFSETS = _RANDOM.integers(0, 1 << 32, SIGNATURE, dtype=np.uint64)
_SHIFT = np.uint64(48)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MIXED = _FACTORS * _MIX
_EIGHT_ONES, _TOP_BYTE = np.uint64(0x0101010101010101), np.uint64(56)


def signature(words: Sequence[str]) -> npt.NDArray[np.uint16]:
    """The MinHash signature of a text's shingles, uint16 (SIGNATURE,); zeros for a text without words."""
    if not words:
        return np.zeros(SIGNATURE, np.uint16)
    # all words encoded at once: a word holds no line break
    encoded = "\n".join(words).encode(errors="replace").split(b"\n")
    hashes = np.fromiter(map(crc32, encoded), np.uint64, len(encoded))
    size = min(SHINGLE, len(hashes))
    pieces = hashes[: len(hashes) - size + 1].copy()
    for at in range(1, size):
        pieces = pieces * _MIX + hashes[at : len(hashes) - size + 1 + at]
    pieces ^= pieces >> np.uint64(32)
    table = pieces[:, None] * _MIXED
    table += _OFFSETS
    lowest: npt.NDArray[np.uint16] = (table.min(axis=0) >> _SHIFT).astype(np.uint16)
    return lowest


def resemblance(left: npt.NDArray[np.uint16], right: npt.NDArray[np.uint16]) -> npt.NDArray[np.float32]:
    """Estimated Jaccard similarity of one signature with many, (SIGNATURE,) and (m, SIGNATURE) -> (m,)."""
    # truth values are bytes of 0 or 1: eight are added at once, and the sums of eight by multiplying
    equal = (right == left).view(np.uint64).sum(axis=1) * _EIGHT_ONES >> _TOP_BYTE
    share: npt.NDArray[np.float32] = equal.astype(np.float32) / np.float32(SIGNATURE)
    return share
