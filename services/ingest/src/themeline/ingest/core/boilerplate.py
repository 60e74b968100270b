"""What stands under an article on its page and is no part of it, as far as one page alone can tell."""

import re

# A paragraph that only says one of these things is short; a longer one has something of its own.
MAX_LINE = 200
# Headlines in a list of other articles: shorter than paragraphs, and without the end of a sentence.
MAX_LISTED = 120

_SERVICES = r"share|tweet|pin|email|print|like|whatsapp|facebook|twitter|linkedin|telegram|reddit|copy\ link|x"
_WHOLE_LINE = re.compile(
    r"""(?:
      (?:continue|keep)\ reading|read\ (?:more|on|the\ (?:full|rest|whole)\b.{0,60})|full\ (?:story|article)|more
    | weiterlesen|mehr\ (?:lesen|dazu)|zum\ artikel|lire\ (?:la\ suite|plus)|en\ savoir\ plus|leer\ m\u00e1s
    | seguir\ leyendo|ler\ mais|leia\ mais|continua\ a\ leggere|leggi\ tutto|lees\ (?:meer|verder)|czytaj\ dalej
    | \u0447\u0438\u0442\u0430\u0442\u044c\ \u0434\u0430\u043b\u0435\u0435
    | \u0447\u0438\u0442\u0430\u0442\u044c\ \u043f\u043e\u043b\u043d\u043e\u0441\u0442\u044c\u044e
    | (?:\d+\s*)?(?:comments?|kommentare?|commentaires?|comentarios?)(?:\s*\(\d+)?|leave\ a\ (?:comment|reply)
    | advertisement|anzeige|publicit\u00e9|publicidad|pubblicit\u00e0
    | (?:_SERVICE_)(?:\W+(?:_SERVICE_))*
    | (?:share|teilen|partager|compartir|condividi|delen)\ (?:this|on|auf|sur|en|su|op)\b.{0,40}
    )""".replace("_SERVICE_", _SERVICES),
    re.IGNORECASE | re.VERBOSE,
)
_BEGINNING = re.compile(
    r"""(?:
      the\ post\ .+\ (?:appeared|was)\ (?:first\ )?(?:on|published)\b
    | (?:der\ beitrag|dieser\ artikel)\ .+\ erschien\ (?:zuerst|zun\u00e4chst)\ (?:auf|bei)\b
    | l['\u2019]article\ .+\ est\ apparu\ en\ premier\ sur\b
    | la\ entrada\ .+\ se\ public\u00f3\ primero\ en\b|o\ post\ .+\ apareceu\ primeiro\ em\b
    | l['\u2019]articolo\ .+\ proviene\ da\b|het\ bericht\ .+\ verscheen\ eerst\ op\b
    | wpis\ .+\ pojawi\u0142\ si\u0119\ (?:po\ raz\ pierwszy|najpierw)\b
    | \u0437\u0430\u043f\u0438\u0441\u044c\ .+\ \u0432\u043f\u0435\u0440\u0432\u044b\u0435\ \u043f\u043e\u044f
    | \u00a9|(?:\(c\)|copyright\b)\s*(?:\(c\)|\u00a9)?\s*\d{4}
    | all\ rights\ reserved\b|alle\ rechte\ vorbehalten\b|tous\ droits\ r\u00e9serv\u00e9s\b
    | todos\ los\ derechos\ reservados\b|tutti\ i\ diritti\ riservati\b
    | (?:sign\ up|subscribe)\ (?:now\ )?(?:for|to)\ (?:our|the|my)\b.{0,80}\b(?:newsletters?|channel|updates|emails?)\b
    | get\ (?:the|our)\ .{0,60}\bin\ your\ inbox\b|follow\ us\ on\b|join\ our\ (?:whatsapp|telegram)\b
    | (?:abonnieren\ sie|inscrivez-vous\ \u00e0|suscr\u00edbete\ a|iscriviti\ alla)\b.{0,60}\bnewsletter\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_LIST_HEADING = re.compile(
    r"""(?:
      (?:related|recommended|similar)\ (?:articles?|stor(?:y|ies)|news|posts?|content|reading|topics?|links?)|related
    | (?:read|see|watch)\ (?:also|next)|also\ read|you\ (?:may|might)\ (?:also\ )?like
    | more\ (?:on\ this|from\ \S.{0,40})
    | most\ (?:read|popular)|trending(?:\ now)?|lesen\ sie\ auch|mehr\ zum\ thema|\u00e0\ lire\ aussi|lire\ aussi
    | lea\ tambi\u00e9n|te\ puede\ interesar|noticias\ relacionadas|leggi\ anche|lees\ ook|leia\ tamb\u00e9m
    | \u0447\u0438\u0442\u0430\u0439\u0442\u0435\ \u0442\u0430\u043a\u0436\u0435|czytaj\ te\u017c
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_EDGES = re.compile(r"^\W+|\W+$")
_SENTENCE_END = re.compile(r"[.!\u2026\u3002\uff01][\"'\u201d\u2019\u00bb)]*$")


def without_boilerplate(text: str) -> str:
    """The text without what follows its last paragraph: "Read more", share buttons, notices, lists of other articles.

    Only the end is looked at, paragraph by paragraph, and nothing that may be a sentence of the article goes. What a
    source repeats on all its pages is known when several of them are (themeline.related leaves it out).

    Args:
        text: plain, paragraphs separated by an empty line. A text of nothing else stays as it is.
    """
    paragraphs = text.split("\n\n")
    end = len(paragraphs)
    while end and (kept := _kept(paragraphs, end)) < end:
        end = kept
    return "\n\n".join(paragraphs[:end]).rstrip() if end else text


def _kept(paragraphs: list[str], end: int) -> int:
    last = paragraphs[end - 1].strip()
    if not last or (len(last) <= MAX_LINE and _is_notice(last)):
        return end - 1
    start = end
    while start and _may_be_listed(paragraphs[start - 1]):
        start -= 1
        if _LIST_HEADING.fullmatch(_words(paragraphs[start])):
            return start
    return end


def _is_notice(line: str) -> bool:
    return _WHOLE_LINE.fullmatch(_words(line)) is not None or _BEGINNING.match(line.lstrip("*|[-\u2013 ")) is not None


def _words(line: str) -> str:
    """A line without bullets, arrows and the like at its ends."""
    return _EDGES.sub("", line)


def _may_be_listed(paragraph: str) -> bool:
    line = paragraph.strip()
    return len(line) <= MAX_LISTED and _SENTENCE_END.search(line) is None
