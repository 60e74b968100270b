"""Invented news for tests of the relation engine."""

from collections.abc import Sequence

import numpy as np

from themeline.related.core.corpus import Corpus
from themeline.related.core.engine import Engine, EngineArticle
from themeline.related.core.features import RawArticle, extract_batch
from themeline.related.core.frequencies import EMPTY
from themeline.related.core.relations import Scored, relate
from themeline.related.encoders import static_encoder

FLOOD = RawArticle(
    "Dam at Velmora bursts after week of rain",
    "The Velmora dam above the town of Karsk burst on Monday after a week of heavy rain. Rescue teams took 340 people "
    "from rooftops, said Mayor Ilse Tannen. Engineers had warned the Karsk council twice about cracks in the dam wall. "
    "The river Senn rose by four metres within an hour, and two bridges were lost.",
    "en",
)
FLOOD_LATER = RawArticle(
    "Karsk counts its losses as Velmora flood water falls",
    "Two days after the Velmora dam burst, the water in Karsk is falling. Mayor Ilse Tannen said 340 people had been "
    "taken from rooftops along the river Senn. Engineers who warned the council about cracks in the dam will be heard "
    "on Friday, and both lost bridges are to be replaced by the army.",
    "en",
)
FLOOD_AGAIN = RawArticle(
    "Army replaces the second Karsk bridge lost when Velmora dam burst",
    "The army has replaced the second of two bridges over the river Senn that Karsk lost when the Velmora dam burst. "
    "Mayor Ilse Tannen drove across first. Engineers told the council that cracks in the dam had been known for years.",
    "en",
)
CHESS = RawArticle(
    "Teenager wins chess open in Port Lannis",
    "Sixteen-year-old Mira Dolan won the open chess championship of Port Lannis without losing a game. In the last "
    "round she sacrificed a rook against grandmaster Piet Oort, who resigned nine moves later.",
    "en",
)
BUDGET = RawArticle(
    "Parliament passes budget with higher fuel tax",
    "Parliament in Sarrow passed the budget for next year by twelve votes. Finance minister Otho Brandt raised the tax "
    "on fuel by 3 percent and cut grants for farmers, who blocked roads around the capital with tractors.",
    "en",
)


def corpus_of(articles: Sequence[RawArticle], hours: Sequence[float] | None = None) -> Corpus:
    """The articles as a corpus with ids from 1, each of its own source."""
    features = extract_batch(articles, EMPTY)
    times = [float("nan")] * len(articles) if hours is None else hours
    numbers = range(1, len(articles) + 1)
    return Corpus.prepare(numbers, [found.record for found in features], times, numbers, EMPTY)


def scored(articles: Sequence[RawArticle], hours: Sequence[float] | None = None, row: int = 0) -> Scored:
    """The article at `row` scored against all the others."""
    vectors = static_encoder().encode([found.embed_text for found in extract_batch(articles, EMPTY)])
    others = np.delete(np.arange(len(articles)), row)
    return relate(corpus_of(articles, hours), row, others, vectors[others] @ vectors[row])


def streamed(articles: Sequence[EngineArticle], batch: int = 16) -> Engine:
    """An engine that the articles streamed through."""
    engine = Engine(static_encoder())
    for at in range(0, len(articles), batch):
        engine.add(articles[at : at + batch])
    return engine
