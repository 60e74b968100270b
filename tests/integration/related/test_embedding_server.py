"""The encoder `http` and a real server: both formats, and all that can be wrong with an answer."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from support import free_port
from themeline.related.core.encoders import EncoderDownError
from themeline.related.encoders import load_encoder
from themeline.related.encoders.http import MOST_TEXTS, HttpEncoder
from themeline.related.settings import EncoderSettings

Answer = Callable[["Request"], tuple[int, bytes]]
KEY = "a-secret-key"


class Request:
    """What the server was asked."""

    def __init__(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> None:
        self.path, self.headers, self.body = path, headers, body

    @property
    def texts(self) -> list[str]:
        found: list[str] = self.body.get("inputs") or self.body["input"]
        return found


def vector_of(text: str) -> list[float]:
    return [float(len(text)), float(text.count("a")), 1.0]


def tei(request: Request) -> tuple[int, bytes]:
    return 200, json.dumps([vector_of(text) for text in request.texts]).encode()


def openai(request: Request) -> tuple[int, bytes]:
    entries = [{"index": at, "embedding": vector_of(text)} for at, text in enumerate(request.texts)]
    return 200, json.dumps({"data": entries[::-1], "model": request.body["model"]}).encode()


class EmbeddingServer:
    """Answers as it is told; remembers what it was asked."""

    def __init__(self) -> None:
        self.answer: Answer = openai
        self.requests: list[Request] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                request = Request(self.path, dict(self.headers), body)
                outer.requests.append(request)
                status, content = outer.answer(request)
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with suppress(BrokenPipeError):  # a client that would not wait
                    self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    running = EmbeddingServer()
    yield running
    running.close()


@pytest.fixture
def encoder(server: EmbeddingServer) -> HttpEncoder:
    return HttpEncoder(f"{server.url}/v1/embeddings", "small", key=KEY, timeout=0.5, patience=2.0, pause=0.0)


def expected(text: str) -> np.ndarray[Any, Any]:
    vector = np.array(vector_of(text), np.float32)
    return vector / np.linalg.norm(vector)


def test_the_format_of_openai(server: EmbeddingServer, encoder: HttpEncoder) -> None:
    vectors = encoder.encode(["alpha", "", "be"])
    assert np.allclose(vectors, [expected("alpha"), np.zeros(3), expected("be")], atol=1e-6)
    (request,) = server.requests
    assert request.body == {"input": ["alpha", "be"], "model": "small"}
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert (encoder.name, encoder.dimensions) == ("http:small", 3)


def test_the_format_of_text_embeddings_inference(server: EmbeddingServer) -> None:
    server.answer = tei
    settings = EncoderSettings(encoder_url=f"{server.url}/embed", encoder_model="bge")
    encoder = load_encoder("http", settings)
    assert np.allclose(encoder.encode(["alpha"]), [expected("alpha")], atol=1e-6)
    assert server.requests[0].body == {"inputs": ["alpha"], "truncate": True}


def test_many_texts_are_sent_in_parts(server: EmbeddingServer, encoder: HttpEncoder) -> None:
    texts = [f"text {'a' * at}" for at in range(MOST_TEXTS * 2 + 1)]
    assert np.allclose(encoder.encode(texts), [expected(text) for text in texts], atol=1e-6)
    assert [len(request.texts) for request in server.requests] == [MOST_TEXTS, MOST_TEXTS, 1]


def test_dimensions_are_asked_for_when_nobody_knows_them(encoder: HttpEncoder) -> None:
    assert encoder.encode([]).shape == (0, 3)
    assert encoder.dimensions == 3


def test_a_server_that_falters_is_asked_again(server: EmbeddingServer, encoder: HttpEncoder) -> None:
    answers = iter([(503, b"busy"), (429, b"slow down")])
    server.answer = lambda request: next(answers, None) or openai(request)
    assert np.allclose(encoder.encode(["alpha"]), [expected("alpha")], atol=1e-6)
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (200, b"<html>welcome</html>"),
        (200, b"{}"),
        (200, b'{"data": [{"index": 0, "embedding": []}]}'),
        (200, b'{"data": [{"index": 0, "embedding": [1, "two"]}]}'),
        (200, b'{"data": [{"index": 0, "embedding": [1, NaN]}]}'),
        (200, b'{"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1]}]}'),
        (200, b"[[1, 2], [3]]"),
        (200, b"\xff\xfe"),
        (200, b"null"),
        (401, b"who are you?"),
        (404, b"no such model"),
    ],
)
def test_an_answer_without_vectors_is_no_answer(
    server: EmbeddingServer, encoder: HttpEncoder, status: int, content: bytes
) -> None:
    server.answer = lambda _: (status, content)
    with pytest.raises(EncoderDownError):
        encoder.encode(["alpha"])
    assert len(server.requests) == 1


def test_vectors_of_another_width_are_refused(server: EmbeddingServer, encoder: HttpEncoder) -> None:
    encoder.encode(["alpha"])
    server.answer = lambda _: (200, b'{"data": [{"index": 0, "embedding": [1, 2, 3, 4]}]}')
    with pytest.raises(EncoderDownError, match="shape"):
        encoder.encode(["beta"])


def test_a_slow_server_is_not_waited_for(server: EmbeddingServer) -> None:
    release = threading.Event()

    def slow(request: Request) -> tuple[int, bytes]:
        release.wait(10)
        return openai(request)

    server.answer = slow
    encoder = HttpEncoder(f"{server.url}/v1/embeddings", "small", timeout=0.2, patience=0.6, pause=60)
    begun = time.monotonic()
    with pytest.raises(EncoderDownError, match="does not answer"):
        encoder.encode(["alpha"])
    with pytest.raises(EncoderDownError, match="a moment ago"):
        encoder.encode(["alpha"])
    assert time.monotonic() - begun < 5
    release.set()


def test_a_server_that_is_not_there_is_told_without_the_key(caplog: pytest.LogCaptureFixture) -> None:
    encoder = HttpEncoder(f"http://127.0.0.1:{free_port()}/v1/embeddings", "small", key=KEY, patience=1.0, pause=0)
    with pytest.raises(EncoderDownError, match="does not answer") as caught:
        encoder.encode(["alpha"])
    assert KEY not in f"{caught.value!r}{caught.value.__cause__!r}{caplog.text}"
    assert KEY not in repr(EncoderSettings(encoder_api_key=KEY))


def test_addresses_are_not_logged(server: EmbeddingServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    HttpEncoder(f"{server.url}/v1/embeddings?token={KEY}", "small").encode(["alpha"])
    assert KEY not in caplog.text
    assert "token" not in HttpEncoder(f"{server.url}/v1/embeddings?token={KEY}", "").name
