"""Articles that change, come late, go and come back, through real processes: every box follows."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from e2e.processes import Processes
from integration.related.scene import CHESS, FLOOD
from support import wait_for

SECONDS = 60.0


def item(name: str, article: tuple[str, str], hour: int, **values: Any) -> dict[str, Any]:
    """An article of a paper of its own, on a morning in July."""
    title, text = article
    published = f"Mon, 14 Jul 2025 {hour:02}:00:00 GMT"
    return {
        "source": f"Paper {name}",
        "external_id": name,
        "title": title,
        "text": text,
        "published": published,
    } | values


THIRD_GAME = (
    "Ilves takes the lead again in the title match",
    (
        "Tuuli Ilves outplayed champion Arjun Raman in the third game of the chess title match in Porvay. The "
        "grandmaster won a pawn early, and Raman resigned when his rook was trapped. Nine games remain."
    ),
)
SEARCH = (
    "The search goes on",
    (
        "Firemen with dogs looked for the last missing man of Brennach on Wednesday. Fire chief Matti Kroll said "
        "the mud that the Orlenz left in the cellars made every step slow. The flood killed four people when the "
        "Hollin barrage could not be opened."
    ),
)

FLOODS = {f"flood {at}": item(f"flood {at}", article, 8 + at) for at, article in enumerate(FLOOD)}
GAMES = {f"chess {at}": item(f"chess {at}", article, 9 + at) for at, article in enumerate(CHESS)}
ALL = {**FLOODS, **GAMES}


def test_boxes_follow_an_article_that_changes_goes_and_comes_back(processes: Processes) -> None:
    processes.start("ingest", "relay", "related", "api")
    ids = push(processes, ALL)
    assert box(processes, ids["flood 0"]) == others(ids, "flood", "flood 0")
    _moves_to_another_box(processes, ids)
    _leaves_every_box_and_returns(processes, ids)
    _keeps_its_last_box_while_a_version_waits(processes, ids)


def _moves_to_another_box(processes: Processes, ids: Mapping[str, str]) -> None:
    """The text of an article becomes one on another subject."""
    title, text = THIRD_GAME
    push(processes, {"flood 0": FLOODS["flood 0"] | {"title": title, "text": text}})
    assert box(processes, ids["flood 0"]) == others(ids, "chess")
    assert box(processes, ids["flood 1"]) == others(ids, "flood", "flood 0", "flood 1")
    assert ids["flood 0"] in box(processes, ids["chess 1"])
    story = processes.get(f"/v1/articles/{ids['flood 1']}")["story"]["id"]
    assert ids["flood 0"] not in members(processes, story)
    push(processes, {"flood 0": FLOODS["flood 0"]})
    assert box(processes, ids["flood 0"]) == others(ids, "flood", "flood 0")


def _leaves_every_box_and_returns(processes: Processes, ids: Mapping[str, str]) -> None:
    """At once: nothing waits for the worker, which is not even there."""
    gone, stay = ids["flood 3"], ids["flood 1"]
    story = processes.get(f"/v1/articles/{stay}")["story"]["id"]
    processes.stop("related")
    assert processes.request("ingest", f"/v1/articles/{gone}", method="DELETE")[0] == 200
    assert all(gone not in box(processes, ids[name]) for name in ALL if name != "flood 3")
    assert gone not in members(processes, story)
    processes.start("related")
    assert processes.request("ingest", f"/v1/articles/{gone}/restore", method="POST")[0] == 200
    wait_until_ready(processes, [gone])
    assert box(processes, stay) == others(ids, "flood", "flood 1")
    assert box(processes, gone) == others(ids, "flood", "flood 3")
    assert gone in members(processes, story)


def _keeps_its_last_box_while_a_version_waits(processes: Processes, ids: Mapping[str, str]) -> None:
    one = ids["chess 0"]
    before = box(processes, one)
    processes.stop("related")
    title, text = SEARCH
    processes.push(GAMES["chess 0"] | {"title": title, "text": text})
    answer = processes.get(f"/v1/articles/{one}/related")
    assert (answer["article"]["state"], answer["pending"]) == ("pending", False)
    assert {each["id"] for each in answer["items"]} == before
    processes.start("related")
    wait_until_ready(processes, [one])
    assert box(processes, one) == others(ids, "flood")


def test_a_headline_that_gets_its_text_gets_better_relations(processes: Processes) -> None:
    processes.start("ingest", "relay", "related", "api")
    address = "https://paper.example/water-falls"
    title, text = SEARCH
    ids = push(processes, {**FLOODS, "late": item("late", (title, ""), 12, external_id=None, url=address)})
    bare = explain(processes, ids["late"], ids["flood 0"])
    again = push(processes, {"late": item("late", (title, text), 12, external_id=None, url=address)})
    assert again["late"] == ids["late"]
    full = explain(processes, ids["late"], ids["flood 0"])
    assert full["theme"] > bare["theme"]
    assert full["related"]
    assert ids["late"] in box(processes, ids["flood 0"])
    assert len(full["why"]) >= 3


def test_a_box_holds_one_of_five_copies_and_is_not_filled_by_the_merely_recent(processes: Processes) -> None:
    processes.start("ingest", "relay", "related", "api")
    title, text = FLOOD[1]
    wire = {
        f"wire {at}": item(f"wire {at}", (headline, body), 9)
        for at, (headline, body) in enumerate(
            [
                (title, text),
                (title, text),
                (f"{title} - agency", text),
                ("Flood: the mayor speaks", f"By our own correspondent. {text}"),
                (title.upper(), f"{text} (Agency)"),
            ]
        )
    }
    weak = {f"recent {at}": item(f"recent {at}", (f"Weather in Brennach, bulletin {at}", ""), 20) for at in range(12)}
    ids = push(processes, {**FLOODS, **wire, **weak})
    found = processes.get(f"/v1/articles/{ids['flood 0']}/related?limit=4&min_score=0")["items"]
    collapsed = [each for each in found if each["copies"] > 1]
    assert [(each["copies"], len(each["sources"])) for each in collapsed] == [(6, 6)]
    assert {ids["flood 2"], ids["flood 3"]} <= {each["id"] for each in found}
    times = [each["published"]["utc"] for each in found]
    assert times == sorted(times, reverse=True)


def push(processes: Processes, items: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Send articles, wait until they are related, and return their ids by name."""
    sent = [{key: value for key, value in each.items() if value is not None} for each in items.values()]
    ids = dict(zip(items, processes.push(*sent), strict=True))
    wait_until_ready(processes, ids.values())
    return ids


def wait_until_ready(processes: Processes, ids: Any) -> None:
    for id_ in ids:
        wait_for(partial(_is_ready, processes, id_), SECONDS, f"{id_} is ready")


def _is_ready(processes: Processes, id_: str) -> bool:
    return bool(processes.get(f"/v1/articles/{id_}")["state"] == "ready")


def box(processes: Processes, id_: str) -> set[str]:
    return {each["id"] for each in processes.get(f"/v1/articles/{id_}/related")["items"]}


def members(processes: Processes, story: str) -> set[str]:
    return {each["id"] for each in processes.get(f"/v1/stories/{story}")["items"]}


def others(ids: Mapping[str, str], subject: str, *without: str) -> set[str]:
    """The ids of the articles on a subject, but some."""
    return {id_ for name, id_ in ids.items() if name.startswith(subject) and name not in without}


def explain(processes: Processes, one: str, other: str) -> dict[str, Any]:
    found: dict[str, Any] = processes.get(f"/v1/explain?a={one}&b={other}")
    return found
