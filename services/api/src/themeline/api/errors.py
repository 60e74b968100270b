"""The problems that this service answers with; see `themeline.shared.problems` for their form.

400 invalid-parameter · 404 unknown-article, unknown-story, unknown-theme · 410 withdrawn-article ·
503 related-unavailable
"""

from themeline.api import pagination
from themeline.shared.problem_handlers import invalid_request
from themeline.shared.problems import Problem

# Ids are 36 characters; a longer one is repeated only in part.
MAX_ID_ECHO = 60
# A restarted worker answers again within this time.
RELATED_RETRY_S = 5


def unknown(kind: str, name: str) -> Problem:
    """Return the problem of an article, story or theme that does not exist, or not yet."""
    shown = name if len(name) <= MAX_ID_ECHO else name[:MAX_ID_ECHO] + "…"
    return Problem(404, f"unknown-{kind}", f"No such {kind}", f"There is no {kind} {shown!r}.")


def withdrawn(public_id: str) -> Problem:
    return Problem(
        410,
        "withdrawn-article",
        "The article was withdrawn",
        f"The article {public_id} was withdrawn by its publisher.",
    )


def related_away() -> Problem:
    return Problem(
        503,
        "related-unavailable",
        "The related service does not answer",
        f"Boxes are served without it, explanations are not: try again in {RELATED_RETRY_S} seconds. If that does not"
        " help, start the related service, or correct THEMELINE_RELATED_URL.",
        headers={"Retry-After": str(RELATED_RETRY_S)},
    )


def bad_parameter(name: str, value: str, message: str) -> Problem:
    """Return the problem of one query parameter, in the form that every other one has."""
    return invalid_request([{"loc": ("query", name), "msg": message, "input": value, "type": "value_error"}])


def read_cursor(cursor: str, scope: str) -> pagination.Place:
    """Return the place that a client's cursor names.

    Raises:
        Problem: 400, the cursor is damaged or belongs elsewhere.
    """
    try:
        return pagination.decode(cursor, scope)
    except ValueError as error:
        raise bad_parameter("cursor", cursor, str(error)) from None
