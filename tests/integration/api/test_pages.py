"""The pages for people: an article with its box, the latest themes, and what went wrong."""

from itertools import pairwise
from typing import Any

import pytest
from httpx2 import Response
from lxml import html
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api_client import Get
from factories import (
    NOON,
    days,
    hours,
    make_article,
    make_placed,
    make_quarantine,
    make_relation,
    make_source,
    make_story,
    make_theme,
)
from support import free_port
from themeline.api.app import create_app
from themeline.api.settings import ApiSettings

UNKNOWN = "00000000-0000-0000-0000-000000000000"
MARKUP = """"><script>alert('1')</script><img src=x onerror=alert(2)>&amp;{{ 7*7 }}"""


def parse(response: Response) -> Any:
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return html.document_fromstring(response.text)


def texts(page: Any, xpath: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in page.xpath(xpath)]


def read(get: Get, article: Any) -> Any:
    return parse(get(f"/read/{article.public_id}"))


def test_a_page_is_laid_out_as_on_a_news_site(session: Session, get: Get) -> None:
    story = make_story(session, "Barrage on Kyiv", theme=make_theme(session, "War in Ukraine"))
    article = make_placed(
        session,
        "Assault on Kyiv",
        source=make_source(session, "The Paper"),
        story=story,
        text="First.\n\nSecond.",
        authors=["Ann Author"],
        url="https://paper.example/kyiv",
    )
    older = make_placed(session, "Older", source=make_source(session, "Wire"), at=NOON - hours(5))
    newer = make_placed(session, "Newer", at=NOON - hours(1))
    copy = make_placed(session, "Older", source=make_source(session, "Echo"), placement={"duplicate_of": older.id})
    for other in (older, newer, copy):
        make_relation(session, article, other)

    page = read(get, article)

    assert texts(page, "//title") == ["Assault on Kyiv · Themeline"]
    assert texts(page, "//main//h1") == ["Assault on Kyiv"]
    assert texts(page, "//main//header//time") == ["Sat, 12 Jul 2025 12:00:00 GMT"]
    assert texts(page, "//*[@class='byline']") == ["The Paper, Ann Author"]
    assert texts(page, "//*[@class='text']/p") == ["First.", "Second."]
    assert texts(page, "//main//dd") == ["War in Ukraine", "Barrage on Kyiv"]
    assert page.xpath("//a[@class='original']/@href") == ["https://paper.example/kyiv"]
    assert [text.upper() for text in texts(page, "//aside/h2")] == ["MORE ON THEME"]
    assert texts(page, "//aside//li//time") == ["Sat, 12 Jul 2025 11:00:00 GMT", "Sat, 12 Jul 2025 07:00:00 GMT"]
    assert page.xpath("//aside//li//time/@datetime") == ["2025-07-12T11:00:00Z", "2025-07-12T07:00:00Z"]
    assert texts(page, "//aside//li//a") == ["Newer", "Older"]
    assert page.xpath("//aside//li//a/@href") == [f"/read/{newer.public_id}", f"/read/{older.public_id}"]
    assert texts(page, "//aside//li/*[@class='source']")[1] == "Wire, also in Echo"


def test_a_page_has_landmarks_and_headings_in_order(session: Session, get: Get) -> None:
    article, other = make_placed(session), make_placed(session)
    make_relation(session, article, other)

    for path in (f"/read/{article.public_id}", "/", f"/read/{UNKNOWN}"):
        page = parse(get(path))
        levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert [len(page.xpath(f"//body/{tag} | //body/div/{tag}")) for tag in ("header", "main", "footer")] == [1] * 3
        assert page.xpath("//a[@class='skip']/@href") == ["#" + page.xpath("//main/@id")[0]]
        assert page.xpath("//meta[@name='viewport']/@content") == ["width=device-width, initial-scale=1"]


def test_times_say_how_sure_they_are(session: Session, get: Get) -> None:
    article = make_placed(session, at=None, published_raw="nobody knows")
    by_day = make_placed(session, at=NOON.replace(hour=0), placement={"precision": "day"}, ingested_at=NOON)
    assumed = make_placed(session, at=NOON - hours(1), placement={"zone_assumed": True})
    undated = make_placed(session, at=None, ingested_at=NOON - days(1))
    for other in (by_day, assumed, undated):
        make_relation(session, article, other)

    page = read(get, article)

    head, *entries = texts(page, "//*[@class='when']")
    assert head == "Undated the source wrote nobody knows"
    assert entries == ["Sat, 12 Jul 2025 11:00:00 GMT time zone assumed", "Sat, 12 Jul 2025", "Undated"]
    assert page.xpath("//aside//time/@datetime") == ["2025-07-12T11:00:00Z", "2025-07-12"]


