"""What a page of another site makes a browser send is refused; programs and own pages are served."""

import pytest
from starlette.datastructures import Headers

from themeline.shared.cross_origin import is_foreign

HOST = "127.0.0.1:8001"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://stranger.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8000"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "PATCH"])
def test_a_page_of_another_origin_changes_nothing(method: str, headers: dict[str, str]) -> None:
    assert is_foreign(method, Headers({"host": HOST} | headers))


@pytest.mark.parametrize(
    "headers",
    [{}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": f"http://{HOST}"}],
)
def test_programs_and_own_pages_are_served(headers: dict[str, str]) -> None:
    assert not is_foreign("POST", Headers({"host": HOST} | headers))


def test_reading_is_open_to_every_page() -> None:
    assert not is_foreign("GET", Headers({"host": HOST, "sec-fetch-site": "cross-site"}))
