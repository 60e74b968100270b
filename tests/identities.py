"""Drafts, and what the database does with the decisions about them."""

from dataclasses import replace
from typing import Any

from themeline.ingest.core.decisions import (
    Create,
    Decision,
    Provisional,
    Refused,
    StoredArticle,
    Update,
)
from themeline.ingest.core.drafts import Draft, parse_draft
from themeline.ingest.core.identity import decide
from themeline.ingest.core.keys import all_digests, keys_of

NOON = "2025-07-12T12:00:00Z"


def draft(**fields: Any) -> Draft:
    parsed = parse_draft({"title": "Title", "source": "Example"} | fields)
    assert isinstance(parsed, Draft), parsed
    return parsed


class Store:
    """What the database does with decisions, in a dictionary."""

    def __init__(self) -> None:
        self.owners: dict[bytes, int] = {}
        self.articles: dict[int, StoredArticle] = {}

    def push(self, *drafts: Draft, feed_id: int | None = None) -> list[Decision]:
        request = [(one, keys_of(one)) for one in drafts]
        found = {d: self.articles[self.owners[d]] for d in all_digests(request) if d in self.owners}
        decisions = decide(request, found, feed_id=feed_id)
        created: dict[Provisional, int] = {}
        for item, decision in enumerate(decisions):
            self.apply(item, decision, created, feed_id)
        return decisions

    def apply(self, item: int, decision: Decision, created: dict[Provisional, int], feed_id: int | None) -> None:
        if isinstance(decision, Refused):
            return
        if isinstance(decision, Create):
            number = created[Provisional(item)] = len(self.articles) + 1
            external, url, version = decision.draft.external_id, decision.draft.url, 1
            digest, body, feed = decision.content_hash, bool(decision.draft.text), feed_id
        else:
            target = decision.target
            number = created[target] if isinstance(target, Provisional) else target
            before = self.articles[number]
            external, url = decision.external_id, decision.url
            version, digest, body, feed = before.version, before.content_hash, before.has_body, before.feed_id
            if isinstance(decision, Update):
                assert decision.version == version + 1
                version, digest, body = decision.version, decision.content_hash, bool(decision.draft.text)
                feed = feed_id
        self.articles[number] = StoredArticle(
            number, "example", external, url, version, digest, has_body=body, withdrawn=False, feed_id=feed
        )
        for key in decision.keys:
            assert key.digest not in self.owners
            self.owners[key.digest] = number

    def withdraw(self, number: int) -> None:
        self.articles[number] = replace(self.articles[number], withdrawn=True)


def kinds(decisions: list[Decision]) -> list[type[Decision]]:
    return [type(decision) for decision in decisions]
