"""Languages: which one a text is in, its stop words and its stemmer."""

from collections.abc import Collection
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import py3langid
import Stemmer
import stopwordsiso

Hashes = npt.NDArray[np.uint32]

UNDETERMINED = "und"

MIN_LETTERS = 16
"""Shorter texts are left undetermined: on a word or two the classifier names a language at random."""

MAX_DETECTED = 400
"""Characters the classifier sees, three or four sentences: its time grows with the text."""

STEMMERS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "da": "danish", "nl": "dutch",
    "en": "english", "et": "estonian", "fi": "finnish", "fr": "french", "de": "german", "el": "greek",
    "hi": "hindi", "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "no": "norwegian", "nb": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "cs": "czech", "fa": "persian",
}  # fmt: skip
"""Snowball stemmers by ISO 639-1 code; a language without one keeps its words whole."""

PLACES = 1 << 18
"""Places for words whose hash is remembered (3 MB): a month of news in a few languages."""

MEMO = 100_000
"""Words whose hash is remembered where they are looked up one by one (at most some 15 MB)."""


@lru_cache(maxsize=1)
def _identifier() -> py3langid.langid.LanguageIdentifier:
    identifier = py3langid.langid.LanguageIdentifier.from_model_file(py3langid.langid.MODEL_FILE)
    identifier.set_languages(sorted((stopwordsiso.langs() | {"sr", "ta", "ne"}) & set(identifier.nb_classes)))
    return identifier


def detect_language(text: str, declared: str | None = None) -> str:
    """ISO 639-1 code of a text: the declared tag's if there is one, else the classifier's, else "und"."""
    if declared and (primary := declared.replace("_", "-").split("-")[0].lower()).isalpha():
        return primary
    sample = text[:MAX_DETECTED]
    if sum(map(str.isalpha, sample)) < MIN_LETTERS and sample.isascii():
        return UNDETERMINED
    language, _ = _identifier().classify(sample)
    return str(language)


@lru_cache(maxsize=64)
def stop_words(language: str) -> frozenset[str]:
    """Words that say nothing about a text's subject, casefolded; none for an unknown language."""
    return frozenset(word.casefold() for word in stopwordsiso.stopwords(language))


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    return Stemmer.Stemmer(STEMMERS[language]) if language in STEMMERS else None


def hash_of(term: str) -> int:
    """A stable 32-bit hash, never 0 (0 marks an empty place)."""
    return int.from_bytes(blake2b(term.encode(errors="replace"), digest_size=4).digest(), "little") or 1


def _term(word: str, language: str) -> int:
    if word in stop_words(language) or len(word) < 2:  # noqa: PLR2004 - a single letter is no word
        return 0
    stemmer = _stemmer(language)
    return hash_of(stemmer.stemWord(word) if stemmer else word)


@lru_cache(maxsize=MEMO)
def term_of(word: str, language: str) -> int:
    """Hash of a casefolded word's stem; 0 for a stop word."""
    return _term(word, language)


_memo = np.zeros(PLACES, np.dtype([("word", np.int64), ("term", np.uint32)]))
"""The term of each word, by what Python hashes the word and its language to; of words with one place the latest has it.

A dictionary would be read in four places of memory for each word, one word after the other; this is read in one place
for each, all at once, in a quarter of the time. Its 64 bits take two of a million words for one another in one of
thirty million processes.
"""


def terms_of(words: Collection[str], language: str) -> Hashes:
    """`term_of` each word, (n,)."""
    # with a space, which no word has: of "en" in English it would be that of an empty place
    hashes = np.fromiter(map(hash, words), np.int64, len(words)) ^ hash(f" {language}")
    places = hashes & (PLACES - 1)
    known = _memo[places]
    new = np.flatnonzero(known["word"] != hashes)
    if len(new):
        listed = list(words)
        known["term"][new] = [_term(listed[at], language) for at in new.tolist()]
        known["word"][new] = hashes[new]
        _memo[places[new]] = known[new]
    terms: Hashes = known["term"]
    return terms


@lru_cache(maxsize=MEMO)
def name_of(word: str) -> int:
    """Hash of one word of a name; names are compared across languages, so nothing is stemmed."""
    return hash_of("@" + word)
