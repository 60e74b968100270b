"""Articles and their boxes."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from themeline.api import errors, examples, schemas
from themeline.api.parameters import ArticleFilter, BoxParameters
from themeline.api.queries import articles, listing
from themeline.api.queries.box import box
from themeline.api.routes.answers import SessionsOfApp, answer, read_id
from themeline.shared.db import read_only

# A box may be this old: far below what a reader notices, enough to take a rush off one article.
BOX_MAX_AGE_S = 2
# A fresh article has its box within a second.
PENDING_RETRY_S = 1

router = APIRouter(prefix="/v1/articles", tags=["articles"])


@router.get(
    "",
    operation_id="list_articles",
    summary="Articles, the latest ingested first; or one by its address",
    response_model=schemas.ArticleList | schemas.Article,
    responses=examples.answers(examples.ARTICLE_LIST, 400, 404, 410, 503),
)
def list_articles(sessions: SessionsOfApp, wanted: Annotated[ArticleFilter, Query()]) -> Response:
    with read_only(sessions) as session:
        if wanted.url is None:
            return answer(listing.newest(session, wanted))
        _only_url(wanted)
        return answer(articles.to_article(articles.find_by_url(session, wanted.url)))


@router.get(
    "/{id}",
    operation_id="get_article",
    summary="One article",
    response_model=schemas.Article,
    responses=examples.answers(examples.ARTICLE, 404, 410, 503),
)
def get_article(sessions: SessionsOfApp, id: str) -> Response:  # noqa: A002  the name in the path
    public_id = read_id("article", id)
    with read_only(sessions) as session:
        return answer(articles.to_article(articles.find(session, public_id)))


@router.get(
    "/{id}/related",
    operation_id="get_related_articles",
    summary="The box More on theme of an article",
    response_model=schemas.Box,
    responses=examples.answers(examples.BOX, 400, 404, 410, 503),
)
def get_related_articles(
    sessions: SessionsOfApp,
    id: str,  # noqa: A002  the name in the path
    wanted: Annotated[BoxParameters, Query()],
) -> Response:
    public_id = read_id("article", id)
    with read_only(sessions) as session:
        found = box(session, articles.find(session, public_id), wanted)
    if found.pending:
        return answer(found, "no-store", **{"Retry-After": str(PENDING_RETRY_S)})
    return answer(found, f"public, max-age={BOX_MAX_AGE_S}")


def _only_url(wanted: ArticleFilter) -> None:
    others = sorted(wanted.model_fields_set - {"url", "limit"})
    if others:
        raise errors.bad_parameter(
            others[0], str(getattr(wanted, others[0])), "cannot be combined with url, which names one article"
        )
