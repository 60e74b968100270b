"""What the forms of feeds and sources have in common."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from themeline.ingest.core.drafts import MAX_SOURCE
from themeline.ingest.core.titles import clean_title

# A form is read by people; a longer text in it is a mistake.
MAX_TEXT = 1_000
DEFAULT_LIMIT = 50
MAX_LIMIT = 200
MAX_CURSOR = 64


class Form(BaseModel):
    """A body that a person or program fills in. Types are not converted, and a field that is none is a mistake."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class Paging(BaseModel):
    """Which page of a list is asked for."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT, description="Items on a page.")
    cursor: str | None = Field(
        None, max_length=MAX_CURSOR, description="`next` of the page before; with the same other parameters."
    )


def _name(text: str) -> str:
    name = clean_title(text)
    if not name:
        raise ValueError("has no readable text")
    if len(name) > MAX_SOURCE:
        raise ValueError(f"is longer than {MAX_SOURCE} characters")
    return name


def not_null(value: Any) -> Any:
    """Refuse null where only leaving a field out means something."""
    if value is None:
        raise ValueError("cannot be null; leave it out to keep what it is")
    return value


# A name or title in one line, without markup.
Name = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(_name)]
Required = BeforeValidator(not_null)
