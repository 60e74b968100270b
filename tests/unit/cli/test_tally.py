from themeline.cli.sources import PassedOver, Unreadable
from themeline.cli.tally import MOST_KINDS, MOST_REASONS, Tally


def test_reasons_are_grouped_and_say_where_they_came_first() -> None:
    tally = Tally()
    tally.add("a.jsonl, line 1", {"status": "created"})
    for line in (2, 7):
        problem = {"title": "Missing", "detail": f"line {line}", "field": "title"}
        tally.add(f"a.jsonl, line {line}", {"status": "rejected", "problem": problem})
    assert list(tally.lines()) == [
        "created 1 · updated 0 · unchanged 0 · rejected 2",
        "  2 × title: Missing (first: a.jsonl, line 2)",
    ]


def test_bad_lines_are_rejected_articles_and_do_not_fail_the_rest() -> None:
    tally = Tally()
    tally.add("x", {"status": "unchanged"})
    tally.add_unreadable(Unreadable("x, line 3", "not JSON"))
    assert tally.counts["rejected"] == 1
    assert tally.is_success


def test_nothing_accepted_is_no_success() -> None:
    tally = Tally()
    assert not tally.is_success
    tally.add("x", {"status": "rejected", "problem": {}})
    assert not tally.is_success


def test_a_source_that_failed_as_a_whole_is_no_success() -> None:
    tally = Tally()
    tally.add("x", {"status": "created"})
    tally.add_unreadable(Unreadable("y.txt", "is no page", whole=True))
    assert not tally.is_success
    assert list(tally.failures()) == ["y.txt: is no page"]


def test_a_summary_stays_short() -> None:
    tally = Tally()
    for number in range(100):
        tally.add("x", {"status": "rejected", "problem": {"title": f"reason {number}"}})
    assert len(list(tally.lines())) == MOST_REASONS + 2


def test_a_failure_without_a_failed_source_is_told_as_well() -> None:
    tally = Tally()
    assert "hold no article" in "".join(tally.failures())
    tally.add("x.jsonl, line 1", {"status": "rejected"})
    assert "every article was rejected" in "".join(tally.failures())
    tally.add("x.jsonl, line 2", {"status": "created"})
    assert not list(tally.failures())


def test_what_is_no_article_is_told_and_counts_for_nothing() -> None:
    tally = Tally()
    tally.add("x", {"status": "created"})
    tally.add_passed_over(PassedOver("x, line 2", "WordPress page"))
    assert list(tally.lines()) == [
        "created 1 · updated 0 · unchanged 0 · rejected 0",
        "  passed over: 1 × WordPress page",
    ]


def test_what_an_earlier_run_counted_is_part_of_the_summary() -> None:
    tally = Tally()
    tally.take_over({"created": 5, "rejected": 2})
    tally.add("x", {"status": "created"})
    first, second = tally.lines()
    assert first == "created 6 · updated 0 · unchanged 0 · rejected 2"
    assert second.startswith("  2 × rejected before the interruption")


def test_a_million_different_reasons_are_not_kept() -> None:
    tally = Tally()
    for number in range(MOST_KINDS + 50):
        tally.add_unreadable(Unreadable("x", f"reason {number}"))
    assert len(tally.reasons) == MOST_KINDS + 1
    assert tally.counts["rejected"] == MOST_KINDS + 50
