"""What a source puts on every page relates nothing, and what a running story repeats still does."""

from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom import BUDGET, CHESS, FLOOD, FLOOD_LATER, streamed
from themeline.related.core.boilerplate import ENOUGH, RECENT, Pages, page_of, without_boilerplate
from themeline.related.core.engine import Engine, EngineArticle
from themeline.related.core.features import RawArticle
from themeline.shared.core.scores import FLOOR
from unrelated import SUBJECTS, TEXTS

NOTICE = (
    "This website uses cookies to improve your experience. We and our partners store and read information on your "
    "device, such as unique identifiers in cookies, to process personal data. You may accept or manage your choices "
    "by clicking below, or at any time on the privacy page. Subscribe to the Harbour Gazette today and enjoy "
    "unlimited access to our journalism for only one pound a week. Already a subscriber? Log in here to read on. "
    "Sign up for our daily newsletter and get the best of our reporting every morning from our editor Martha Quill. "
    "The Harbour Gazette is published by Harbour Media Group, registered in Port Lannis. All rights reserved by the "
    "Harbour Media Group. Follow us on every network, or download our app for your telephone. Most read: the best "
    "restaurants of Port Lannis, ten walks for the weekend, how to save on your energy bill. Comments are moderated "
    "and must follow the rules of our community. Contact our newsroom in Port Lannis with a story or a tip.\n"
)


def unrelated(before: str = "", after: str = "") -> list[RawArticle]:
    return [RawArticle(title, f"{before}{text}\n{after}", "en") for title, text in zip(SUBJECTS, TEXTS, strict=True)]


def of_one_source(articles: list[RawArticle]) -> Engine:
    return streamed([EngineArticle(article, at * 2.0, source=1) for at, article in enumerate(articles)], batch=4)


def related_pairs(engine: Engine, among: range) -> int:
    found = [
        engine.relations[number].get(other, (0.0, 0.0))[1] for number in among for other in among if other < number
    ]
    return sum(theme >= FLOOR for theme in found)


def test_notices_of_three_times_the_news_do_not_relate_a_sources_articles() -> None:
    for pages in (unrelated(before=NOTICE), unrelated(after=NOTICE)):
        engine = of_one_source(pages)
        # The first few come before anybody can know what is on every page.
        assert related_pairs(engine, range(ENOUGH + 2, len(pages) + 1)) == 0
        assert len(set(engine.stories)) >= len(pages) - ENOUGH


def test_only_what_is_on_other_pages_is_left_out() -> None:
    pages = Pages()
    bare = [pages.bare(1, page) for page in unrelated(before=NOTICE)]
    assert [page.text.strip() for page in bare[ENOUGH:]] == list(TEXTS[ENOUGH:])


def test_articles_of_one_story_keep_what_they_repeat() -> None:
    background = "The Velmora dam had been inspected twice last year, and both reports were kept secret."
    pages = Pages()
    for number in range(2 * RECENT):
        article = RawArticle(f"Velmora dam: day {number} of the inquiry", f"Witness {number} was heard. {background}")
        assert pages.bare(1, article) is article


def test_copies_of_one_article_stay_whole() -> None:
    pages = Pages()
    assert all(pages.bare(1, FLOOD) is FLOOD for _ in range(2 * RECENT))


def test_pages_of_other_sources_do_not_count() -> None:
    pages = Pages()
    found = [pages.bare(source, page) for source, page in enumerate(unrelated(after=NOTICE))]
    assert found == unrelated(after=NOTICE)


def test_a_wire_text_in_many_papers_is_no_boilerplate() -> None:
    articles = [EngineArticle(FLOOD, at * 0.1, source=at) for at in range(20)]
    assert len(set(streamed([*articles, EngineArticle(FLOOD_LATER, 4, source=99)]).stories)) == 1


def test_an_article_that_is_nothing_but_boilerplate_keeps_its_headline() -> None:
    pages = Pages()
    for page in unrelated(after=NOTICE):
        pages.bare(1, page)
    assert not pages.bare(1, RawArticle("Parking in the old town", NOTICE, "en")).text.strip()


def test_sources_are_forgotten_in_time() -> None:
    pages = Pages()
    for source in range(1_100):
        pages.add(source)
    assert not pages.knows(0)
    assert pages.knows(1_099)


@given(st.text(), st.text())
@settings(max_examples=60)
def test_any_text_without_boilerplate_is_itself(title: str, text: str) -> None:
    article = RawArticle(title, text)
    assert without_boilerplate(text, page_of(article), []) is text
    pages = Pages()
    assert pages.bare(1, article) is article


@given(st.lists(st.sampled_from([*unrelated(after=NOTICE), FLOOD, CHESS, BUDGET]), max_size=20))
@settings(max_examples=30)
def test_what_is_left_was_there(articles: list[RawArticle]) -> None:
    pages = Pages()
    for article in articles:
        found = pages.bare(1, article)
        assert found.title == article.title
        assert len(found.text) <= len(article.text)
        assert all(line in article.text for line in found.text.splitlines())
