from themeline.cli.box import box_lines

ARTICLE = {"title": "Main", "published": {"http": "Sat, 12 Jul 2025 09:12:51 GMT"}}


def test_a_box_shows_times_and_titles_in_the_order_of_the_answer() -> None:
    items = [{"title": "Later", "published": {"http": "Sun, 13 Jul 2025 08:00:00 GMT"}}, {"title": "Earlier"}]
    assert list(box_lines({"article": ARTICLE, "items": items})) == [
        "Sat, 12 Jul 2025 09:12:51 GMT",
        "Main",
        "",
        "MORE ON THEME",
        "",
        "Sun, 13 Jul 2025 08:00:00 GMT",
        "Later",
        "",
        "Undated",
        "Earlier",
        "",
    ]


def test_an_empty_box_says_why() -> None:
    assert list(box_lines({"article": ARTICLE, "items": [], "notice": "Nothing yet."}))[-1] == "Nothing yet."
    assert list(box_lines({"article": ARTICLE, "items": []}))[-1] == "No other article on this theme."
