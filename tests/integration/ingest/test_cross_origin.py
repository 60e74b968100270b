"""What a page of another site makes a reader's browser send."""

from starlette.testclient import TestClient

from api_client import problem


def test_a_page_of_another_site_cannot_push_through_a_browser(client: TestClient) -> None:
    headers = {"Origin": "https://stranger.example", "Sec-Fetch-Site": "cross-site"}
    answer = client.post("/v1/articles", content=b'{"title": "Not ours"}', headers=headers)
    assert problem(answer) == (403, "cross-origin")
