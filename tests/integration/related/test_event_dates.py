"""Dates inside a text are placed with its article, in its source's zone and order of day and month."""

from datetime import UTC, datetime

from integration.related.scene import MONDAY, Scene
from themeline.related.core.times import CLAMPED, PROSE

TEXT = "The gates failed on Thursday morning, the Orlenz Water Board said. An inquiry will open on Friday in Brennach."


def test_the_days_of_a_text_are_placed_with_it(scene: Scene) -> None:
    article = scene.push("Three gates of the Hollin barrage failed", TEXT)
    scene.handle(article)
    assert scene.placed(article).event_dates == [
        {"date": "2025-07-10", "precision": "morning", "text": "Thursday morning"},
        {"date": "2025-07-18", "precision": "day", "text": "Friday"},
    ]


def test_a_new_version_and_a_withdrawal_take_the_old_days_away(scene: Scene) -> None:
    article = scene.push("Three gates of the Hollin barrage failed", TEXT)
    scene.handle(article)
    scene.change(article, text="The gates failed on 3 June, the Orlenz Water Board said.")
    scene.handle(article)
    assert scene.placed(article).event_dates == [{"date": "2025-06-03", "precision": "day", "text": "3 June"}]
    scene.withdraw(article)
    scene.handle(article)
    assert scene.placement(article) is None


def test_an_undated_article_has_the_days_that_name_their_year(scene: Scene) -> None:
    article = scene.push("Gates failed yesterday", "They were built on 4 May 1998 and mended on Monday.", at=None)
    scene.handle(article)
    assert [found["date"] for found in scene.placed(article).event_dates or []] == ["1998-05-04"]


def test_times_are_read_with_what_is_known_of_the_source(scene: Scene) -> None:
    kyiv = scene.source(default_zone="Europe/Kyiv", day_first=True)
    article = scene.push("Gates failed today", "They were mended on 02/06/2025.", at="03/07/2025 01:30", source=kyiv)
    scene.handle(article)
    placed = scene.placed(article)
    assert placed.published_at == datetime(2025, 7, 2, 22, 30, tzinfo=UTC)
    assert [found["date"] for found in placed.event_dates or []] == ["2025-07-03", "2025-06-02"]


def test_a_time_in_words_is_read_in_the_language_of_its_source(scene: Scene) -> None:
    saigon = scene.source(default_zone="Asia/Saigon", language="vi")
    article = scene.push("Orlenz", at="12 tháng 7 2025, 09:12", source=saigon)
    scene.handle(article)
    placed = scene.placed(article)
    assert (placed.published_at, placed.time_flags) == (datetime(2025, 7, 12, 2, 12, tzinfo=UTC), [PROSE])


def test_a_feeds_future_is_clamped_to_its_arrival_where_a_push_is_taken_at_its_word(scene: Scene) -> None:
    ahead = "2026-01-02T10:00:00Z"
    feed = scene.push("From a feed", at=ahead, origin="feed", ingested_at=MONDAY)
    push = scene.push("From a push", at=ahead, ingested_at=MONDAY)
    scene.handle(feed, push)
    clamped, kept = scene.placed(feed), scene.placed(push)
    assert (clamped.published_at, clamped.sort_at, clamped.time_flags) == (MONDAY, MONDAY, [CLAMPED])
    assert clamped.evidence == "feed.published"
    assert (kept.published_at, kept.time_flags) == (datetime(2026, 1, 2, 10, tzinfo=UTC), [])
