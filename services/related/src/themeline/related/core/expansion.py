"""Vectors expanded by their neighbours: an article is also about what the articles closest to it are about.

A short text names only a part of its subject; its closest neighbours name the rest. Adding their vectors is document
expansion (Singhal & Pereira 1999), known from image retrieval as database-side augmentation (Turcot & Lowe 2009,
weighted by similarity as in Radenović et al. 2018).
"""

import numpy as np
import numpy.typing as npt

from themeline.related.core.frequencies import Floats

NEIGHBOURS = 3
"""Closest articles that a vector is expanded by. Measured, the vectors alone: nDCG@10 of stories with 0, 3, 5, 10: full
texts .884, .908, .906, .895; headlines .921, .935, .934, .930."""

SHARE = 1.0
"""Weight of the neighbours' mean, each counted by its cosine, beside the article's own vector: .6 gives .933 on
headlines, 1 .935; 2 gives .937 with five neighbours there, and loses on full texts."""


def expanded(vector: Floats, neighbours: Floats, cosines: Floats) -> Floats:
    """The vector, (d,), with those of its closest neighbours, (k, d), by their cosines with it, (k,); length 1.

    Neighbours that point away count nothing. A vector of zeros, of a text without a word that the encoder knows,
    stays as it is.
    """
    if not vector.any() or not len(neighbours):
        return vector
    weights = np.clip(cosines, 0, 1) * np.float32(SHARE / NEIGHBOURS)
    sum_: Floats = (vector + weights @ neighbours).astype(np.float32)
    sum_ /= np.maximum(np.linalg.norm(sum_), np.float32(1e-9))
    return sum_


def closest(cosines: Floats) -> npt.NDArray[np.intp]:
    """Places of the candidates that a vector is expanded by, given the cosines of all, best first."""
    return np.argsort(-cosines, kind="stable")[:NEIGHBOURS]


def expanded_among(vectors: Floats) -> Floats:
    """Vectors, (n, d), each expanded by its closest among all others."""
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    places = [closest(row) for row in cosines]
    rows = [expanded(vectors[at], vectors[near], cosines[at, near]) for at, near in enumerate(places)]
    return np.stack(rows) if rows else vectors
