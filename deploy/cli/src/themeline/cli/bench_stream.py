"""A stream of made-up articles for measuring: themes, stories and a long tail of rare words, as news has them."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

SEED = 20261122
START = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS_BETWEEN = 240  # 360 articles a day: a publisher's pace, so that a horizon of 30 days holds 10,000
SYLLABLES = ("ka", "ren", "to", "mi", "sol", "dar", "ve", "lin", "or", "pe", "stu", "ga", "ne", "fal", "ri", "bo")
VOCABULARY = 20_000
COMMON = 300
THEMES = 40
WORDS_OF_A_THEME = 60
SOURCES = 12
# The median length of the newswire articles that throughput is compared with was measured at about 100 words.
FEWEST_WORDS, MOST_WORDS = 60, 220


def made_up_articles(count: int) -> Iterator[dict[str, Any]]:
    """Yield `count` articles in order of time; the same ones in every run."""
    chance = random.Random(SEED)  # noqa: S311 (nothing secret)
    words = [_word(chance) for _ in range(VOCABULARY)]
    themes = [chance.sample(words[COMMON:], WORDS_OF_A_THEME) for _ in range(THEMES)]
    for number in range(count):
        yield _article(chance, number, words, chance.choice(themes))


def _article(chance: random.Random, number: int, words: list[str], theme: list[str]) -> dict[str, Any]:
    length = chance.randint(FEWEST_WORDS, MOST_WORDS)
    text = " ".join(_pick(chance, words, theme) for _ in range(length))
    names = [word.capitalize() for word in chance.sample(theme[:10], 2)]
    title = " ".join([*names, *(_pick(chance, words, theme) for _ in range(6))])
    return {
        "url": f"https://source{number % SOURCES}.example/{number}",
        "source": f"Source {number % SOURCES}",
        "title": title,
        "text": f"{' and '.join(names)} {text}.",
        "published": (START + timedelta(seconds=number * SECONDS_BETWEEN)).isoformat(),
        "language": "en",
    }


def _pick(chance: random.Random, words: list[str], theme: list[str]) -> str:
    """A common word half of the time, else one of the theme, sometimes a rare one."""
    kind = chance.random()
    if kind < 0.5:  # noqa: PLR2004 (the shares make overlaps like those of news)
        return words[int(COMMON * chance.random() ** 2)]
    return chance.choice(theme if kind < 0.85 else words)  # noqa: PLR2004 (as above)


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4)))
