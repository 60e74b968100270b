"""Addresses of articles in one canonical form, and the key by which an address is recognised."""

import re
from hashlib import blake2b
from urllib.parse import SplitResult, quote, unquote, unquote_plus, urlsplit

import idna

from themeline.shared.core.url_variants import plain_variant, without_cache

MAX_URL = 2_000  # longer ones are beyond what browsers, sitemaps and btree indexes take
DIGEST_BYTES = 16  # 128 bits: no accidental collision among any number of articles
MAX_HOST = 253  # RFC 1035, as text without the final dot
DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that say where a reader came from. Prefixes and names whose only use is that; names which
# some sites use for content (`id`, `ref`, `source`, `cid`, `s`) are left alone. Compared with the general
# sections of AdGuard's and ClearURLs' lists: what those name and a newsroom could not use is here.
TRACKING_PREFIXES = (
    "utm_", "mtm_", "hsa_", "itm_", "stm_", "ns_", "guce_", "trk_", "__hs", "_hs", "matomo_", "bsft_", "cm_mmc",
    "dpg_", "hmb_", "otm_", "sfmc_", "adjust_", "_sgm_", "__cft__", "__io_", "_io_", "oly_",
)  # fmt: skip
TRACKING_NAMES = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id rb_clickid
    srsltid igshid igsh mc_cid mc_eid mkt_tok vero_id vero_conv oly_anon_id oly_enc_id hsctatracking
    wickedid at_medium at_campaign at_campaign_type at_custom1 at_custom2 at_custom3 at_custom4
    at_bbc_team at_format at_link_id at_link_origin at_link_type at_ptr_name at_point xtor wt_zmc wt_mc
    cmpid ncid smid intcid intcmp guccounter _ga _gl ref_src ref_url __twitter_impression soc_src soc_trk
    fb_action_ids fb_action_types fb_source fb_ref action_object_map hootpostid sc_cid sc_campaign epik
    mbid pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content pk_cid piwik_campaign piwik_kwd
    pk_vid mc_tc gad_source gad_campaignid wtrid wt_z_mc _openstat action_ref_map action_type_map
    fb_comment_id mibextid sfnsn __tn__ s_cid sccid rdt_cid dicbo tblci oborigurl irclickid irgwc ir_adid
    ir_campaignid ir_partnerid _branch_match_id _branch_referrer _kx ml_subscriber ml_subscriber_hash vc_lpp
    tduid sscid ebisadid admitad_uid mindbox-click-id mindbox-message-key oprtrack cx_click cx_recsorder
    cx_recswidget nx_source echobox tracking_source emci emdi usqp amp_js_v amp_gsa amp_r amp_latest_update_time
    """.split()  # noqa: SIM905 - words read better than a column of quotes
)

_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})|(%)")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "/:@!$&'()*+,;=-._~%"
_QUERY_SAFE = "/?:@!$'()*,;=&+-._~%"
# `#!/story/5` and `#/story/5` are pages of sites that load them by script; any other fragment is a place
# inside a page.
_PAGE_FRAGMENTS = ("!", "/")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*", re.ASCII)
_IPV6 = re.compile(r"[0-9a-f:.]+", re.ASCII)


class UnusableUrlError(ValueError):
    """An address that no reader could follow. The message says why, as a clause."""


def canonical_url(url: str) -> str:
    """The one form in which an address is stored and compared.

    Scheme and host in lower case, international hosts in ASCII, no default port, credentials, fragment
    (but one that names a page, `#!…` or `#/…`) or tracking parameter; a page in an AMP cache by its
    publisher's address; dot segments resolved; percent-encoding where needed and only there, in upper case.
    Order and values of all other parameters stay, as do a final slash, `index.html` and the marks of AMP and
    mobile pages: readers follow this address, and servers may tell them apart. Applying it twice changes
    nothing.

    Raises:
        UnusableUrlError: not http or https, no valid host or port, control characters, or too long.
    """
    text = url.strip(" \t\r\n\f\v\u00a0\u3000\ufeff")
    if len(text) > MAX_URL:
        raise UnusableUrlError(f"it is longer than {MAX_URL:,} characters")
    if _FORBIDDEN.search(text):
        raise UnusableUrlError("it contains control characters or lone surrogates")
    parts = _split(text)
    if (cached := without_cache(parts.geturl())) != parts.geturl():
        return canonical_url(cached)
    query, page = _clean_query(parts.query), _page_fragment(parts.fragment)
    canonical = f"{parts.scheme}://{_host_and_port(parts)}{_clean_path(parts.path)}{'?' if query else ''}{query}{page}"
    if len(canonical) > MAX_URL:
        raise UnusableUrlError(f"it is longer than {MAX_URL:,} characters when encoded")
    return canonical


def url_digest(canonical: str) -> bytes:
    """The key of an address: 16 bytes, equal for addresses that differ in nothing but habit.

    Scheme, a leading `www.`, a final slash, and the marks of AMP and mobile pages (`m.`, `amp.`, `/amp/`,
    `.amp.html`, `?amp=1`) do not count. The order of parameters does.

    Args:
        canonical: what `canonical_url` returned.
    """
    rest, hash_mark, page = canonical.split("://", 1)[1].partition("#")
    address, _, query = rest.partition("?")
    host, slash, path = address.partition("/")
    host, path, query = plain_variant(host.removeprefix("www."), slash + path, query)
    plain = f"{host}{path.rstrip('/')}{'?' if query else ''}{query}{hash_mark}{page}"
    return blake2b(plain.encode(), digest_size=DIGEST_BYTES, person=b"url").digest()


def host_of(canonical: str) -> str:
    """The host of a canonical address, without port and leading `www.`."""
    return (urlsplit(canonical).hostname or "").removeprefix("www.")


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text.replace("\\", "/") if "\\" in text.split("?", 1)[0] else text)
        _ = parts.port
    except ValueError as error:
        raise UnusableUrlError("its host or port is not valid") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise UnusableUrlError(
            f"only http and https addresses can be stored, not {parts.scheme[:20] or 'relative'} ones"
        )
    return parts


def _host_and_port(parts: SplitResult) -> str:
    host = _ascii_host(parts.hostname or "")
    port = parts.port
    return host if port is None or port == DEFAULT_PORTS[parts.scheme] else f"{host}:{port}"


def _ascii_host(host: str) -> str:
    if ":" in host:
        if _IPV6.fullmatch(host) is None:
            raise UnusableUrlError("its host is not valid")
        return f"[{host}]"
    name = unquote(host).rstrip(".").lower()
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii").lower().rstrip(".")
        except (idna.IDNAError, UnicodeError) as error:
            raise UnusableUrlError("its host is not valid") from error
    if len(name) > MAX_HOST or _HOST.fullmatch(name) is None:
        raise UnusableUrlError("it has no valid host")
    return name


def _clean_path(path: str) -> str:
    kept: list[str] = []
    segments = _encode(path, _PATH_SAFE).split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _clean_query(query: str) -> str:
    return "&".join(
        _encode(pair, _QUERY_SAFE) for pair in query.split("&") if pair and not _is_tracking(pair.split("=", 1)[0])
    )


def _page_fragment(fragment: str) -> str:
    return f"#{_encode(fragment, _QUERY_SAFE)}" if fragment.startswith(_PAGE_FRAGMENTS) else ""


def _is_tracking(name: str) -> bool:
    plain = unquote_plus(name).lower().removeprefix("amp;")  # `&` escaped once too often
    return plain in TRACKING_NAMES or plain.startswith(TRACKING_PREFIXES)


def _encode(text: str, safe: str) -> str:
    """Percent-encoding in its normal form (RFC 3986, section 6.2.2)."""
    return quote(_PERCENT.sub(_normal_escape, text), safe=safe)


def _normal_escape(match: re.Match[str]) -> str:
    if match[2]:
        return "%25"
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else f"%{match[1].upper()}"
