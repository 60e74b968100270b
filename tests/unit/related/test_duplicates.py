import numpy as np

from newsroom import CHESS, FLOOD, FLOOD_LATER, corpus_of, scored
from themeline.related.core.duplicates import Duplicate, find_duplicate
from themeline.related.core.features import RawArticle


def decide(articles: list[RawArticle], hours: list[float], duplicate_of: list[int], row: int) -> Duplicate:
    corpus = corpus_of(articles, hours)
    found = scored(articles, hours, row)
    return find_duplicate(corpus, row, found, np.array(hours), np.array(duplicate_of, np.int64))


EDITED = RawArticle(FLOOD.title + " - agency", FLOOD.text + " More follows.", "en")


def test_an_edited_copy_points_at_the_earlier_text() -> None:
    assert decide([FLOOD, CHESS, EDITED], [1, 2, 3], [0, 0, 0], row=2).original == 1


def test_an_earlier_copy_that_arrives_later_becomes_the_original() -> None:
    assert decide([FLOOD, CHESS, EDITED], [5, 2, 3], [0, 0, 0], row=2) == Duplicate(None, (1,))


def test_another_report_on_the_same_event_is_no_copy() -> None:
    assert decide([FLOOD, FLOOD_LATER], [1, 2], [0, 0], row=1) == Duplicate()


def test_a_copy_of_a_copy_points_at_the_original() -> None:
    assert decide([FLOOD, FLOOD, EDITED], [1, 2, 3], [0, 1, 0], row=2).original == 1


def test_equal_headlines_without_text_are_copies_within_two_days_only() -> None:
    headline = RawArticle("Velmora dam bursts", "", "en")
    shouted = RawArticle("VELMORA DAM BURSTS!", "", "en")
    assert decide([headline, shouted], [0, 40], [0, 0], row=1).original == 1
    assert decide([headline, shouted], [0, 60], [0, 0], row=1) == Duplicate()


def test_a_form_filled_in_with_other_names_and_figures_is_no_copy() -> None:
    form = (
        "{0} said it will pay a quarterly dividend of {1} cents a share on {2} to holders of record on the first day "
        "of that month, unchanged from the quarter before, and that its board will meet again in the autumn."
    )
    articles = [
        RawArticle("Arden Mills sets payout", form.format("Arden Mills", 14, "April 15"), "en"),
        RawArticle("Bostock Grain sets payout", form.format("Bostock Grain", 62, "May 20"), "en"),
    ]
    assert decide(articles, [0, 1], [0, 0], row=1) == Duplicate()


def test_empty_articles_are_not_copies_of_each_other() -> None:
    assert decide([RawArticle("", ""), RawArticle("", "")], [0, 1], [0, 0], row=1) == Duplicate()


def test_a_copy_whose_original_was_not_found_points_at_it_through_another_copy() -> None:
    assert decide([CHESS, FLOOD, EDITED], [1, 2, 3], [0, 77, 0], row=2).original == 77
