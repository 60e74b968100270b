"""What the engine asks of a text encoder. The encoders themselves stand outside the core."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt


class Encoder(Protocol):
    """Texts to vectors. `name` is stored beside each vector: vectors of two encoders are never compared."""

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of the texts, shape (len(texts), dimensions), L2-normalised; an empty text gives zeros."""
        ...
