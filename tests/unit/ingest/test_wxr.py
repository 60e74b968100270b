"""WordPress exports."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from themeline.ingest.core import wxr
from themeline.ingest.core.archives import BadLine, FileItem, Found, Skipped
from themeline.ingest.core.drafts import Draft, parse_draft
from themeline.ingest.core.files import read_items
from themeline.shared.core.timestamps import parse_timestamp

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Village Post</title><language>en-GB</language>
<wp:author><wp:author_login><![CDATA[mk]]></wp:author_login>
<wp:author_display_name><![CDATA[Mara Kell]]></wp:author_display_name></wp:author>
"""
TAIL = "</channel></rss>"


def post(number: int = 1, body: str = "The mill <b>reopened</b>.", **told: str) -> str:
    values = {"post_date_gmt": "2011-03-02 14:05:00", "status": "publish", "post_type": "post"} | told
    meta = "".join(f"<wp:{name}><![CDATA[{value}]]></wp:{name}>" for name, value in values.items())
    return f"""<item><title>Mill {number} &amp; more</title><link>https://village.example/{number}</link>
<pubDate>Wed, 02 Mar 2011 15:05:00 +0100</pubDate><dc:creator><![CDATA[mk]]></dc:creator>
<guid isPermaLink="false">https://village.example/?p={number}</guid><description></description>
<content:encoded><![CDATA[{body}]]></content:encoded><excerpt:encoded><![CDATA[In short.]]></excerpt:encoded>
<category domain="category" nicename="n"><![CDATA[News]]></category>
<category domain="post_tag" nicename="m"><![CDATA[mills]]></category>{meta}
<wp:comment><wp:comment_content>first!</wp:comment_content></wp:comment></item>"""


def export(*posts: str) -> bytes:
    return (HEAD + "".join(posts) + TAIL).encode()


def read(content: bytes, after: int = 0, name: str = "a.xml") -> list[Found]:
    return list(read_items(name, io.BytesIO(content), after=after))


def fields(found: Found) -> dict[str, Any]:
    assert isinstance(found, FileItem)
    return found.fields


def test_a_published_post_becomes_an_article() -> None:
    (found,) = read(export(post()))
    assert fields(found) == {
        "title": "Mill 1 & more",
        "html": "The mill <b>reopened</b>.",
        "url": "https://village.example/1",
        "external_id": "https://village.example/?p=1",
        "published": "2011-03-02T14:05:00Z",
        "source": "Village Post",
        "language": "en-GB",
        "section": "News",
        "tags": ["mills"],
        "authors": ["Mara Kell"],
    }


def test_the_time_is_one_that_is_understood() -> None:
    read_time = parse_timestamp(fields(read(export(post()))[0])["published"])
    assert read_time is not None
    assert read_time.at.isoformat() == "2011-03-02T14:05:00+00:00"
    assert read_time.zone_assumed is False


def test_a_post_without_its_time_in_gmt_has_the_one_of_the_feed() -> None:
    (found,) = read(export(post(post_date_gmt="0000-00-00 00:00:00")))
    assert fields(found)["published"] == "Wed, 02 Mar 2011 15:05:00 +0100"


def test_paragraphs_and_captions_of_the_editor_become_text() -> None:
    body = 'One.\n\n[caption id="a_1" width="300"]<img src="x.jpg" /> The mill.[/caption]\n\n[gallery ids="1,2"]Two.'
    draft = parse_draft(fields(read(export(post(body=body)))[0]))
    assert isinstance(draft, Draft)
    assert draft.text == "One.\n\nThe mill.\n\nTwo."


def test_a_post_without_a_body_has_its_excerpt() -> None:
    assert fields(read(export(post(body="")))[0])["html"] == "In short."


def test_what_is_not_a_published_post_is_passed_over() -> None:
    found = read(
        export(
            post(1, post_type="attachment", status="inherit"),
            post(2, post_type="page"),
            post(3, status="draft"),
            post(4, post_password="secret"),
            post(5),
        )
    )
    assert found[:4] == [
        Skipped(1, "WordPress attachment"),
        Skipped(2, "WordPress page"),
        Skipped(3, "not published"),
        Skipped(4, "not published"),
    ]
    assert fields(found[4])["url"] == "https://village.example/5"


def test_an_export_is_continued_after_any_entry() -> None:
    content = export(*(post(number) for number in range(1, 6)))
    assert [found.line for found in read(content, after=3)] == [4, 5]


@pytest.mark.parametrize("name", ["a.xml", "a.wxr", "-"])
def test_an_export_is_read_by_name_or_by_its_beginning(name: str) -> None:
    assert len(read(export(post()), name=name)) == 1


def test_control_characters_that_xml_forbids_are_left_out() -> None:
    assert fields(read(export(post(body="One\x0b two\x00.")))[0])["html"] == "One two."


def test_a_truncated_export_gives_its_complete_posts_and_a_failure() -> None:
    content = export(*(post(number, body="x" * 50_000) for number in range(1, 6)))
    *items, last = read(content[: len(content) * 3 // 4])
    assert [found.line for found in items] == [1, 2, 3]
    assert isinstance(last, BadLine)
    assert "damaged or ends early" in last.reason


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;',
    ],
)
def test_declared_entities_are_refused(declared: str) -> None:
    content = export(post()).replace(b"<rss", f"<!DOCTYPE rss [{declared}]>\n<rss".encode(), 1)
    (bad,) = read(content)
    assert isinstance(bad, BadLine)
    assert "declares a document type" in bad.reason


def test_an_entry_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wxr, "MAX_ITEM", 100_000)
    (bad,) = read((HEAD + "<item>" + "<wp:postmeta/>" * 20_000).encode())
    assert isinstance(bad, BadLine)
    assert "one entry of the export is larger" in bad.reason


# In a process of its own: what libxml2 allocates is seen by nobody but the system.
READER = """
import resource, sys
from themeline.ingest.core.files import read_items
with open(sys.argv[1], "rb") as stream:
    print(sum(1 for _ in read_items("a.xml", stream)), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_export(tmp_path: Path) -> None:
    def kilobytes(posts: int) -> int:
        path = tmp_path / f"{posts}.xml"
        path.write_bytes(export(*(post(number, body="x" * 20_000) for number in range(posts))))
        said = subprocess.run([sys.executable, "-c", READER, str(path)], capture_output=True, text=True, check=True)
        count, most = said.stdout.split()
        assert int(count) == posts
        return int(most)

    assert kilobytes(2_000) < kilobytes(50) + 10_000  # of 40 MB
