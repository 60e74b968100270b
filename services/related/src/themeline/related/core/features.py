"""What the engine keeps of a text: bounded, stable across runs and machines, and cheap to compare."""

from collections.abc import Sequence
from dataclasses import dataclass

from themeline.related.core.frequencies import Frequencies, Hashes


@dataclass(frozen=True, slots=True)
class RawArticle:
    """A cleaned text as ingest stored it; `language` is the declared BCP 47 tag, if any."""

    title: str
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """Everything relations are computed from, except time, source and vector.

    language: ISO 639-1 code, "und" when undecidable. words: length of title and text, at most `MAX_WORDS`.
    names, key_terms: display forms, best first, at most 30 and 20. record: `records.RECORD` as bytes, of one
    length for every article. text_digest: 16 bytes, equal for texts equal after normalisation.
    vocabulary: distinct term hashes, for the next frequency epoch. embed_text: what the encoder is given.
    """

    language: str
    words: int
    names: tuple[str, ...]
    key_terms: tuple[str, ...]
    record: bytes
    text_digest: bytes
    vocabulary: Hashes
    embed_text: str


def extract(article: RawArticle, frequencies: Frequencies) -> Features:
    """Features of one article. Never raises on any text; time is bounded by `MAX_WORDS`."""
    raise NotImplementedError


def extract_batch(articles: Sequence[RawArticle], frequencies: Frequencies) -> list[Features]:
    """Features of each article, in order. `frequencies` chooses which terms a long text keeps."""
    return [extract(article, frequencies) for article in articles]


def rare_terms(record: bytes, frequencies: Frequencies, k: int = 16) -> list[int]:
    """The article's `k` most telling terms and names as signed 32-bit integers, for the lexical index.

    The same call gives what to index of an article and what to ask the index for.
    """
    raise NotImplementedError
