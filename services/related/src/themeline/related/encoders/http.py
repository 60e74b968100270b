"""Vectors from a model server, over HTTP."""

import json
import logging
import time
from collections.abc import Sequence
from typing import Any

import httpx
import numpy as np
import numpy.typing as npt
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_after_delay, wait_random_exponential

from themeline.related.core.encoders import EncoderDownError, normalised

# What Text Embeddings Inference takes at once unless it is told otherwise.
MOST_TEXTS = 32
ATTEMPTS = 3
LONGEST_PAUSE_S = 2.0
# All requests for the texts of a batch: half of what a task may take, the other half is for the database.
PATIENCE_S = 25.0
# After a failure the server is left alone for so long: every batch would wait for it in vain.
PAUSE_S = 15.0

LEAST_TIMEOUT_S = 0.5
# 32 vectors of 4,000 numbers of 20 digits take 3 MB.
MOST_BYTES = 16_000_000

OK = 200
TOO_MANY_REQUESTS = 429
FIRST_SERVER_ERROR = 500

# A vector of more dimensions cannot be indexed as half-precision numbers.
MOST_DIMENSIONS = 4_000


class _MomentaryError(Exception):
    """Worth another attempt."""


class HttpEncoder:
    """An embedding server: OpenAI's `/v1/embeddings`, or `/embed` of Text Embeddings Inference, told by the address.

    The name of the model is part of the encoder's: another model's vectors are never compared with its own.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str | None = None,
        timeout: float = 10.0,
        patience: float = PATIENCE_S,
        pause: float = PAUSE_S,
    ) -> None:
        # httpx writes every address it asks to the log, and an address may hold a password.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        bare = url.split("?", maxsplit=1)[0]
        self.name = f"http:{model or bare}"
        self._url, self._model = url, model
        self._is_tei = bare.rstrip("/").endswith("/embed")
        self._patience, self._pause = patience, pause
        self._down_until = 0.0
        self._known_dimensions: int | None = None
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._timeout = timeout
        self._client = httpx.Client(headers=headers)

    @property
    def dimensions(self) -> int:
        """As the server's first answer has them."""
        if self._known_dimensions is None:
            self.encode(["width"])
        if self._known_dimensions is None:
            raise EncoderDownError("the embedding server gave no vector")
        return self._known_dimensions

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of the texts, L2-normalised; an empty text gives zeros, and is not sent."""
        there = [at for at, text in enumerate(texts) if text.strip()]
        parts = [there[at : at + MOST_TEXTS] for at in range(0, len(there), MOST_TEXTS)]
        deadline = time.monotonic() + self._patience
        answers = [self._ask([texts[at] for at in part], deadline) for part in parts]
        found = np.zeros((len(texts), self._known_dimensions or self.dimensions), np.float32)
        for part, answer in zip(parts, answers, strict=True):
            found[part] = answer
        return normalised(found)

    def _ask(self, texts: Sequence[str], deadline: float) -> npt.NDArray[np.float32]:
        if time.monotonic() < self._down_until:
            raise EncoderDownError("the embedding server failed a moment ago")
        retrying = Retrying(
            retry=retry_if_exception_type(_MomentaryError),
            wait=wait_random_exponential(multiplier=0.1, max=LONGEST_PAUSE_S),
            stop=stop_after_attempt(ATTEMPTS) | stop_after_delay(max(0.0, deadline - time.monotonic())),
            reraise=True,
        )
        try:
            return retrying(self._post, texts, deadline)
        except (_MomentaryError, EncoderDownError) as error:
            self._down_until = time.monotonic() + self._pause
            raise EncoderDownError(str(error)) from error

    def _post(self, texts: Sequence[str], deadline: float) -> npt.NDArray[np.float32]:
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        body: dict[str, object] = (
            {"inputs": clean, "truncate": True} if self._is_tei else {"input": clean, "model": self._model}
        )
        try:
            status, content = self._exchange(body, min(deadline, time.monotonic() + self._timeout))
        except httpx.HTTPError as error:
            raise _MomentaryError(f"the embedding server does not answer ({type(error).__name__})") from error
        if status == TOO_MANY_REQUESTS or status >= FIRST_SERVER_ERROR:
            raise _MomentaryError(f"the embedding server answers {status}")
        if status != OK:
            raise EncoderDownError(f"the embedding server answers {status}: check address, model and key")
        return self._read(content, len(texts))

    def _exchange(self, body: dict[str, object], deadline: float) -> tuple[int, bytes]:
        """Status and content, read by `deadline`: the client's own limits are for each piece of an answer."""
        left = max(LEAST_TIMEOUT_S, deadline - time.monotonic())
        with self._client.stream("POST", self._url, json=body, timeout=left) as answer:
            content = bytearray()
            for part in answer.iter_bytes():
                content += part
                if len(content) > MOST_BYTES:
                    raise EncoderDownError("the embedding server's answer does not end")
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("the answer comes too slowly")
            return answer.status_code, bytes(content)

    def _read(self, content: bytes, count: int) -> npt.NDArray[np.float32]:
        try:
            vectors = np.array(_rows(json.loads(content)), np.float32)
        except (ValueError, KeyError, TypeError) as error:
            raise EncoderDownError("the embedding server's answer holds no vectors") from error
        expected = (count, self._known_dimensions or (vectors.shape[1] if vectors.ndim == 2 else 0))  # noqa: PLR2004
        if vectors.shape != expected or not 0 < expected[1] <= MOST_DIMENSIONS or not np.isfinite(vectors).all():
            raise EncoderDownError(f"the embedding server's answer has the shape {vectors.shape}, not {expected}")
        self._known_dimensions = expected[1]
        return vectors


def _rows(content: Any) -> list[Any]:
    """The vectors in the order of the texts; OpenAI's format numbers them."""
    if isinstance(content, dict):
        return [entry["embedding"] for entry in sorted(content["data"], key=lambda entry: int(entry["index"]))]
    return list(content)
