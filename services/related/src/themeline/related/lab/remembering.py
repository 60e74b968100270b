"""An encoder that encodes each text once, however often a file is streamed."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from themeline.related.core.encoders import Encoder


class RememberingEncoder:
    """Another encoder, with its vectors remembered: 1 kB a text with 256 dimensions."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dimensions = encoder.name, encoder.dimensions
        self._encoder = encoder
        self._known: dict[str, npt.NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of the texts, shape (len(texts), dimensions)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        found = [self._known[text] for text in texts]
        return np.stack(found) if found else np.zeros((0, self.dimensions), np.float32)
