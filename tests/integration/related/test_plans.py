"""Queries that grow with the batch, not with what is stored."""

import pytest
from sqlalchemy import text

from integration.related.scene import Scene
from themeline.related.store import corpus, regrouping
from themeline.related.store.binary import fetch

STORED = """
    INSERT INTO themes (label, size, first_at, last_at) VALUES ('', 1, now(), now());
    INSERT INTO stories (label, size, first_at, last_at, theme_id)
    SELECT '', 1, now(), now(), (SELECT min(id) FROM themes) FROM generate_series(1, 20000);
    INSERT INTO placements (article_id, version, zone_assumed, time_flags, sort_at, names, terms, story_id, epoch)
    SELECT row_number() OVER (), 1, false, '{}', now(), '{}', '{}', id, 1 FROM stories;
    INSERT INTO relations (high, low, story, theme, signals)
    SELECT high, high - low, 0.5, 0.5, '' FROM generate_series(10, 5000) AS high, generate_series(1, 5) AS low;
    ANALYZE stories, placements, relations
"""
MANY = list(range(1, 10_000, 2))


@pytest.mark.parametrize(
    ("sql", "parameters"),
    [
        (corpus._GROUPS, {"ids": MANY}),
        (regrouping._PROBABILITIES["story"], {"high": MANY, "low": [high - 1 for high in MANY]}),
    ],
    ids=["groups", "probabilities"],
)
def test_no_query_for_a_batch_reads_a_whole_table(scene: Scene, sql: str, parameters: dict[str, object]) -> None:
    with scene.sessions() as session:
        session.execute(text(STORED))
        plan = [row[0] for row in fetch(session, f"EXPLAIN {sql}", parameters)]
    assert any("Index" in line for line in plan)
    assert not [line for line in plan if "Seq Scan" in line]
