"""Text encoders: the models behind `core.encoders.Encoder`."""

from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import safe_open
from tokenizers import Tokenizer

BATCH = 64
"""Texts pooled at once: bounds memory to some 10 MB whatever the batch."""


class StaticEncoder:
    """WordLlama, 256 dimensions: the mean of static token vectors. Its files come with the wordllama wheel.

    They are read directly: importing wordllama brings in an HTTP client and reconfigures the root logger.
    """

    name = "wordllama-256"
    dimensions = 256

    def __init__(self, package: Path) -> None:
        weights = package / "weights" / "l2_supercat_256.safetensors"
        with safe_open(weights, framework="np") as file:
            self._vectors: npt.NDArray[np.float16] = file.get_tensor("embedding.weight")
        self._tokenizer = Tokenizer.from_file(str(package / "tokenizers" / "l2_supercat_tokenizer_config.json"))
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of the texts, shape (len(texts), 256), L2-normalised; an empty text gives zeros."""
        parts = [self._pool(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, self.dimensions), np.float32)

    def _pool(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        ids = [found.ids for found in self._tokenizer.encode_batch_fast(clean, add_special_tokens=False)]
        pooled = np.zeros((len(texts), self.dimensions), np.float32)
        for at, tokens in enumerate(ids):
            if tokens:
                pooled[at] = self._vectors[tokens].astype(np.float32).sum(axis=0)
        norms = np.linalg.norm(pooled, axis=1, keepdims=True)
        pooled /= np.maximum(norms, np.float32(1e-9))
        return pooled


@lru_cache(maxsize=1)
def static_encoder() -> StaticEncoder:
    """The default encoder, loaded once a process (0.1 s, 50 MB); load it before forking to share it."""
    spec = find_spec("wordllama")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the wordllama package is not installed: install the service's requirements")
    return StaticEncoder(Path(spec.submodule_search_locations[0]))
