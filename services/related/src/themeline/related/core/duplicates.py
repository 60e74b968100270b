"""Copies of one text. The original is the copy with the earliest time; copies point at it, never at each other."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from themeline.related.core.corpus import Corpus, Rows
from themeline.related.core.frequencies import Floats
from themeline.related.core.relations import Scored
from themeline.related.core.signals import REPEAT_HOURS

COPY_SHARE = 0.8
"""Share of text in common from which two articles are one text whenever they came."""

RESENT_SHARE = 0.6
"""The same within `RESENT_HOURS`. Measured on the second half of a newswire: of the pairs between the two shares 12 of
14 within that time are re-sent, corrected or shortened versions, and 13 of 14 of the later ones are forms that come
again with other figures (tenders, rainfall, grain ships)."""

RESENT_HOURS = 36.0
"""A wire sends again the same day or the next morning."""

CUT_SHARE = 0.45
"""The same for full texts: what was cut by half has half in common. Measured on both halves, with
`CUT_LEXICAL`: 21 of 23 pairs are one report, longer and shorter; of texts below `CUT_BODY` most are tables."""

CUT_BODY = 80
"""Words of body from which a text counts as full."""

CUT_LEXICAL = 0.85
"""Cosine of terms that cut texts must reach."""

COPY_LEXICAL = 0.8
"""Cosine of terms that all others must reach: tells a form filled in with other names and figures
(dividends, bond issues) from a copy."""

MIN_BODY = 20
"""Words of body below which only an equal text is a copy."""

TITLE_HOURS = 48.0
"""Hours within which two headlines without body are one text if they are equal: columns and series repeat titles."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """original: id of the article this one copies, or None. copies: originals that turn out to copy this one.

    Whoever applies it also re-points the copies of `copies` to this article.
    """

    original: int | None = None
    copies: tuple[int, ...] = ()


def find_duplicate(
    corpus: Corpus,
    row: int,
    scored: Scored,
    sort_hours: npt.NDArray[np.float64],
    duplicate_of: npt.NDArray[np.int64],
) -> Duplicate:
    """Decide whether the article at `row` is a copy, or older than what so far counted as the original.

    sort_hours: per corpus row, hours by which articles sort (publication, else ingest). duplicate_of: per
    corpus row, the id of its original, 0 where it is one itself. Originals are compared; where none of those
    found is the same text but a copy is, that copy's original is this one's too.
    """
    same = _copies(corpus, row, scored, sort_hours)
    if not len(same):
        return Duplicate()
    originals = same[duplicate_of[same] == 0]
    if not len(originals):
        # of a text sent hundreds of times the original may not be among the candidates, but its copies are
        return Duplicate(original=int(duplicate_of[same].min()))
    first = min(originals.tolist(), key=lambda other: (sort_hours[other], corpus.ids[other]))
    if (sort_hours[first], corpus.ids[first]) < (sort_hours[row], corpus.ids[row]):
        return Duplicate(original=int(corpus.ids[first]))
    return Duplicate(copies=tuple(int(id_) for id_ in corpus.ids[originals]))


def _copies(corpus: Corpus, row: int, scored: Scored, sort_hours: npt.NDArray[np.float64]) -> Rows:
    """The rows of the candidates that are one text with the article."""
    table = corpus.table
    equal = (table["text_digest"][scored.rows] == table["text_digest"][row]) & (table["words"][row] > 0)
    places = np.flatnonzero(equal | (scored.copy >= CUT_SHARE))
    if not len(places):
        return places
    rows, equal = scored.rows[places], equal[places]
    apart = np.abs(sort_hours[rows] - sort_hours[row])
    bare = equal & (table["body_words"][row] == 0)
    # a source that repeats its own headline later has written on something new
    longest = np.where(corpus.sources[rows] == corpus.sources[row], REPEAT_HOURS, TITLE_HOURS)
    copies = _alike(corpus, row, rows, scored.copy[places], apart) | (equal & (~bare | (apart <= longest)))
    found: Rows = rows[copies]
    return found


def _alike(
    corpus: Corpus, row: int, rows: Rows, share: Floats, apart: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Whose text has enough in common, `share` of it: less is enough soon after, and of full texts."""
    body = corpus.table["body_words"]
    words = np.minimum(body[rows], body[row])
    soon = apart <= RESENT_HOURS
    same = (share >= COPY_SHARE) | soon & (share >= RESENT_SHARE)
    cut = soon & (share >= CUT_SHARE) & (words >= CUT_BODY)
    alike: npt.NDArray[np.bool_] = (words >= MIN_BODY) & (same | cut)
    if alike.any():
        places = np.flatnonzero(alike)
        lexical = corpus.terms.cosines(row, rows[places])
        alike[places] = lexical >= np.where(same[places], COPY_LEXICAL, CUT_LEXICAL)
    return alike
