"""Where the candidates of a batch stand, and the stories and themes around them, read as columns."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from themeline.related.core.standing import Columns, Standing
from themeline.related.store.binary import columns, fetch

Ids = npt.NDArray[np.int64]

_STANDING = """
    SELECT string_agg(int8send(article_id), ''), string_agg(int8send(story_id), ''),
           string_agg(int8send(coalesce(duplicate_of, 0)), '')
    FROM placements WHERE article_id = ANY(%(ids)s::bigint[])
"""

_VACATED = """
    SELECT vacated_by, id FROM stories
    WHERE vacated_by = ANY(%(ids)s::bigint[]) AND size = 0 AND merged_into IS NULL
"""

_GROUP = """
    string_agg(int8send(id), ''), string_agg(int8send(size), ''),
    string_agg(float8send(extract(epoch FROM first_at)::float8 / 3600), ''),
    string_agg(float8send(extract(epoch FROM last_at)::float8 / 3600), ''),
    string_agg(int8send(undated::int), '')
"""
_STORIES = f"SELECT {_GROUP}, string_agg(int8send(theme_id), '') FROM stories WHERE id = ANY(%(ids)s::bigint[])"  # noqa: S608
_THEMES = f"SELECT {_GROUP} FROM themes WHERE id = ANY(%(ids)s::bigint[])"  # noqa: S608
_TYPES = (">i8", ">i8", ">f8", ">f8", ">i8")


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Where the articles of a corpus stand, the stories and themes among them, and each story's theme.

    vacated: by article, the story that its withdrawal left empty and that waits for it.
    """

    standing: Standing
    stories: Columns
    themes: Columns
    theme_of: dict[int, int]
    vacated: dict[int, int]


def load_surroundings(session: Session, ids: Ids) -> Surroundings:
    """Read what is true now of the articles, whose ids ascend; call under the assignment lock."""
    found, stories, originals = columns(session, _STANDING, {"ids": ids.tolist()}, (">i8", ">i8", ">i8"))
    standing = Standing.nowhere(len(ids))
    rows = np.searchsorted(ids, found)
    standing.stories[rows], standing.originals[rows] = stories, originals
    vacated: dict[int, int] = dict(fetch(session, _VACATED, {"ids": ids.tolist()}))
    near = {*standing.stories[rows].tolist(), *vacated.values()}
    *parts, themes = columns(session, _STORIES, {"ids": [*near]}, (*_TYPES, ">i8"))
    around = columns(session, _THEMES, {"ids": [*set(themes.tolist())]}, _TYPES)
    theme_of = dict(zip(parts[0].tolist(), themes.tolist(), strict=True))
    return Surroundings(standing, Columns(*parts), Columns(*around), theme_of, vacated)