def test_a_time_that_was_set_to_the_arrival_says_so(session: Session, get: Get) -> None:
    article = make_placed(session, placement={"time_flags": ["clamped_to_arrival"]})

    assert "time of arrival" in texts(read(get, article), "//*[@class='when']")[0]


def test_hostile_texts_stay_texts(session: Session, get: Get) -> None:
    source = make_source(session, MARKUP, key="evil")
    story = make_story(session, MARKUP, theme=make_theme(session, "Theme " + MARKUP))
    hostile: dict[str, Any] = {"source": source, "story": story, "placement": {"language": '"><script>x</script>'}}
    article = make_placed(session, MARKUP, text=MARKUP, authors=[MARKUP], published_raw=MARKUP, **hostile)
    other, third = make_placed(session, MARKUP, **hostile), make_placed(session, MARKUP, at=None, **hostile)
    make_relation(session, article, other)
    make_relation(session, article, third)

    pages = [read(get, article), read(get, third), parse(get("/")), parse(get("/read/" + MARKUP.replace("/", "")))]

    for page in pages:
        assert not page.xpath("//script | //img | //iframe | //object | //style | //*[@style]")
        assert not page.xpath("//@*[starts-with(name(), 'on')]")
    for title in (*texts(pages[0], "//h1"), *texts(pages[0], "//aside//a"), *texts(pages[2], "//main//li//a")):
        assert title == MARKUP
    assert texts(pages[0], "//*[@class='text']/p") == [MARKUP]
    assert texts(pages[2], "//main//section/h2")[0] == "Theme " + MARKUP


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https:", None])
def test_an_address_that_is_none_is_not_linked(session: Session, get: Get, url: str | None) -> None:
    article = make_placed(session)
    article.url = url

    page = read(get, article)

    assert not page.xpath("//a[@class='original'] | //link[@rel='canonical']")
    assert all(link.startswith(("/", "#")) for link in page.xpath("//@href | //@src"))


@pytest.mark.parametrize(
    ("title", "language", "direction"),
    [("Der Damm brach nachts", "de", "ltr"), ("NATO تحذر من التصعيد", "ar", "rtl"), ("ready", None, "ltr")],
)
def test_a_page_has_the_language_and_direction_of_its_article(
    session: Session, get: Get, title: str, language: str | None, direction: str
) -> None:
    article, other = make_placed(session, title, placement={"language": language}), make_placed(session)
    make_relation(session, article, other)

    page = read(get, article)

    assert (page.get("lang"), page.get("dir")) == (language or "", direction)
    assert page.xpath("//h1/@dir") == ["auto"]
    assert page.xpath("//aside/h2/@lang") == ["en"]
    assert [(link.get("lang"), link.get("dir")) for link in page.xpath("//aside//li//a")] == [("en", "auto")]


def test_pages_carry_strict_headers_whatever_they_answer(session: Session, get: Get) -> None:
    article = make_placed(session)
    stylesheet = parse(get("/")).xpath("//link[@rel='stylesheet']/@href")[0]

    for path in ("/", f"/read/{article.public_id}", f"/read/{UNKNOWN}", "/read/none", stylesheet):
        headers = get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; img-src 'self';")
        assert "script" not in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_an_article_that_nobody_may_see_is_a_page_that_says_so(session: Session, get: Get) -> None:
    embargoed = make_placed(session, "Secret", embargo_until=NOON + days(100_000))
    withdrawn = make_placed(session, "Secret", withdrawn_at=NOON)

    for identifier, status, title in [
        (UNKNOWN, 404, "No such article"),
        ("none", 404, "No such article"),
        (embargoed.public_id, 404, "No such article"),
        (withdrawn.public_id, 410, "The article was withdrawn"),
    ]:
        answer = get(f"/read/{identifier}")
        page = parse(answer)
        assert (answer.status_code, texts(page, "//h1")) == (status, [title])
        assert answer.headers["cache-control"] == "no-store"
        assert "Secret" not in answer.text
        assert "/" in page.xpath("//main//a/@href")


def test_a_pending_article_says_that_its_box_is_being_made(session: Session, get: Get) -> None:
    answer = get(f"/read/{make_article(session, 'Fresh', published_raw='today').public_id}")
    page = parse(answer)

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert page.xpath("//meta[@http-equiv='refresh']/@content") == ["2"]
    assert "is being made" in texts(page, "//aside/*[@role='status']")[0]
    assert texts(page, "//h1") == ["Fresh"]
    assert "Undated" not in answer.text


