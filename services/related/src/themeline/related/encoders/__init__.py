"""The text encoders behind `themeline.related.core.encoders.Encoder`, loaded when they are asked for."""

from collections.abc import Callable
from functools import lru_cache

from themeline.related.core.encoders import Encoder
from themeline.related.encoders.packages import UnusableEncoderError
from themeline.related.encoders.static import StaticEncoder
from themeline.related.settings import EncoderSettings


def load_encoder(kind: str, settings: EncoderSettings) -> Encoder:
    """The encoder of a kind, loaded; raise UnusableEncoderError where it cannot be used."""
    return LOADERS[kind](settings)


@lru_cache(maxsize=1)
def static_encoder() -> StaticEncoder:
    """The default encoder, loaded once a process (0.1 s, 50 MB); load it before forking to share it."""
    return StaticEncoder()


def _lexical(_: EncoderSettings) -> Encoder:
    from themeline.related.encoders.lexical import LexicalEncoder

    return LexicalEncoder()


def _minilm(settings: EncoderSettings) -> Encoder:
    from themeline.related.encoders.minilm import MiniLMEncoder

    return MiniLMEncoder(settings.encoder_path)


def _multilingual(_: EncoderSettings) -> Encoder:
    from themeline.related.encoders.multilingual import MultilingualEncoder

    return MultilingualEncoder()


def _http(settings: EncoderSettings) -> Encoder:
    from themeline.related.encoders.http import HttpEncoder

    if settings.encoder_url is None:
        raise UnusableEncoderError("the encoder `http` needs the address of a server: set THEMELINE_ENCODER_URL")
    key = settings.encoder_api_key
    return HttpEncoder(
        settings.encoder_url,
        settings.encoder_model,
        key=key.get_secret_value() if key else None,
        timeout=settings.encoder_timeout_seconds,
    )


LOADERS: dict[str, Callable[[EncoderSettings], Encoder]] = {
    "lexical": _lexical,
    "static": lambda _: static_encoder(),
    "minilm": _minilm,
    "multilingual": _multilingual,
    "http": _http,
}

__all__ = ["LOADERS", "UnusableEncoderError", "load_encoder", "static_encoder"]
