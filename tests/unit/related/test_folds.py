from hypothesis import given
from hypothesis import strategies as st

from labelled import labelled
from themeline.related.core.folds import clusters, folds

labels = st.none() | st.sampled_from("abcdef")


def test_stories_of_one_theme_are_one_cluster() -> None:
    found = clusters(
        [labelled("1", "a", "t"), labelled("2", "b", "t"), labelled("3", "b", "u"), labelled("4", "c", "v")]
    )
    assert found == [0, 0, 0, 1]


def test_an_article_without_labels_is_in_no_fold() -> None:
    assert folds([[labelled("1"), labelled("2", "a")]], 2) == [[-1, 0]]


def test_every_fold_gets_about_as_many_articles() -> None:
    articles = [labelled(str(at), str(story)) for at, story in enumerate([1] * 6 + [2] * 3 + [3] * 2 + [4])]
    (found,) = folds([articles], 2)
    assert [found.count(0), found.count(1)] == [6, 6]


@given(st.lists(st.tuples(labels, labels), max_size=30), st.integers(2, 5))
def test_no_label_is_parted(pairs: list[tuple[str | None, str | None]], count: int) -> None:
    articles = [labelled("x", story, theme) for story, theme in pairs]
    (found,) = folds([articles], count)
    for level in ("story", "theme"):
        of: dict[str, set[int]] = {}
        for one, fold in zip(articles, found, strict=True):
            if (label := one.label(level)) is not None:
                of.setdefault(label, set()).add(fold)
        assert all(len(places) == 1 and -1 not in places for places in of.values())
