"""The default encoder: static token vectors from the wordllama wheel."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import safe_open
from tokenizers import Tokenizer

from themeline.related.core.encoders import normalised
from themeline.related.core.foreign import is_foreign
from themeline.related.encoders.packages import folder_of

BATCH = 64
"""Texts pooled at once: bounds memory to some 10 MB whatever the batch."""


class StaticEncoder:
    """WordLlama, 256 dimensions: the mean of static token vectors. Its files come with the wordllama wheel.

    They are read directly: importing wordllama brings in an HTTP client and reconfigures the root logger.
    """

    name = "wordllama-256"
    dimensions = 256

    def __init__(self) -> None:
        package = folder_of("wordllama", "the service's requirements (requirements/related.txt)")
        self._vectors = _token_vectors(package / "weights" / "l2_supercat_256.safetensors")
        self._tokenizer = Tokenizer.from_file(str(package / "tokenizers" / "l2_supercat_tokenizer_config.json"))
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of the texts, shape (len(texts), 256), L2-normalised; an empty or foreign text gives zeros."""
        parts = [self._pool(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, self.dimensions), np.float32)

    def _pool(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        ids = [found.ids for found in self._tokenizer.encode_batch_fast(clean, add_special_tokens=False)]
        pooled = np.zeros((len(texts), self.dimensions), np.float32)
        for at, tokens in enumerate(ids):
            if tokens and not is_foreign(clean[at]):
                pooled[at] = self._vectors.take(tokens, axis=0).sum(axis=0)
        return normalised(pooled)


def _token_vectors(weights: Path) -> npt.NDArray[np.float32]:
    """The vectors by token, shape (32,000, 256). As the file has them, in halves, they take 16 MB less and a text of
    400 tokens takes 0.28 ms more to pool."""
    with safe_open(weights, framework="np") as file:
        return np.asarray(file.get_tensor("embedding.weight"), np.float32)
