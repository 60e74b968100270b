import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.related.core.text import (
    MAX_CHARACTERS,
    MAX_WORDS,
    SMALL,
    inner_capitals,
    is_title_case,
    names_in,
    normalise,
    number_form,
    tokens,
    words_of,
)
from themeline.related.core.words import detect_language, stop_words, term_of, terms_of


def names(text: str, *, trusted: bool = True) -> list[str]:
    found = words_of(normalise(text))
    known = inner_capitals(found) - stop_words("en") if trusted else frozenset[str]()
    return [" ".join(token.shown for token in run) for run in names_in(found, trusted=trusted, known=known)]


@given(st.text())
def test_any_text_has_tokens_within_bounds(text: str) -> None:
    found = tokens(normalise(text))
    assert len(found) <= MAX_WORDS
    assert all(token.form and token.shown for token in found)


WRITTEN = st.text(alphabet="aB1.,%_ '’-\n\"(k m!:éßก中า\u0301٣U\0")


@given(st.one_of(st.text(), WRITTEN), st.sampled_from([3, MAX_WORDS]))
def test_a_text_has_the_same_words_in_columns(text: str, limit: int) -> None:
    clean = normalise(text)
    found, words = tokens(clean, limit), words_of(clean, limit)
    assert words.shown == [token.shown for token in found]
    assert words.forms == [token.form for token in found]
    assert all(found[place] == token for place, token in words.marked)
    marked = {place for place, _ in words.marked}
    assert all(token.case == SMALL for place, token in enumerate(found) if place not in marked)


def test_a_word_has_the_same_term_alone_and_among_others() -> None:
    words = ["floods", "flooding", "the", "x", "en", "дождь", "floods"]
    for language in ("en", "de", "und"):
        for _ in range(2):  # new, and known
            assert terms_of(words, language).tolist() == [term_of(word, language) for word in words]
    assert terms_of([], "en").tolist() == []


def test_a_very_long_text_is_cut_before_it_is_read() -> None:
    assert len(normalise("flood " * 1_000_000)) <= MAX_CHARACTERS
    assert len(tokens(normalise("flood " * 1_000_000))) == MAX_WORDS


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1,600", "1600"),
        ("160 million", "160m"),
        ("3 percent", "3%"),
        ("3 per cent", "3 pct"),
        ("2.5bn", "2,500 million"),
    ],
)
def test_one_amount_has_one_form_however_written(left: str, right: str) -> None:
    assert number_form(left) == number_form(right)


@given(st.from_regex(r"\d[\d.,]{0,60}", fullmatch=True))
def test_any_number_has_a_form(shown: str) -> None:
    assert number_form(shown)


def test_names_are_capitalised_runs_but_not_the_first_word_of_a_sentence() -> None:
    found = names("Yesterday Marco Rubio flew to Malaysia. Officials of NATO waited. Rubio was late.")
    assert found == ["Marco Rubio", "Malaysia", "NATO", "Rubio"]


def test_a_weekday_or_month_is_no_name() -> None:
    assert names("They met Ada Brandt on Monday in the town, and again in March.") == ["Ada Brandt"]


def test_a_title_case_headline_gives_no_names() -> None:
    headline = words_of("River Of Mud Swallows Town As Families Wait On Rooftops")
    assert is_title_case(headline)
    assert names("River Of Mud Swallows Town As Families Wait On Rooftops", trusted=False) == []


def test_an_all_caps_headline_gives_no_names() -> None:
    assert is_title_case(words_of("BAHIA COCOA REVIEW SHOWS HIGHER PRICES"))


def test_possessive_and_plain_form_are_one_word() -> None:
    assert [token.form for token in tokens("Russia's and Russia’s and Russia")][::2] == ["russia"] * 3


def test_text_without_spaces_is_read_in_character_pairs() -> None:
    assert [token.form for token in tokens("東京地震")] == ["東京", "京地", "地震"]
    assert len(tokens("แผ่นดินไหวในกรุงเทพ")) > 5


def test_inflected_words_share_a_term_and_stop_words_have_none() -> None:
    assert term_of("floods", "en") == term_of("flooding", "en") != 0
    assert term_of("the", "en") == 0


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("Der Bundestag hat am Freitag das neue Gesetz beschlossen", None, "de"),
        ("Parliament passed the new law on Friday after a long debate", None, "en"),
        ("Parliament passed the new law", "pt-BR", "pt"),
        ("东京发生强烈地震，多人受伤", None, "zh"),
        ("", None, "und"),
        ("12345 !!", None, "und"),
    ],
)
def test_the_declared_language_wins_and_else_it_is_detected(text: str, declared: str | None, language: str) -> None:
    assert detect_language(text, declared) == language


@given(st.text(), st.one_of(st.none(), st.text(max_size=12)))
def test_any_text_has_a_language(text: str, declared: str | None) -> None:
    assert detect_language(text, declared)
