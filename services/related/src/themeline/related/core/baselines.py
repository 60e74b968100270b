"""What others relate articles with, on the engine's own words: stemmed tf-idf, BM25, more-like-this, dense cosine.

They are given the benefit of the doubt: document frequencies of the whole file from the first article on, and no
limit to their candidates.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
import numpy.typing as npt
from bm25s.tokenization import Tokenized
from scipy.sparse import csc_matrix, csr_matrix

from themeline.related.core.encoders import Encoder
from themeline.related.core.features import extract_batch
from themeline.related.core.frequencies import EMPTY, Floats
from themeline.related.core.text import normalise, tokens
from themeline.related.core.trial import Labelled
from themeline.related.core.words import detect_language, term_of

BM25_K1, BM25_B = 1.2, 0.75
"""Lucene's defaults."""

MORE_LIKE_THIS_TERMS = 25
"""Elasticsearch's default number of query terms, those of highest tf-idf. Its minimum frequencies (2 in the text, 5
documents) are lifted: with them most headlines would have no query at all."""

NAMES = ("tf-idf", "bm25", "more-like-this", "dense")


@dataclass(frozen=True, eq=False)
class Baseline:
    """Scores of n articles with one another: `queries` (n, width) times the transpose of `documents` (n, width)."""

    name: str
    queries: csr_matrix | Floats
    documents: csr_matrix | Floats

    def scores(self, rows: slice) -> Floats:
        """Scores (rows, n), each over the row's score with itself, so that 1 is about an equal text."""
        queries = self.queries[rows]
        found = queries @ self.documents.T
        table = np.asarray(found if isinstance(found, np.ndarray) else found.toarray(), np.float32)
        own = table[np.arange(len(table)), np.arange(rows.start, rows.start + len(table))]
        scaled: Floats = np.divide(table, own[:, None], out=np.zeros_like(table), where=own[:, None] > 0)
        return scaled


def baselines(articles: Sequence[Labelled], encoder: Encoder) -> Iterator[Baseline]:
    """Each baseline on a file, in the order of `NAMES`."""
    counts = term_counts(articles)
    weights = tf_idf(counts)
    yield Baseline("tf-idf", weights, weights)
    documents = bm25_weights(counts)
    yield Baseline("bm25", counts, documents)
    yield Baseline("more-like-this", best_terms(weights, MORE_LIKE_THIS_TERMS), documents)
    found = extract_batch([one.article.raw for one in articles], EMPTY)
    vectors = encoder.encode([features.embed_text for features in found])
    yield Baseline("dense", vectors, vectors)


def term_counts(articles: Sequence[Labelled]) -> csr_matrix:
    """Occurrences of each stemmed word in title and text, (n, words)."""
    numbers: dict[int, int] = {}
    rows = [Counter(numbers.setdefault(term, len(numbers)) for term in _terms(one)) for one in articles]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    columns = [number for row in rows for number in row]
    occurrences = [float(count) for row in rows for count in row.values()]
    return csr_matrix((occurrences, columns, ends), shape=(len(rows), max(len(numbers), 1)), dtype=np.float32)


def _terms(one: Labelled) -> list[int]:
    raw = one.article.raw
    text = f"{normalise(raw.title)}\n{normalise(raw.text)}"
    language = detect_language(text, raw.language)
    return [term for token in tokens(text) if (term := term_of(token.form, language))]


def tf_idf(counts: csr_matrix) -> csr_matrix:
    """(1 + ln occurrences) × ln((n + 1) / (articles with the word + 1)) + 1, each row of length 1."""
    documents = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log((counts.shape[0] + 1) / (documents + 1)) + 1
    weights = counts.copy()
    weights.data = ((1 + np.log(counts.data)) * idf[counts.indices]).astype(np.float32)
    norms = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    weights.data /= np.repeat(np.maximum(norms, 1e-9), np.diff(weights.indptr)).astype(np.float32)
    return weights


def bm25_weights(counts: csr_matrix) -> csr_matrix:
    """What each word of each article adds to its BM25 score (Lucene's form), (n, words)."""
    if not counts.nnz:
        return counts
    texts = [
        np.repeat(counts.indices[at:end], counts.data[at:end].astype(int)).tolist()
        for at, end in zip(counts.indptr[:-1], counts.indptr[1:], strict=True)
    ]
    index = bm25s.BM25(k1=BM25_K1, b=BM25_B, method="lucene")
    index.index(Tokenized(texts, {word: word for word in range(counts.shape[1])}), show_progress=False)
    found = index.scores
    width = len(found["indptr"]) - 1
    table = csc_matrix((found["data"], found["indices"], found["indptr"]), shape=(counts.shape[0], width))
    return table[:, : counts.shape[1]].tocsr()


def best_terms(weights: csr_matrix, count: int) -> csr_matrix:
    """1 for each of the `count` highest weights of a row, 0 elsewhere."""
    kept = np.zeros(weights.nnz, np.float32)
    for at, end in zip(weights.indptr[:-1], weights.indptr[1:], strict=True):
        kept[at + np.argsort(-weights.data[at:end], kind="stable")[:count]] = 1
    found = csr_matrix((kept, weights.indices, weights.indptr), shape=weights.shape)
    found.eliminate_zeros()
    return found


def similarities(baseline: Baseline, articles: int) -> npt.NDArray[np.float64]:
    """Scores of all pairs, (n, n), the mean of both directions."""
    scores = baseline.scores(slice(0, articles)).astype(np.float64)
    return (scores + scores.T) / 2
