"""What the engine keeps of a text: bounded, stable across runs and machines, and cheap to compare."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from themeline.related.core import records
from themeline.related.core.frequencies import Frequencies, Hashes
from themeline.related.core.minhash import signature
from themeline.related.core.text import (
    Token,
    Words,
    inner_capitals,
    is_title_case,
    names_in,
    normalise,
    words_of,
)
from themeline.related.core.words import detect_language, name_of, stop_words, terms_of

MAX_NAMES = 30
"""Display names kept for reasons and labels."""

MAX_KEY_TERMS = 20
"""Display terms kept for reasons and labels."""

EMBED_WORDS = 120
"""Words of the body given to the encoder, after the title. Measured, theme MAP of the vectors alone: 60 words .885,
120 .891, 250 .888."""

EMBED_CHARACTERS = 1_500
"""Bounds the same for scripts without spaces."""

NOUNS_CAPITALISED = frozenset({"de", "lb"})
"""Languages in which one capital marks a noun, not a name: only names of several words are shown as names."""

TITLE_BOOST = 1
"""Extra occurrences of a term for standing in the title."""


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
    vocabulary: distinct term and name hashes, for the next frequency epoch. embed_text: what the encoder gets.
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
    """Features of one article. Never raises on any text; time is bounded by `text.MAX_CHARACTERS`."""
    title, body = normalise(article.title), normalise(article.text)
    language = detect_language(f"{title}\n{body[:EMBED_CHARACTERS]}", article.language)
    heading, rest = words_of(title, records.TITLE_TERMS * 2), words_of(body)
    terms = _terms(heading, rest, language)
    runs = _names(heading, rest, language)
    counted = _name_words(runs, heading, rest)
    forms = heading.forms + rest.forms
    digest = _digest(forms)
    ranked = _ranked(terms.counts, frequencies)
    record = records.pack(
        ranked,
        _ranked(counted, frequencies),
        terms.title,
        signature(forms),
        (_leading(_digest(heading.forms)), _leading(digest)),
        (len(forms), len(rest.forms)),
    )
    return Features(
        language,
        len(forms),
        _shown_names(runs, language),
        _shown_terms([terms.first[term] for term in ranked[0][:MAX_KEY_TERMS].tolist()], heading, rest),
        record,
        digest,
        np.array([*terms.counts, *counted], np.uint32),
        _embed_text(title, body),
    )


def extract_batch(articles: Sequence[RawArticle], frequencies: Frequencies) -> list[Features]:
    """Features of each article, in order. `frequencies` chooses which terms a long text keeps."""
    return [extract(article, frequencies) for article in articles]


def rare_terms(record: bytes, frequencies: Frequencies, k: int = 16) -> list[int]:
    """The article's `k` most telling terms and names as signed 32-bit integers, for the lexical index.

    The same call gives what to index of an article and what to ask the index for.
    """
    row = records.unpack([record])[0]
    hashes = np.concatenate([row["terms"], row["names"]])
    weights = np.concatenate([row["weights"], row["name_weights"]]) * frequencies.idf(hashes)
    best = np.argsort(-weights, kind="stable")[:k]
    return [int(term) for term in hashes[best[weights[best] > 0]].astype("<u4").view("<i4")]


def term_weights(terms: Sequence[int], frequencies: Frequencies) -> list[float]:
    """What a match on each of `rare_terms` weighs: its inverse document frequency."""
    weights: list[float] = frequencies.idf(np.array(terms, "<i4").view("<u4")).tolist()
    return weights


@dataclass(frozen=True, slots=True)
class _Terms:
    """The terms of a text in the order of the text: occurrences, those in the title boosted; the first form of each.

    title: those of the title alone.
    """

    counts: dict[int, int]
    first: dict[int, str]
    title: list[int]


def _terms(heading: Words, body: Words, language: str) -> _Terms:
    forms = Counter(heading.forms * (1 + TITLE_BOOST))
    in_title = len(forms)
    forms.update(body.counts)
    hashes = terms_of(forms, language).tolist()
    counts: dict[int, int] = {}
    first: dict[int, str] = {}
    for (form, count), term in zip(forms.items(), hashes, strict=True):
        if term in counts:
            counts[term] += count
        elif term:
            counts[term], first[term] = count, form
    return _Terms(counts, first, [term for term in dict.fromkeys(hashes[:in_title]) if term])


def _shown_terms(forms: list[str], heading: Words, body: Words) -> tuple[str, ...]:
    """How each of these forms is first written."""
    written = dict(zip(reversed(body.forms), reversed(body.shown), strict=True))
    written |= zip(reversed(heading.forms), reversed(heading.shown), strict=True)
    return tuple(written[form] for form in forms)


def _names(heading: Words, body: Words, language: str) -> list[list[Token]]:
    """Names of title and body; a title-case headline has those names only that its body knows."""
    known = inner_capitals(body)
    trusted = not is_title_case(heading)
    if trusted:
        known |= inner_capitals(heading)
    known -= stop_words(language)
    in_title = names_in(heading, trusted=trusted, known=known)
    return [*in_title, *names_in(body, trusted=not is_title_case(body), known=known)]


def _name_words(runs: list[list[Token]], heading: Words, body: Words) -> Counter[int]:
    words = Counter(name_of(token.form) for run in runs for token in run)
    numbers = (token for _, token in (*heading.marked, *body.marked) if token.kind == "number")
    words.update(name_of(token.form) for token in numbers)
    return words


def _ranked(counts: Mapping[int, int], frequencies: Frequencies) -> records.Counted:
    """Hashes and occurrences, most telling first; ties keep the order of the text."""
    hashes = np.fromiter(counts.keys(), np.uint32, len(counts))
    occurrences = np.fromiter(counts.values(), np.int64, len(counts))
    order = np.argsort(-(1 + np.log(occurrences)) * frequencies.idf(hashes), kind="stable")
    return hashes[order], occurrences[order]


def _shown_names(runs: list[list[Token]], language: str) -> tuple[str, ...]:
    """Names as written, most frequent first; a part of a longer name counts for the longer one."""
    shown: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for run in runs:
        name = " ".join(token.shown for token in run)
        if len(run) > 1 or language not in NOUNS_CAPITALISED or run[0].kind == "acronym":
            shown[name.casefold()] = min(name, shown.get(name.casefold(), name), key=_capitals)
            counts[name.casefold()] += 1
    longer: dict[str, str] = {}
    for name in counts:
        for part in name.split()[1:]:
            longer.setdefault(part, name)
    merged: Counter[str] = Counter()
    for name, count in counts.items():
        merged[longer.get(name, name)] += count
    return tuple(shown[name] for name, _ in merged.most_common(MAX_NAMES))


def _capitals(name: str) -> int:
    return sum(map(str.isupper, name))


def _digest(forms: Iterable[str]) -> bytes:
    return blake2b(" ".join(forms).encode(errors="replace"), digest_size=16).digest()


def _leading(digest: bytes) -> int:
    """The first 8 bytes as a number."""
    return int.from_bytes(digest[:8], "little")


def _embed_text(title: str, body: str) -> str:
    words = body[: EMBED_CHARACTERS * 2].split(maxsplit=EMBED_WORDS)[:EMBED_WORDS]
    return ". ".join(part for part in (title.strip(), " ".join(words)) if part)[:EMBED_CHARACTERS]
