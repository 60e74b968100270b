from hypothesis import given
from hypothesis import strategies as st

from themeline.related.core.labels import MAX_LABEL, Member, story_label, theme_label, tidy


def test_a_story_is_called_by_its_most_typical_headline() -> None:
    titles = ["Dam bursts above Karsk", "Velmora dam bursts above Karsk", "What now?", "Velmora dam: hundreds rescued"]
    assert story_label([Member(title) for title in titles]) == "Velmora dam bursts above Karsk"


def test_a_theme_is_called_by_what_its_articles_share() -> None:
    members = [
        Member("Dam bursts", ("Velmora", "Karsk"), ("dam", "rain")),
        Member("Inquiry opens", ("Karsk", "Ilse Tannen"), ("inquiry", "dam")),
        Member("Bridge back", ("Velmora", "Karsk"), ("bridge", "dam")),
    ]
    assert theme_label(members) == "Karsk · Velmora · dam"


def test_a_theme_whose_articles_share_little_is_called_by_a_headline() -> None:
    members = [
        Member("Dam bursts above Karsk", ("A",)),
        Member("Dam inquiry opens", ("B",)),
        Member("Dam again", ("C",)),
    ]
    assert " · " not in theme_label(members)


def test_agency_prefixes_stray_marks_and_publishers_are_tidied_away() -> None:
    assert tidy("UPDATE 3-GM hires law firms ...") == "GM hires law firms"
    assert tidy("**Dam bursts** | The Daily Lantern") == "Dam bursts"


@given(st.lists(st.text(), max_size=6))
def test_any_headlines_give_a_label_of_bounded_length(titles: list[str]) -> None:
    members = [Member(title, (title,), (title,)) for title in titles]
    assert len(story_label(members)) <= MAX_LABEL
    assert isinstance(theme_label(members), str)


def test_nothing_has_no_label() -> None:
    assert story_label([]) == theme_label([]) == ""
