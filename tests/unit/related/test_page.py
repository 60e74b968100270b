"""A saved news page among the headlines of its day: the entries that its editors chose outrank the rest."""

import gzip
import json
import random
import re
from pathlib import Path

import pytest

from newsroom import streamed
from repository import ROOT
from themeline.ingest.core.pages import parse_page
from themeline.related.core.engine import EngineArticle
from themeline.related.core.features import RawArticle

PAGE = ROOT / "tests/data/pages/harbour.txt"
SAMPLE = ROOT.parent / "shared/samples/page.txt"
HEADLINES = ROOT.parent / "shared/eval/headlines-dev.jsonl.gz"

# The sample's own subjects: what is about them is related, not unrelated.
SUBJECTS = re.compile("russia|ukrain|crimea|putin|kiev|trump|moscow|obama|kerry", re.IGNORECASE)

OTHERS = (
    "Parliament passes budget with higher fuel tax",
    "Teenager wins chess open in Port Lannis",
    "Bakers of Karsk go on strike over flour prices",
    "New vaccine against river fever approved",
    "Sarrow Rovers lose third match in a row",
    "Central bank leaves interest rate at 3 percent",
    "Actor Piet Oort to play Hamlet in Velmora",
    "Farmers block roads around the capital with tractors",
    "Telescope finds water on a distant planet",
    "Supermarket chain recalls peanut butter",
    "Court frees journalist after two years",
    "Film festival opens with a comedy about taxes",
    "Census counts more cats than dogs",
    "Airline orders forty jets",
    "Minister resigns over forged diploma",
    "Startup raises ten million for robot cooks",
    "School exams moved because of heat",
    "Museum returns stolen masks",
    "Wolf seen in the hills of Lower Ansing",
    "Singer Mira Dolan cancels her tour",
    "Coal mine to close by spring",
    "Cyclist Otho Brandt wins mountain stage",
    "Phone maker shows a screen that folds twice",
    "Wine harvest is the smallest in ten years",
)


def outranked(page: Path, others: list[str]) -> tuple[float, list[bool]]:
    """The chance that an entry of the page outranks an unrelated headline; and which of the best ten are its own."""
    main, *entries = parse_page(page.read_text(encoding="utf-8"))
    chance = random.Random(1)
    stream = [(item["title"], True) for item in entries] + [(title, False) for title in others]
    chance.shuffle(stream)
    articles = [EngineArticle(RawArticle(title, ""), chance.uniform(0, 24)) for title, _ in stream]
    engine = streamed([*articles, EngineArticle(RawArticle(main["title"], main["text"]), 24)])
    scores = engine.relations[len(articles) + 1]
    ranked = [(scores.get(number, (0.0, 0.0))[1], own) for number, (_, own) in enumerate(stream, start=1)]
    own, unrelated = ([score for score, is_own in ranked if is_own is wanted] for wanted in (True, False))
    pairs = [mine > other for mine in own for other in unrelated]
    return sum(pairs) / len(pairs), [is_own for _, is_own in sorted(ranked, reverse=True)[:10]]


def test_a_pages_own_entries_outrank_the_unrelated_headlines_of_its_day() -> None:
    share, best = outranked(PAGE, list(OTHERS))
    assert share >= 0.97
    assert all(best[:2])


@pytest.mark.skipif(not (SAMPLE.exists() and HEADLINES.exists()), reason="the development data are not here")
def test_the_sample_pages_own_entries_outrank_unrelated_headlines() -> None:
    with gzip.open(HEADLINES, "rt", encoding="utf-8") as file:
        headlines = [json.loads(line)["title"] for line in file]
    share, best = outranked(SAMPLE, [title for title in headlines if not SUBJECTS.search(title)][::10])
    assert share >= 0.9
    assert sum(best) >= 8
