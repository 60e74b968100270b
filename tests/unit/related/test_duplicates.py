import numpy as np
import pytest

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


REPORT = (
    "The port of Lannis was closed on Monday after the freighter Oster ran aground in the Senn channel. Harbour "
    "master Ilse Tannen said divers had found a tear of two metres below the waterline, and that no oil had leaked "
    "so far. Eleven ships were waiting in the roads. The owner, Brandt Lines of Sarrow, sent a tug from Karsk, which "
    "is expected on Tuesday morning. Fishermen complained that the channel had not been dredged for six years, "
    "although the council had set money aside for it. "
)
TAIL = (
    "The council said that the work had been put out to tender twice and that nobody had answered. Last winter two "
    "barges touched the bottom near the same buoy. Insurers put the damage at four million. The grain exchange moved "
    "its auction to Velmora, and the railway promised extra trains for as long as the port stays closed. "
)


@pytest.mark.parametrize(
    ("changed", "is_copy"),
    [
        (RawArticle("Freighter aground: port of Lannis closed", REPORT + TAIL, "en"), True),  # another headline
        (RawArticle("Port shut", f"By Piet Oort, Lannis. {REPORT + TAIL} (Senn Press Agency)", "en"), True),
        (RawArticle("Port of Lannis closed", REPORT, "en"), True),  # the tail is cut
        (RawArticle("Port of Lannis closed", TAIL, "en"), False),
    ],
)
def test_a_wire_story_under_another_headline_with_a_byline_or_cut_is_a_copy(
    changed: RawArticle,
    is_copy: bool,  # noqa: FBT001 (a table's column)
) -> None:
    wire = RawArticle("Lannis port closed as freighter blocks channel", REPORT + TAIL, "en")
    assert (decide([wire, CHESS, changed], [0, 1, 5], [0, 0, 0], row=2).original == 1) is is_copy


def test_a_report_cut_by_half_is_a_copy_within_a_day_and_a_half_only() -> None:
    wire, cut = (RawArticle("Port of Lannis closed", text, "en") for text in (REPORT + TAIL, REPORT))
    assert decide([wire, cut], [0, 36], [0, 0], row=1).original == 1
    assert decide([wire, cut], [0, 60], [0, 0], row=1) == Duplicate()


def test_a_form_that_comes_again_with_other_figures_is_no_copy() -> None:
    form = (
        "Showers fell in the last {0} hours in the grain states of Sarrow, the weather office said. Rainfall in "
        "millimetres: Karsk {1}, Velmora {2}, Port Lannis {3}, Lower Ansing {4}, Brennach nil. Temperatures stay mild."
    )
    days = [
        RawArticle("Sarrow grain rainfall", form.format(24, *figures), "en") for figures in ((3, 5, 8, 2), (1, 0, 9, 7))
    ]
    assert decide(days, [0, 48], [0, 0], row=1) == Duplicate()
