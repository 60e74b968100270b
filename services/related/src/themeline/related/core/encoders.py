"""What the engine asks of a text encoder. The encoders themselves stand outside the core."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt


class Encoder(Protocol):
    """Texts to vectors. `name` is stored beside each vector: vectors of two encoders are never compared."""

    @property
    def name(self) -> str:
        """Changes whenever the same text would get another vector."""
        ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of the texts, shape (len(texts), dimensions), L2-normalised; an empty text gives zeros.

        A text has the same vector in any batch. Raises EncoderDownError when it cannot be had now.
        """
        ...


class EncoderDownError(Exception):
    """Vectors cannot be had now, and may be had later: a model server is away, or answers nonsense."""


def normalised(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Each row of (n, d) divided by its length; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: npt.NDArray[np.float32] = vectors / np.maximum(lengths, np.float32(1e-9))
    return unit
