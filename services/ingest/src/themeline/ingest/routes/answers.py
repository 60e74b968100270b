"""What the calls have in common: how an id in the path is read, and what is said where it is nobody's."""

from uuid import UUID

from themeline.shared.problems import Problem

# Only the usual form of an id; `UUID()` alone would also take braces and prefixes.
ID_LENGTH = 36
# A longer id is repeated only in part.
MAX_ID_ECHO = 80


def read_id(kind: str, text: str) -> UUID:
    """Read the id of an article, feed or source from the path.

    Raises:
        Problem: 404; what is no id is as unknown as one that nobody has.
    """
    try:
        if len(text) == ID_LENGTH:
            return UUID(text)
    except ValueError:
        pass
    raise unknown(kind, text)


def unknown(kind: str, id_: str) -> Problem:
    """Return the problem of an id that no thing of this kind has."""
    return Problem(404, f"unknown-{kind}", f"There is no such {kind}", f"No {kind} has the id {id_[:MAX_ID_ECHO]!r}.")
