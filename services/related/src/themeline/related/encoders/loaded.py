"""The encoders of one process, loaded when they are first asked for."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from themeline.related.core.encoders import Encoder, EncoderDownError
from themeline.related.encoders import UnusableEncoderError, load_encoder
from themeline.related.settings import EncoderSettings


class Encoders:
    """Makes vectors with the encoder that the settings name, and with those that the database names.

    They differ while vectors are filled, and until somebody fills them.
    """

    def __init__(self, settings: EncoderSettings) -> None:
        self._settings = settings
        self._loaded: dict[str, Encoder] = {}

    @property
    def configured(self) -> str:
        """The kind of encoder that the settings name."""
        return self._settings.encoder

    def get(self, kind: str) -> Encoder:
        """The encoder of a kind; raise EncoderDownError where this process cannot have it."""
        if kind not in self._loaded:
            try:
                self._loaded[kind] = load_encoder(kind, self._settings)
            except UnusableEncoderError as error:
                raise EncoderDownError(f"the encoder {kind} cannot be used: {error}") from error
        return self._loaded[kind]

    def vectors(self, kind: str, name: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of the texts by the encoder of this kind and name, (len(texts), dimensions).

        Raise EncoderDownError where they cannot be had now.
        """
        encoder = self.get(kind)
        if encoder.name != name:
            raise EncoderDownError(f"vectors of {name} are wanted, the settings name {encoder.name}: run a re-index")
        return encoder.encode(texts)
