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
    assert theme_label(members) == "dam · Karsk · Velmora"


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


def test_a_clean_headline_is_preferred_to_one_in_capitals_or_a_question() -> None:
    titles = [
        "VELMORA DAM BURSTS ABOVE KARSK",
        "Velmora dam bursts above Karsk",
        "Why did Velmora dam burst above Karsk?",
    ]
    assert story_label([Member(title) for title in titles]) == titles[1]
    assert story_label([Member(titles[0])]) == titles[0]


def test_no_part_of_a_headline_is_taken_for_a_publisher() -> None:
    assert tidy("Woman killed in Queens hit - and - run crash") == "Woman killed in Queens hit - and - run crash"
    assert tidy("Dow Jones falls [Direxion Daily") == "Dow Jones falls"


def test_a_name_is_shown_whole() -> None:
    titles = ["Zac Efron Talks Reunion", "Zac Efron On Reunion Film", "Reunion With Zac Efron"]
    assert theme_label([Member(title, (), ("zac", "efron", "reunion")) for title in titles]) == "Zac Efron · Reunion"


def test_a_label_stays_until_another_is_clearly_better() -> None:
    standing, other = "Dam bursts above Karsk in Velmora", "Velmora dam bursts above Karsk at night"
    assert story_label([Member(other), Member(standing)], standing) == standing
    more = [
        Member("Karsk flood toll rises"),
        Member("Flood toll in Karsk rises again"),
        Member("Karsk flood toll rises"),
    ]
    assert story_label([*more, *more, Member(standing)], standing) != standing


def test_a_label_that_is_nobodys_headline_any_more_goes() -> None:
    assert story_label([Member("Dam repaired"), Member("Dam repaired in Karsk")], "Dam bursts") != "Dam bursts"
    members = [Member("Inquiry into the dam", ("Karsk",), ("inquiry", "dam"))] * 3
    assert theme_label(members, "Velmora · dam") == "Inquiry · dam · Karsk"


def test_a_theme_in_a_script_without_spaces_is_called_by_a_headline() -> None:
    titles = ["東京で大規模な地震が発生", "東京の地震で電車が停止", "地震で東京の学校が休校"]
    assert theme_label([Member(title, (), ("東京", "地震")) for title in titles]) in titles


def test_languages_with_other_letters_have_labels_of_their_words() -> None:
    titles = ["Плотина прорвалась над Карском", "Плотина в Карске: сотни спасены", "Плотина будет восстановлена"]
    assert "плотина" in theme_label([Member(title, ("Карск",), ("плотина",)) for title in titles]).casefold()


def test_nothing_has_no_label() -> None:
    assert story_label([]) == theme_label([]) == ""
