import pytest

from themeline.ingest.core.blocking import blocked, blocking_pattern

URL = "https://paper.example/Sport/results?id=1"
TITLE = "Horoscope: what the week brings"


@pytest.mark.parametrize(
    "pattern",
    ["*", "paper.example/sport/*", "PAPER.EXAMPLE/*", "*/results[?]id=?", "horoscope*", "*THE WEEK*", TITLE],
)
def test_a_pattern_blocks_what_it_fits_as_a_whole(pattern: str) -> None:
    assert blocking_pattern([pattern], url=URL, title=TITLE) == pattern


@pytest.mark.parametrize("pattern", ["", "sport", "https://*", "paper.example", "horoscope", "*/sport/", "[", "\0"])
def test_a_pattern_that_fits_a_part_blocks_nothing(pattern: str) -> None:
    assert blocking_pattern([pattern], url=URL, title=TITLE) is None


def test_an_article_without_an_address_is_blocked_by_its_title_and_by_everything() -> None:
    assert blocking_pattern(["paper.example/*", "*"], url=None, title=TITLE) == "*"
    assert blocking_pattern(["*week*"], url=None, title=TITLE) == "*week*"
    assert blocking_pattern([], url=None, title=TITLE) is None


def test_the_first_pattern_that_blocks_is_named_in_the_reason() -> None:
    pattern = blocking_pattern(["nothing", "*sport*", "*"], url=URL, title=TITLE)
    assert pattern == "*sport*"
    assert "*sport*" in blocked(pattern).detail


def test_a_pattern_made_to_be_slow_is_not() -> None:
    assert blocking_pattern(["*a" * 100 + "b"], url=None, title="a" * 1_000) is None