def test_a_page_that_is_ready_does_not_reload(session: Session, get: Get) -> None:
    ready, quarantined = make_placed(session), make_article(session)
    make_quarantine(session, quarantined)

    for article, notice in ((ready, "No other article"), (quarantined, "could not be computed")):
        answer = get(f"/read/{article.public_id}")
        page = parse(answer)
        assert not page.xpath("//meta[@http-equiv]")
        assert notice in texts(page, "//aside/p")[0]
        assert answer.headers["cache-control"] == "public, max-age=2"


def test_without_its_database_a_page_asks_for_patience() -> None:
    settings = ApiSettings(
        database_url=f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none", redis_url="redis://127.0.0.1:1/0"
    )
    with TestClient(create_app(settings)) as client:
        answer = client.get("/")

    assert (answer.status_code, texts(parse(answer), "//h1")) == (503, ["The database cannot be reached"])
    assert int(answer.headers["retry-after"]) >= 1
    assert "127.0.0.1" not in answer.text


def test_the_front_page_has_the_latest_themes_with_their_newest_headlines(session: Session, get: Get) -> None:
    calm, busy = (
        make_story(session, label, theme=make_theme(session, label, last_at=at))
        for label, at in (("Calm", NOON - days(2)), ("Busy", NOON))
    )
    make_placed(session, "Calm 1", story=calm, at=NOON - days(3))
    make_placed(session, "Calm 2", story=calm, at=NOON - days(2))
    for number in range(5):
        make_placed(session, f"Busy {number}", story=busy, at=NOON - hours(number))
    original = make_placed(session, "Busy 9", story=busy, at=NOON - days(1))
    make_placed(session, "A copy", story=busy, placement={"duplicate_of": original.id})
    make_placed(session, "Withdrawn", story=busy, withdrawn_at=NOON)
    make_placed(session, "Embargoed", story=busy, embargo_until=NOON + days(100_000))
    make_placed(session, "Alone", story=make_story(session, "Single", theme=make_theme(session, "Single")))

    page = parse(get("/"))

    themes = page.xpath("//*[@class='themes']/section")
    assert [texts(theme, ".//h2") for theme in themes] == [["Busy"], ["Calm"]]
    assert texts(themes[0], ".//li//a") == ["Busy 0", "Busy 1", "Busy 2"]
    assert texts(themes[1], ".//li//a") == ["Calm 2", "Calm 1"]
    assert texts(themes[0], ".//*[@class='count']") == ["7 articles in 1 story"]
    assert texts(themes[0], ".//time")[0] == "Sat, 12 Jul 2025 12:00:00 GMT"
    newest = texts(page, "//*[@class='latest']//a")
    assert len(newest) == 10
    assert {"Busy 0", "Alone"} <= set(newest)
    assert not {"Withdrawn", "Embargoed"} & set(newest)
    for link in page.xpath("//main//a/@href"):
        assert get(link).status_code == 200


def test_the_front_page_names_the_newest_first_and_the_undated_last(session: Session, get: Get) -> None:
    make_placed(session, "Undated", at=None, ingested_at=NOON + days(1))
    make_placed(session, "Older", at=NOON - days(9), ingested_at=NOON + days(2))
    make_placed(session, "Newer", at=NOON)

    assert texts(parse(get("/")), "//*[@class='latest']//a") == ["Newer", "Older", "Undated"]


def test_an_empty_front_page_says_what_to_do(get: Get) -> None:
    page = parse(get("/"))

    assert "./themeline ingest" in texts(page, "//main/p")[0]


def test_the_static_files_may_be_kept_for_ever_under_their_version(client: TestClient) -> None:
    addresses = parse(client.get("/")).xpath("//link/@href")

    types = [client.get(address).headers["content-type"] for address in addresses]
    assert types == ["text/css; charset=utf-8", "image/svg+xml"]
    for address in addresses:
        assert client.get(address).headers["cache-control"] == "public, max-age=31536000, immutable"
        assert client.get(address.partition("?")[0] + "?v=other").headers["cache-control"] == "no-cache"
    assert client.get("/static/none.css").status_code == 404
    assert client.get("/static/..%2fapp.py").status_code == 404


@pytest.mark.parametrize("path", ["/", f"/read/{UNKNOWN}"])
def test_pages_can_be_asked_for_their_headers_alone(client: TestClient, path: str) -> None:
    assert client.head(path).status_code == client.get(path).status_code
