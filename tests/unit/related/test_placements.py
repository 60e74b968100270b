"""A batch is placed one article after another, each seeing what was decided before it."""

import numpy as np
import pytest

from themeline.related.core.corpus import Corpus
from themeline.related.core.features import RawArticle, extract_batch
from themeline.related.core.frequencies import EMPTY
from themeline.related.core.placements import Placed, Placing
from themeline.related.core.relations import relate
from themeline.related.core.standing import Standing
from themeline.related.core.stories import Group

FLOOD = "The river Orlenz broke its banks at Brennach, fire chief Matti Kroll said near the Hollin barrage. {}"
TEXTS = {
    "first": FLOOD.format("At least four people were killed and nine thousand residents were told to leave the town."),
    "second": FLOOD.format("Helicopters lifted families from roofs while schools gave shelter to two thousand people."),
    "chess": "Grandmaster Tuuli Ilves beat Arjun Raman in Porvay with a rook ending of ninety long moves on Friday.",
}


def _placing(
    *names: str,
    hours: tuple[float, ...] = (),
    stories: tuple[int, ...] = (),
    groups: dict[int, Group] | None = None,
) -> Placing:
    """A corpus of these texts with ids 1, 2, …, which are in these stories; story n is in theme n."""
    at = np.array(hours or [float(place) for place in range(len(names))])
    found = extract_batch([RawArticle(name, TEXTS[name.split()[0]], "en") for name in names], EMPTY)
    records = [each.record for each in found]
    ids = list(range(1, len(names) + 1))
    corpus = Corpus.prepare(ids, records, at.tolist(), ids, EMPTY)
    sort_hours = np.nan_to_num(at, nan=500.0)
    standing = Standing.nowhere(len(ids))
    standing.stories[: len(stories)] = stories
    theme_of = {id_: id_ for id_ in groups or {}}
    return Placing(corpus, standing, sort_hours, dict(groups or {}), dict(groups or {}), theme_of)


def _place(placing: Placing, id_: int) -> Placed:
    row = int(placing.corpus.rows([id_])[0])
    others = np.array([at for at in range(len(placing.corpus.ids)) if at != row], np.intp)
    scored = relate(placing.corpus, row, others, np.full(len(others), 0.5, np.float32))
    return placing.place(row, scored)


def test_copies_in_one_batch_open_one_story_between_them() -> None:
    placing = _placing("first", "first")
    one, two = _place(placing, 1), _place(placing, 2)
    assert (one.story, one.duplicate_of, two.duplicate_of) == (two.story, 0, 1)
    assert placing.stories[one.story].size == 2


def test_new_stories_and_themes_have_provisional_ids_below_zero() -> None:
    placing = _placing("first", "chess")
    one, two = _place(placing, 1), _place(placing, 2)
    assert one.story < 0
    assert two.story < 0
    assert one.story != two.story
    assert placing.theme_of[one.story] != placing.theme_of[two.story]


def test_an_older_copy_becomes_the_original_of_what_stands() -> None:
    placing = _placing("first", "first", hours=(5.0, 1.0), stories=(7,), groups={7: Group(7, 1, 5.0, 5.0)})
    assert _place(placing, 2) == Placed(2, 7, 0)
    assert placing.moved == [(1, 2)]
    assert placing.stories[7] == Group(7, 2, 1.0, 5.0)


def test_an_article_placed_again_is_counted_once() -> None:
    placing = _placing("first", stories=(7,), groups={7: Group(7, 1, 0.0, 0.0)})
    assert _place(placing, 1).story == 7
    assert (placing.stories[7].size, placing.themes[7].size) == (1, 1)
    assert placing.emptied == []


def test_a_story_left_empty_leads_to_the_one_its_article_went_to() -> None:
    groups = {7: Group(7, 1, 0.0, 0.0), 8: Group(8, 1, 1.0, 1.0)}
    placing = _placing("first", "first", stories=(7, 8), groups=groups)
    assert _place(placing, 2) == Placed(2, 7, 1)
    assert placing.emptied == [(8, 7)]
    assert (placing.stories[7].size, placing.stories[8].size) == (2, 0)


@pytest.mark.parametrize("hours", [(1.0, float("nan")), (float("nan"), 1.0)])
def test_an_undated_article_never_moves_the_times_of_a_dated_story(hours: tuple[float, ...]) -> None:
    dated, undated = (1, 2) if hours[0] == hours[0] else (2, 1)
    placing = _placing("first", "first", hours=hours)
    story = _place(placing, dated).story
    _place(placing, undated)
    assert (placing.stories[story].first, placing.stories[story].last) == (1.0, 1.0)
    assert placing.stories[story].size == 2
