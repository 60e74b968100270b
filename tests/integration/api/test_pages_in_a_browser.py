"""The pages as Chromium shows them: on a phone, in the dark, from right to left, without a complaint."""

import socket
import threading
from collections.abc import Iterator
from typing import Any, Literal

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy.orm import Session

from factories import NOON, hours, make_placed, make_relation, make_source, make_story, make_theme
from support import require_program, wait_for
from themeline.api.app import create_app
from themeline.api.settings import ApiSettings

PHONE = 360
DESKTOP = 1280
# WCAG 2.2, success criterion 1.4.3, for text of ordinary size.
LEAST_CONTRAST = 4.5
UNBREAKABLE = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3

# The ratio of WCAG between a text and the page behind it, for each distinct pair on the page.
CONTRASTS = """() => {
  const channels = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const luminance = text => {
    const [r, g, b] = channels(text).map(light);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = luminance(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll("body *")].map(element => {
    const ink = luminance(getComputedStyle(element).color);
    return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  });
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = require_program("chromium")
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not start for root, nor in most containers.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def address(settings: ApiSettings) -> Iterator[str]:
    """The API service at a port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        wait_for(lambda: server.started, what="the API service")
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def a_story(session: Session) -> list[Any]:
    """Articles of one theme, one of them hard to set, one from right to left, each in every other's box."""
    story = make_story(session, UNBREAKABLE, theme=make_theme(session, UNBREAKABLE))
    source = make_source(session, UNBREAKABLE)
    articles = [
        make_placed(session, "Assault on Kyiv", source=source, story=story, text="One.\n\nTwo."),
        make_placed(session, UNBREAKABLE, source=source, story=story, text=UNBREAKABLE, at=NOON - hours(1)),
        make_placed(session, "رئيس الوزراء يستقيل", story=story, at=None, placement={"language": "ar"}),
    ]
    for number, article in enumerate(articles):
        for other in articles[:number]:
            make_relation(session, article, other)
    session.commit()
    return articles


def look(page: Page, url: str) -> Page:
    """Open a page and hold it to what every page keeps to."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(url)
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 0
    assert min(page.evaluate(CONTRASTS)) >= LEAST_CONTRAST
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_pages_fit_the_screen_and_can_be_read(
    session: Session, address: str, browser: Browser, scheme: Literal["light", "dark"], width: int
) -> None:
    articles = a_story(session)
    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme) as context:
        for path in ("/", *(f"/read/{article.public_id}" for article in articles)):
            page = look(context.new_page(), address + path)
            paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
            brightness = sum(int(channel) for channel in paper.removeprefix("rgb(").rstrip(")").split(",")) / 3
            assert (brightness < 64) == (scheme == "dark")
            assert page.locator("h1").is_visible()


def test_the_box_stands_beside_the_article_where_there_is_room_and_below_it_on_a_phone(
    session: Session, address: str, browser: Browser
) -> None:
    article, _, arabic = a_story(session)

    def places(width: int, public_id: object) -> tuple[Any, Any]:
        with browser.new_context(viewport={"width": width, "height": 800}) as context:
            page = look(context.new_page(), f"{address}/read/{public_id}")
            return page.locator("article").bounding_box(), page.locator("aside").bounding_box()

    text, box = places(DESKTOP, article.public_id)
    assert box["x"] >= text["x"] + text["width"]
    text, box = places(DESKTOP, arabic.public_id)
    assert box["x"] + box["width"] <= text["x"]
    text, box = places(PHONE, article.public_id)
    assert box["y"] >= text["y"] + text["height"]


def test_a_reader_goes_from_headline_to_headline_with_the_keyboard(
    session: Session, address: str, browser: Browser
) -> None:
    a_story(session)
    with browser.new_context() as context:
        page = look(context.new_page(), address)
        page.keyboard.press("Tab")
        assert page.locator(".skip").is_visible()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Assault on Kyiv"
        page.keyboard.press("Enter")
        page.wait_for_url("**/read/*")
        assert page.locator("h1").inner_text() == "Assault on Kyiv"
        assert page.locator("aside li").count() == 2
