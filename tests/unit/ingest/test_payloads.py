"""Scripts in what strangers push: nothing that is stored runs in a page that forgets to escape it."""

import itertools
import re
from html.parser import HTMLParser

import pytest

from themeline.ingest.core.drafts import Draft, parse_draft

RUN = "alert(1)"
# What runs a script: handlers without a click, addresses, contexts that change how the rest is read.
ELEMENTS = (
    f"<script>{RUN}</script>", f"<script x>{RUN}</script>", "<script src=//example.com/x.js></script>",
    f"<script>{RUN}//", f"<SCRIPT/XSS SRC=x></SCRIPT>{RUN}", f"<<script>{RUN}//<</script>",
    f"<img src=x onerror={RUN}>", f"<img src=x onerror={RUN}", f"<img/src=x/onerror={RUN}>",
    f"<img src=`x` onerror={RUN}>", f'<img src="x` `<script>{RUN}</script>"` `>',
    f'<img alt="a>b" src=x onerror={RUN}>',
    f"<img\tsrc=x\nonerror\r=\r{RUN}>", f"<img\x0csrc=x\x0conerror={RUN}>", f"<image src=x onerror={RUN}>",
    f"<svg onload={RUN}>", f"<svg/onload={RUN}>", f"<svg><script>{RUN}</script></svg>", "<svg><script href=x />",
    f"<svg><animate onbegin={RUN} attributeName=x>", f"<svg><set attributeName=onload to={RUN}>",
    f"<svg><a xlink:href=javascript:{RUN}>x</a></svg>", f"<svg><style><img src=x onerror={RUN}></style>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}></style>", f"<math href=javascript:{RUN}>x</math>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>", f"<template><img src=x onerror={RUN}></template>",
    f"<textarea><img title='</textarea><img src=x onerror={RUN}>'>", f"<title><img src=x onerror={RUN}></title>",
    f"<xmp><p title='</xmp><img src=x onerror={RUN}>'>", f"<plaintext><img src=x onerror={RUN}>",
    f"<iframe src=javascript:{RUN}></iframe>", f"<iframe srcdoc='<script>{RUN}</script>'></iframe>", "<iframe src=x",
    f"<frameset onload={RUN}>", f"<body onload={RUN}>", f"<body\nonpageshow={RUN}>", f"<object data=javascript:{RUN}>",
    "<embed src=data:text/html;base64,PHNjcmlwdD4=>", "<applet code=x>", f"<base href=javascript:{RUN}//>",
    f"<a href=javascript:{RUN}>x</a>", f"<a href='java\tscript:{RUN}'>x</a>", f"<a href='java&#9;script:{RUN}'>x</a>",
    f"<a href=' &#14; javascript:{RUN}'>x</a>", f"<a href=JaVaScRiPt&colon;{RUN}>x</a>",
    f"<a href=data:text/html,<script>{RUN}</script>>x</a>", f"<a href=vbscript:{RUN}>x</a>",
    f"<a onmouseover={RUN}>x</a>", f"<b onclick={RUN}>x</b>", f"<x onclick={RUN}>x",
    f"<custom-x onfocus={RUN} tabindex=1>",
    f"<details open ontoggle={RUN}>", f"<input autofocus onfocus={RUN}>", f"<select onfocus={RUN} autofocus>",
    f"<video><source onerror={RUN}></video>", f"<audio src=x onerror={RUN}>", f"<marquee onstart={RUN}>",
    f"<button formaction=javascript:{RUN}>x</button>", f"<form action=javascript:{RUN}><input type=submit>",
    f"<isindex action=javascript:{RUN}>", f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    "<link rel=stylesheet href=//example.com/x.css>", f"<style>@import 'javascript:{RUN}';</style>",
    f"<div style='width:expression({RUN})'>x</div>", f"<div style=background:url(javascript:{RUN})>x</div>",
    f"<p style='behavior:url(#x)' onclick={RUN}>", f"<!--><img src=x onerror={RUN}>-->",
    f"<!-- --!><img src=x onerror={RUN}>",
    f"<![CDATA[<img src=x onerror={RUN}>]]>", f"<!ELEMENT x><img src=x onerror={RUN}>", f"<?xml x?><svg onload={RUN}>",
    f"<? <img src=x onerror={RUN}> ?>", f"<im<b></b>g src=x onerror={RUN}>", f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<img src=x one<x>rror={RUN}>", f"<img src=x \u202eonerror={RUN}>", f"<\u200bscript>{RUN}</script>",
    f"<s\u00adcript>{RUN}</script>", f"<img src=x onerror\u2028={RUN}>", f"\ud83d<img src=x onerror={RUN}>",
    f"</p><img src=x onerror={RUN}", f"</script><script>{RUN}</script>", f"</title><svg onload={RUN}>",
    f"<dialog open oncancel={RUN}>", f"<object><param name=x value=javascript:{RUN}>",
    f"<keygen autofocus onfocus={RUN}>",
)  # fmt: skip
# The same as feeds and careless systems write it.
WRAPPINGS = (
    lambda payload: payload,
    lambda payload: payload.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
    lambda payload: payload.replace("<", "&amp;lt;").replace(">", "&amp;gt;"),
    lambda payload: payload.replace("<", "&#60;").replace(">", "&#x3e;"),
    lambda payload: f"Bridge {payload} closed \" ' ` = >",
    lambda payload: payload.upper(),
    lambda payload: f"**{payload}** [{payload}](https://example.com/{payload})",
    lambda payload: payload.replace("s", "s\x00").replace("o", "o\u200b"),
)  # fmt: skip
PAYLOADS = [wrap(element) for wrap, element in itertools.product(WRAPPINGS, ELEMENTS)]
# A `<` at which a browser begins an element, a comment or a declaration (WHATWG HTML, "tag open state").
OPENING = re.compile(r"<[a-zA-Z/!?]")


