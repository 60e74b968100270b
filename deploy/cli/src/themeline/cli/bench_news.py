"""A made-up newswire with the statistics that decide the engine's cost: lengths, rare words, names, bursts, copies.

Words are drawn by Zipf's law, the head of it common English words; every theme and story has words and names of its
own, later articles gather around the latest stories, and some are copies. Compared with real newswire by what the
engine does with it: `themeline bench engine FILE`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

SEED = 20261122
START = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS_BETWEEN = 26  # 100,000 articles in the horizon of 30 days: every stored article is within reach

VOCABULARY = 60_000
ZIPF_SHIFT = 2.7  # Mandelbrot's offset for English
COMMON = """
    the of to and a in is that for it was on be with as by at from he are this his have an has not which or were
    but they had their been its will one all would who more said than when there what about also into up out no
    other after some if can could two may over only new most first time
"""
FORMS = ("", "s", "ed", "ing")  # inflected, so that stemming has something to do
SYLLABLES = [first + second for first in "bdfgklmnprst" for second in "aeiou"]

MEAN_WORDS, SPREAD_WORDS, FEWEST_WORDS, MOST_WORDS = 300, 0.5, 40, 1_200
SENTENCE = 21  # words

THEMES = 400
THEME_WORDS, THEME_SHARE = 80, 0.16
STORY_WORDS, STORY_SHARE = 25, 0.10
STORY_NAMES, NAME_SHARE = 8, 0.06
TITLE_WORDS = 7

NEW_STORY_SHARE = 0.45  # of articles; newswire has about two articles a story
BURST = 2_000  # articles that a follow-up chooses its story from, the latest of them most of all
COPY_SHARE = 0.05
SOURCES = 40

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class MadeUp:
    """One article, with the number of the story and of the theme it was made for."""

    title: str
    text: str
    published: datetime
    source: int
    story: int
    theme: int


@dataclass(slots=True)
class _Story:
    theme: int
    words: Indices
    names: Indices


@dataclass(slots=True)
class _Past:
    """What later articles may follow or copy."""

    stories: list[_Story] = field(default_factory=list)
    story_of: list[int] = field(default_factory=list)
    latest: list[tuple[str, str]] = field(default_factory=list)


class Newswire:
    """An endless stream of articles; the same in every run."""

    def __init__(self, seed: int = SEED) -> None:
        self._chance = np.random.default_rng(seed)
        self._words = _vocabulary(self._chance)
        ranks = np.arange(len(self._words), dtype=np.float64)
        self._zipf = np.cumsum(1 / (ranks + ZIPF_SHIFT))
        self._zipf /= self._zipf[-1]
        self._names = len(self._words) // 20  # from here on words are rare enough to be names
        self._themes = [self._rare(THEME_WORDS) for _ in range(THEMES)]
        self._past = _Past()

    def articles(self, count: int) -> Iterator[MadeUp]:
        """The next `count` articles, in order of time."""
        for _ in range(count):
            yield self._next()

    def _next(self) -> MadeUp:
        number = len(self._past.story_of)
        story = self._choose(number)
        about = self._past.stories[story]
        title, text = self._write(about)
        if self._past.latest and self._chance.random() < COPY_SHARE:
            back = int(self._chance.integers(1, min(number, SOURCES) + 1))
            story = self._past.story_of[-back]
            about = self._past.stories[story]
            title, text = self._past.latest[-back]
        self._past.story_of.append(story)
        self._past.latest = [*self._past.latest[-SOURCES:], (title, text)]
        published = START + timedelta(seconds=number * SECONDS_BETWEEN)
        return MadeUp(title, text, published, int(self._chance.integers(SOURCES)), story, about.theme)

    def _choose(self, number: int) -> int:
        """The story of an article: a new one, or that of a recent article, so that stories come in bursts."""
        if not number or self._chance.random() < NEW_STORY_SHARE:
            theme = int(THEMES * self._chance.random() ** 2)  # some themes fill the news, most are small
            self._past.stories.append(_Story(theme, self._rare(STORY_WORDS), self._rare(STORY_NAMES, self._names)))
            return len(self._past.stories) - 1
        back = 1 + int(min(number, BURST) * self._chance.random() ** 3)
        return self._past.story_of[-back]

    def _write(self, about: _Story) -> tuple[str, str]:
        spread = self._chance.lognormal(0, SPREAD_WORDS) / np.exp(SPREAD_WORDS**2 / 2)
        length = int(np.clip(MEAN_WORDS * spread, FEWEST_WORDS, MOST_WORDS))
        words = self._draw(about, length + TITLE_WORDS)
        names = [self._words[at].capitalize() for at in self._chance.choice(about.names, 2, replace=False)]
        return " ".join([*names, *words[:TITLE_WORDS]]), _sentences(words[TITLE_WORDS:])

    def _draw(self, about: _Story, length: int) -> list[str]:
        """Words of the language, with some of the theme, of the story, and names among them."""
        ids = np.searchsorted(self._zipf, self._chance.random(length))
        kind = self._chance.random(length)
        edge = 0.0
        capital = np.zeros(length, bool)
        own = ((self._themes[about.theme], THEME_SHARE), (about.words, STORY_SHARE), (about.names, NAME_SHARE))
        for choices, share in own:
            here = np.flatnonzero((kind >= edge) & (kind < edge + share))
            # the first words of a theme or story stand for most of it
            ids[here] = choices[(len(choices) * self._chance.random(len(here)) ** 2).astype(np.intp)]
            capital[here] = choices is about.names
            edge += share
        return [
            self._words[at].capitalize() if name else self._words[at]
            for at, name in zip(ids.tolist(), capital.tolist(), strict=True)
        ]

    def _rare(self, count: int, first: int = 500) -> Indices:
        found: Indices = self._chance.integers(first, len(self._words), count)
        return found


def _vocabulary(chance: np.random.Generator) -> list[str]:
    """The commonest English words first, as in every text, then made-up ones in several forms."""
    stems = [
        "".join(SYLLABLES[at] for at in row[: 2 + number % 2])
        for number, row in enumerate(chance.integers(0, len(SYLLABLES), (VOCABULARY // len(FORMS), 3)).tolist())
    ]
    return [*COMMON.split(), *(stem + form for stem in stems for form in FORMS)]


def _sentences(words: list[str]) -> str:
    parts = [" ".join(words[at : at + SENTENCE]) for at in range(0, len(words), SENTENCE)]
    return " ".join(f"{part[:1].upper()}{part[1:]}." for part in parts)
