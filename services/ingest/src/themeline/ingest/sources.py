"""The use cases around sources: listed, shown, created and changed."""

from typing import Any

from sqlalchemy.orm import Session

from themeline.ingest.core import cursors
from themeline.ingest.core.drafts import source_key
from themeline.ingest.core.forms import Paging
from themeline.ingest.core.sourceforms import SourceForm, SourcePage, SourceView
from themeline.ingest.store import feeds
from themeline.ingest.store import sources as store

SCOPE = "sources"
# What decides whether an entry is accepted, and whether its page is read.
DECIDING = frozenset({"blocked", "full_text"})
# Of the view, under the column's own name.
SAME_NAME = SourceView.model_fields.keys() - {"articles", "feeds", "last_article_at"}


def page(session: Session, wanted: Paging) -> SourcePage:
    """Return one page of the sources, by key.

    Raises:
        ValueError: the cursor is none of this list.
    """
    after = cursors.decode(wanted.cursor, SCOPE) if wanted.cursor is not None else None
    rows = store.page(session, after=after, limit=wanted.limit + 1)
    shown = rows[: wanted.limit]
    following = cursors.encode(shown[-1].source.id, SCOPE) if len(rows) > wanted.limit else None
    return SourcePage(items=[_view(row) for row in shown], next=following)


def show(session: Session, name: str) -> SourceView | None:
    """Return the source of this key or name, or None when there is none."""
    found = store.get(session, source_key(name))
    return _view(found) if found else None


def put(session: Session, name: str, form: SourceForm) -> bool:
    """Make the source as the form says, with defaults for what it does not say; say whether it is new."""
    key = source_key(name)
    values = form.model_dump(exclude={"name"}) | {"name": form.name or name}
    return store.create(session, key, values) or not store.change(session, key, values)


def change(session: Session, name: str, form: SourceForm) -> bool:
    """Change what the form names; False when there is no such source.

    Where other things may be accepted or read from now on, the source's feeds are read anew.
    """
    key, values = source_key(name), form.model_dump(exclude_unset=True)
    changed = store.change(session, key, values)
    if changed and values.keys() & DECIDING:
        feeds.read_anew(session, key)
    return changed


def _view(listed: store.ListedSource) -> SourceView:
    values: dict[str, Any] = {name: getattr(listed.source, name) for name in SAME_NAME}
    counted = {"articles": listed.articles, "feeds": listed.feeds, "last_article_at": listed.last_article_at}
    return SourceView.model_validate(values | counted)
