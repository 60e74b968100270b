"""Bodies: decoded within their limits, and never an exception but a problem."""

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.ingest.bodies import MAX_ITEMS, MAX_LINES, Unreadable, inflate, items, media_type
from themeline.shared.problems import Problem

LIMIT = 10_000
LINES = "application/x-ndjson"

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def refused(body: bytes, kind: str | None = "application/json") -> tuple[int, str]:
    with pytest.raises(Problem) as caught:
        items(body, kind)
    return caught.value.status, caught.value.type


def deflated(encoding: str, body: bytes, limit: int = LIMIT) -> tuple[int, str]:
    with pytest.raises(Problem) as caught:
        inflate(body, encoding, limit)
    return caught.value.status, caught.value.type


def outcome_of(call: Callable[[], object]) -> int:
    """The status of the problem that a call ends with, whose document can be sent; 200 without one."""
    try:
        call()
    except Problem as problem:
        json.dumps(problem.document()).encode()
        return problem.status
    return 200


@given(st.binary(max_size=200), st.sampled_from(["application/json", LINES, None, "text/plain"]))
def test_any_bytes_are_items_or_a_problem(body: bytes, kind: str | None) -> None:
    outcome = outcome_of(lambda: items(body, kind))

    assert outcome in {200, 400, 415}


@given(st.lists(values, max_size=10))
def test_an_array_and_its_lines_hold_the_same_items(given_items: list[Any]) -> None:
    lines = "\r\n".join(json.dumps(value) for value in given_items)

    assert items(json.dumps(given_items).encode(), "application/json") == given_items
    assert items(lines.encode(), LINES) == given_items


@given(st.binary(max_size=300), st.lists(st.binary(max_size=100), max_size=3))
def test_what_was_compressed_comes_back_in_one_part_or_several(body: bytes, others: list[bytes]) -> None:
    packed = b"".join(gzip.compress(part) for part in (body, *others))

    assert inflate(packed, "gzip", LIMIT) == body + b"".join(others)


@given(st.binary(max_size=300))
def test_any_bytes_are_gzip_or_a_problem(body: bytes) -> None:
    assert outcome_of(lambda: inflate(body, "gzip", LIMIT)) in {200, 400, 413}


@given(st.integers(min_value=1, max_value=40))
def test_a_gzip_that_ends_too_early_is_no_gzip(missing: int) -> None:
    packed = gzip.compress(bytes(range(200)))

    assert deflated("gzip", packed[:-missing]) == (400, "invalid-encoding")


def test_a_limit_is_kept_to_the_byte_over_all_parts() -> None:
    part = gzip.compress(b"x" * 500)

    assert len(inflate(part + part, "gzip", 1_000)) == 1_000
    assert deflated("gzip", part + part, 999) == (413, "body-too-large")
    assert deflated("gzip", part + part + part, 1_000) == (413, "body-too-large")


def test_padding_after_a_gzip_is_no_mistake_and_anything_else_is() -> None:
    packed = gzip.compress(b"text")

    assert inflate(packed + bytes(512), "gzip", LIMIT) == b"text"
    assert deflated("gzip", packed + b"text") == (400, "invalid-encoding")
    assert deflated("gzip", zlib.compress(b"text")) == (400, "invalid-encoding")


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_a_body_without_encoding_is_taken_as_it_is(encoding: str) -> None:
    assert inflate(b"x" * (LIMIT + 1), encoding, LIMIT) == b"x" * (LIMIT + 1)


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "*"])
def test_another_encoding_is_not_supported(encoding: str) -> None:
    assert deflated(encoding, b"") == (415, "unsupported-encoding")


def test_an_array_may_have_so_many_items_and_no_more() -> None:
    assert len(items(json.dumps([1] * MAX_ITEMS).encode(), None)) == MAX_ITEMS
    assert refused(json.dumps([1] * (MAX_ITEMS + 1)).encode()) == (413, "too-many-items")


def test_a_stream_may_have_so_many_lines_and_no_more() -> None:
    assert len(items(b"1\n" * (MAX_LINES - 1), LINES)) == MAX_LINES - 1
    assert refused(b"1\n" * MAX_LINES, LINES) == (413, "too-many-items")


def test_a_bad_line_says_its_number() -> None:
    first, second, third = items(b"\xef\xbb\xbf1\n\n{\n\xff\n", LINES)

    assert first == 1
    assert isinstance(second, Unreadable)
    assert second.rejection.detail.startswith("Line 3 ")
    assert isinstance(third, Unreadable)
    assert third.rejection.detail == "Line 4 is no JSON: byte 0 is no UTF-8."


def test_a_number_too_long_for_python_spoils_no_neighbour() -> None:
    long, short = items(b"[" + b"9" * 5_000 + b", -12]", None)

    assert (long, short) == (float("inf"), -12)


def test_nesting_without_end_is_a_problem_and_says_so() -> None:
    with pytest.raises(Problem, match="nested too deeply"):
        items(b"[" * 200_000, None)
    (line,) = items(b'{"a":' * 200_000, LINES)
    assert isinstance(line, Unreadable)


@pytest.mark.parametrize(
    ("header", "kind"),
    [(None, ""), ("", ""), ("Application/JSON; charset=utf-8", "application/json"), (" a/b ;", "a/b")],
)
def test_parameters_and_capitals_of_a_media_type_do_not_count(header: str | None, kind: str) -> None:
    assert media_type(header) == kind
