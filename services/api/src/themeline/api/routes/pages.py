"""The pages for people: HTML that needs no script."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from themeline.api import errors, pages
from themeline.api.parameters import ArticleFilter, BoxParameters, ThemeFilter
from themeline.api.queries import articles, listing, reading, themes
from themeline.api.queries.box import box
from themeline.api.routes.answers import SessionsOfApp, read_id
from themeline.api.routes.articles import BOX_MAX_AGE_S
from themeline.shared.db import read_only
from themeline.shared.problem_handlers import DATABASE_AWAY, database_away
from themeline.shared.problems import Problem

# What fits on a front page without turning it into an archive.
FRONT_THEMES = 12
FRONT_HEADLINES = 3
# The newest are looked for among the latest arrivals: a publisher's archive arrives in any order.
FRONT_ARRIVALS = 100
# One article alone is no theme to a reader; it stands under the latest.
FEWEST_OF_A_THEME = 2

# A page loads its own stylesheet and icon and nothing else; an attacker's markup would stay dead text.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
FOR_EVER = "public, max-age=31536000, immutable"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """Tells people of problems in a page, where programs get a problem document."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def with_problem_pages(request: Request) -> Response:
            try:
                return await handler(request)
            except Problem as problem:
                return _problem(problem)
            except DATABASE_AWAY as error:
                return _problem(database_away(error))

        return with_problem_pages


router = APIRouter(route_class=PageRoute, include_in_schema=False)
METHODS = ["GET", "HEAD"]


@router.api_route("/", methods=METHODS)
def get_front_page(sessions: SessionsOfApp) -> Response:
    with read_only(sessions) as session:
        found = themes.themes(session, ThemeFilter(limit=FRONT_THEMES, min_articles=FEWEST_OF_A_THEME)).items
        headlines = reading.newest_of_themes(session, [theme.id for theme in found], FRONT_HEADLINES)
        latest = listing.newest(session, ArticleFilter(limit=FRONT_ARRIVALS)).items
    return _page(pages.front_page(found, headlines, latest), f"public, max-age={BOX_MAX_AGE_S}")


@router.api_route("/read/{id}", methods=METHODS)
def get_reader_page(sessions: SessionsOfApp, id: str) -> Response:  # noqa: A002  the name in the path
    public_id = read_id("article", id)
    with read_only(sessions) as session:
        row = articles.find(session, public_id)
        found = box(session, row, BoxParameters())
        body = reading.body(session, row.id)
        readings = reading.readings(session, [item.id for item in found.items])
    caching = "no-store" if found.pending else f"public, max-age={BOX_MAX_AGE_S}"
    return _page(pages.article_page(found, body, readings), caching)


@router.api_route("/static/{name}", methods=METHODS)
async def get_static_file(name: str, v: str = "") -> Response:
    if name not in pages.STATIC_FILES:
        raise errors.unknown("file", name)
    # Another version's address gets what there is, but not for ever.
    caching = FOR_EVER if v == pages.STATIC_VERSIONS[name] else "no-cache"
    return Response(
        pages.STATIC_FILES[name],
        media_type=pages.STATIC_TYPES[name],
        headers=HEADERS | {"Cache-Control": caching},
    )


def _page(content: str, caching: str, status: int = 200) -> Response:
    return HTMLResponse(content, status, headers=HEADERS | {"Cache-Control": caching})


def _problem(problem: Problem) -> Response:
    answer = _page(pages.problem_page(problem), "no-store", problem.status)
    answer.headers.update(problem.headers)
    return answer