class Elements(HTMLParser):
    """What a page is made of: elements with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)


def stored(draft: Draft) -> list[str]:
    """Every field of a draft that readers are shown."""
    plain = (draft.title, draft.text, draft.source_name, draft.source_key, draft.section, draft.language)
    return [value for value in (*plain, *draft.tags, *draft.authors, draft.url, draft.image) if value]


def test_there_are_more_payloads_than_the_best_known_list_has() -> None:
    assert len(set(PAYLOADS)) > 500


def assert_nothing_runs(payload: str, **body: str) -> None:
    fields = {"title": f"Bridge {payload}", "source": f"Courier {payload}", "section": payload, "image": payload}
    draft = parse_draft({**fields, "tags": [payload], "authors": [payload], **body})
    assert isinstance(draft, Draft)
    for value in stored(draft):
        assert OPENING.search(value) is None, value
        assert Elements(f"<p>{value}</p><p title='x' class=y>").found == ["p", "p"]


@pytest.mark.parametrize("element", ELEMENTS)
def test_nothing_that_is_stored_runs_in_a_page_that_forgets_to_escape_it(element: str) -> None:
    for wrap in WRAPPINGS:
        payload = wrap(element)
        assert_nothing_runs(payload, text=payload)
        assert_nothing_runs(payload, html=f"<p>Bridge</p>{payload}")


@pytest.mark.parametrize("element", ELEMENTS)
def test_nothing_of_a_page_runs_either(element: str) -> None:
    head = f"<title>{element}</title><meta name=keywords content='{element}'><meta name=author content='{element}'>"
    assert_nothing_runs(element, html=f"<html><head>{head}</head><body><p>Bridge</p>{element}</body></html>")


@pytest.mark.parametrize(
    "address",
    [
        f"javascript:{RUN}",
        f" java\tscript:{RUN}",
        f"JAVASCRIPT&colon;{RUN}",
        f"data:text/html,<script>{RUN}</script>",
        f"vbscript:{RUN}",
        "//example.com/x",
        "file:///etc/passwd",
        f"\x01javascript:{RUN}",
        f"x:{RUN}",
        "ftp://a.b/c",
    ],
)
def test_addresses_are_those_of_the_web(address: str) -> None:
    page = (
        f'<html><head><meta property="og:image" content="{address}"><link rel=canonical href="{address}"></head><body>a'
    )
    for item in ({"image": address}, {"html": page}):
        draft = parse_draft({"title": "Bridge", **item})
        assert isinstance(draft, Draft)
        assert draft.url is None
        assert draft.image is None


def test_an_address_holds_nothing_that_ends_an_attribute_or_begins_a_tag() -> None:
    draft = parse_draft({"title": "Bridge", "url": f'https://example.com/"><img src=x onerror={RUN}>?a="<b>'})
    assert isinstance(draft, Draft)
    assert not {"<", ">", '"', " "} & set(draft.url or "")
