"""Scorer files: what `fit` writes and the service and `evaluate` read."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from themeline.related.core.scoring import Scorer, scorer_from, scorer_of, scorer_text


class UnusableScorerError(ValueError):
    """A scorer file that cannot be used, and what to do about it, in one line."""


def read_scorer(path: Path, encoder: str) -> Scorer:
    """The scorer of a file, fitted for the encoder of this name."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableScorerError(
            f"the scorer {path} cannot be read ({_reason(error)}): give a file written by fit"
        ) from error
    try:
        made_for = json.loads(text).get("encoder")
        scorer = scorer_from(text)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnusableScorerError(
            f"the scorer {path} does not fit this version ({_reason(error)}): fit it anew with `themeline fit`"
        ) from error
    if made_for != encoder:
        raise UnusableScorerError(
            f"the scorer {path} was fitted for the encoder {made_for}, not for {encoder}: fit it with `themeline fit`"
        )
    return scorer


def scorer_document(scorer: Scorer, encoder: str, proof: Mapping[str, object] | None = None) -> str:
    """The content of a scorer file. proof: what was measured of the scorer; people and documents alone read it."""
    data = {"encoder": encoder, **json.loads(scorer_text(scorer))} | ({"proof": proof} if proof else {})
    return json.dumps(data, indent=1) + "\n"


def scorers(path: Path, encoder: str) -> Callable[[str], Scorer]:
    """The scorer for an encoder's name: that of the file for this encoder, the ones shipped for others."""
    own = read_scorer(path, encoder)
    return lambda name: own if name == encoder else scorer_of(name)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    if isinstance(error, json.JSONDecodeError):
        return "it is no JSON"
    if isinstance(error, KeyError):
        return f"it has no {error}"
    return str(error)
