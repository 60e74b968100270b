"""Languages: which one a text is in, its stop words and its stemmer."""

from functools import lru_cache
from hashlib import blake2b

import py3langid
import Stemmer
import stopwordsiso

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

MEMO = 200_000
"""Words whose stem and hash are remembered (about 30 MB): a month of news in a few languages."""


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


@lru_cache(maxsize=MEMO)
def term_of(word: str, language: str) -> int:
    """Hash of a casefolded word's stem; 0 for a stop word."""
    if word in stop_words(language) or len(word) < 2:  # noqa: PLR2004 - a single letter is no word
        return 0
    stemmer = _stemmer(language)
    return hash_of(stemmer.stemWord(word) if stemmer else word)


@lru_cache(maxsize=MEMO)
def name_of(word: str) -> int:
    """Hash of one word of a name; names are compared across languages, so nothing is stemmed."""
    return hash_of("@" + word)
