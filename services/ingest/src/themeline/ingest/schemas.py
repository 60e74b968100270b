"""What the interface document says about requests and answers."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from themeline.ingest.core.drafts import Item


class ItemProblem(BaseModel):
    """Why one item was not accepted (RFC 9457), without a status of its own."""

    type: str
    title: str
    detail: str
    field: str | None = None


class ItemResult(BaseModel):
    """What became of one item of the request."""

    status: Literal["created", "updated", "unchanged", "rejected"]
    id: str | None = None
    url: str | None = None
    notices: list[str] | None = Field(default=None, description="what was left out or decided, and why")
    problem: ItemProblem | None = None


class PushAnswer(BaseModel):
    """Results in the order of the request; `accepted` counts all that were not rejected."""

    accepted: int
    rejected: int
    results: list[ItemResult]


class ArticleStatus(BaseModel):
    """Whether an article is withdrawn."""

    id: str
    status: Literal["withdrawn", "restored"]


EXAMPLE = {
    "url": "https://news.example/harbour-strike-ends",
    "title": "Harbour strike ends after nine days",
    "text": "Dockers in Haldermouth voted on Friday to return to work …",
    "published": "Fri, 30 Oct 2026 16:40:00 GMT",
    "source": "Example News",
    "language": "en",
}

_ITEM = Item.model_json_schema()

REQUEST_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"oneOf": [_ITEM, {"type": "array", "maxItems": 1000, "items": _ITEM}]},
            "example": EXAMPLE,
        },
        "application/x-ndjson": {"schema": {"type": "string"}, "example": '{"title": "…"}\n{"title": "…"}\n'},
    },
}

PUSH_EXAMPLE: dict[str, Any] = {
    "description": "What became of each item, in the order of the request",
    "content": {
        "application/json": {
            "example": {
                "accepted": 1,
                "rejected": 1,
                "results": [
                    {
                        "status": "created",
                        "id": "0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11",
                        "url": "https://news.example/harbour-strike-ends",
                    },
                    {
                        "status": "rejected",
                        "problem": {
                            "type": "urn:themeline:problem:missing-field",
                            "title": "A field is missing",
                            "detail": "`title` is required.",
                            "field": "title",
                        },
                    },
                ],
            }
        }
    },
}
