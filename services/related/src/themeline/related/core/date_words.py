"""The words of one language that say which day is meant.

Names of months, weekdays and relative days are dateparser's, which has them from the Unicode CLDR. What it
does not have is typed here: the words that turn a weekday to the next or the last one, and the future tense.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from itertools import takewhile
from pathlib import Path
from typing import Any

MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
RELATIVE_DAYS = {"2 day ago": -2, "1 day ago": -1, "0 day ago": 0, "in 1 day": 1, "in 2 day": 2}

# Where a month or weekday without a capital is another word (may, march, sun).
CAPITALISED = frozenset({"en", "de", "el"})
# Whose articles were looked at. Elsewhere only dates in figures are found: one word for tomorrow and
# yesterday (Hindi), weekdays that are numbers (Hebrew, Vietnamese), prefixes (Arabic).
LANGUAGES = frozenset(
    "en de fr es it pt nl sv da nb fi pl cs sk uk ru bg hr sl ro hu el et lv lt ja zh ko".split()  # noqa: SIM905
)
SAME_DATA = {"no": "nb", "nn": "nb"}
UNSPACED = frozenset({"ja", "zh", "ko"})  # no spaces around words, or particles attached to them

# dateparser accepts these for a day that a writer does not mean by them.
_NOT_A_DAY = frozenset({"till date", "след ден", "преди ден", "онзи ден", "금일", "今日", "대명일", "명일", "작일"})
# Letters. What is shorter is an abbreviation, and often another word (`di`, `so`, `пят`).
SHORTEST_WEEKDAY, SHORTEST_NAME, SHORTEST_UNSPACED = 5, 3, 2


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a language places its weekdays in time.

    following, previous: words before or after a weekday that mean the next one, the last one.
    future: words of a clause that speaks of what is to come; `_` is a space.
    never_after: words after which a weekday or relative day is a habit, a name or another word.
    parts: parts of the day that may follow, written on (`Montagabend`) or apart.
    endings: of weekdays. phrases: further relative days.
    """

    following: frozenset[str]
    previous: frozenset[str]
    future: frozenset[str]
    never_after: frozenset[str]
    parts: Mapping[str, str]
    endings: tuple[str, ...] = ()
    phrases: Mapping[str, tuple[int, str]] = field(default_factory=dict)


def _grammar(following: str, previous: str, future: str, never_after: str, parts: str, **more: Any) -> Grammar:
    """`parts` has the words for morning, afternoon, evening and night, alternatives parted by `|`."""
    names = ("morning", "afternoon", "evening", "night")
    words = {
        word.strip(): name for name, column in zip(names, parts.split("/"), strict=True) for word in column.split("|")
    }
    return Grammar(_set(following), _set(previous), _set(future), _set(never_after), words, **more)


def _set(words: str) -> frozenset[str]:
    return frozenset(word.replace("_", " ") for word in words.split())


_GERMAN_PARTS = "morgen|früh|vormittag/mittag|nachmittag/abend/nacht"
_ENGLISH_PHRASES = {
    "last night": (-1, "night"),
    "tonight": (0, "evening"),
    "this morning": (0, "morning"),
    "this afternoon": (0, "afternoon"),
    "this evening": (0, "evening"),
}

GRAMMARS: dict[str, Grammar] = {
    "en": _grammar(
        "next coming upcoming",
        "last past previous since",
        "will 'll won't shall would due expected scheduled slated plans planned planning "
        "must is_to are_to was_to were_to to_be set_to",
        "every each any most a another some one the ago black good ash super bloody easter palm holy cyber",
        "morning/afternoon/evening/night",
        phrases=_ENGLISH_PHRASES,
    ),
    "de": _grammar(
        "nächsten nächster kommenden kommender nächste",
        "letzten letzter vergangenen vergangener vorigen letzte vergangene seit",
        "wird werden soll sollen will wollen geplant",
        "jeden jeder einen ein der die das schwarzer schwarzen guten",
        _GERMAN_PARTS,
    ),
    "fr": _grammar(
        "prochain prochaine",
        "dernier dernière passé depuis",
        "sera seront aura auront devra devront devrait devraient doit doivent va vont pourra pourraient",
        "chaque le les tous un du",
        "matin/après-midi/soir/nuit|dans la nuit",
    ),
    "es": _grammar(
        "próximo próxima",
        "pasado pasada último desde",
        "será serán habrá tendrá tendrán deberá deberán va van prevista previsto podría",
        "cada los todos un la las una esta misma aquella tercer",
        "por la mañana/por la tarde|al mediodía/de noche/por la noche",
    ),
    "it": _grammar(
        "prossimo prossima",
        "scorso scorsa passato dal",
        "sarà saranno avrà avranno dovrà dovranno potrebbe previsto prevista",
        "ogni il la i le un una tutti",
        "mattina/pomeriggio/sera/notte",
    ),
    "pt": _grammar(
        "próxima próximo",
        "passada passado última último desde",
        "será serão haverá terá terão deve devem deverá vai vão previsto prevista",
        "cada toda todas todo um uma",
        "de manhã|pela manhã/à tarde|de tarde/à noite/de madrugada",
    ),
    "nl": _grammar(
        "volgende komende aanstaande",
        "vorige afgelopen sinds",
        "zal zullen wordt worden moet gaat gaan",
        "elke iedere de een deze zwarte goede",
        "ochtend|morgen/middag/avond/nacht",
    ),
    "sv": _grammar(
        "nästa kommande på",
        "förra i sedan",
        "ska skall kommer väntas",
        "varje en alla var",
        "morgon/eftermiddag/kväll|skväll/natt|snatt",
        endings=("en", "s"),
    ),
    "da": _grammar(
        "næste kommende på",
        "sidste forrige i siden",
        "skal vil kommer ventes bliver",
        "hver en alle",
        "morgen/eftermiddag/aften/nat",
        endings=("en", "s"),
    ),
    "nb": _grammar(
        "neste kommende førstkommende",
        "forrige sist siden",
        "skal vil kommer ventes blir",
        "hver en alle",
        "morgen/ettermiddag/kveld/natt",
        endings=("en",),
    ),
    "pl": _grammar(
        "przyszły przyszłą przyszłym najbliższy najbliższą nadchodzący",
        "od zeszły zeszłą ubiegły ubiegłą miniony minioną",
        "będzie będą ma mają zostanie zostaną planuje",
        "każdy każdą każdego",
        "rano/po południu/wieczorem/w nocy|nocą",
    ),
    "cs": _grammar(
        "příští nadcházející",
        "od minulý minulou minulé uplynulý",
        "bude budou má mají chystá",
        "každý každou každé",
        "ráno|dopoledne/odpoledne/večer/v noci",
    ),
    "uk": _grammar(
        "наступний наступну наступного",
        "з від минулий минулу минулого минулої",
        "буде будуть має мають планує",
        "кожен кожну щоп'ятниці кожного",
        "вранці|зранку/вдень|після обіду/ввечері|увечері/вночі|уночі",
    ),
    "ru": _grammar(
        "следующий следующую следующего ближайший",
        "с прошлый прошлую прошлого минувший минувшую",
        "будет будут должен должна должны планирует",
        "каждый каждую каждое",
        "утром/днем|днём|после обеда/вечером/ночью",
    ),
}


@dataclass(frozen=True, slots=True)
class DateWords:
    """What a language says for months (1 to 12), weekdays (Monday is 0) and days counted from today.

    Keys are in lower case; every month's name begins with one of `month_beginnings`. `weekdays` is empty where
    there is no grammar to place them with.
    """

    months: Mapping[str, int]
    month_beginnings: frozenset[str]
    weekdays: Mapping[str, int]
    relative: Mapping[str, tuple[int, str]]
    grammar: Grammar | None
    capitalised: bool
    nouns_capitalised: bool
    spaced: bool


@lru_cache(maxsize=64)
def date_words(language: str) -> DateWords | None:
    """The words of a language by its ISO 639-1 code; None for one whose articles nobody looked at."""
    code = SAME_DATA.get(language, language)
    if code not in LANGUAGES:
        return None
    data, grammar = _data(code), GRAMMARS.get(code)
    capitalised, spaced = code in CAPITALISED, code not in UNSPACED
    least = SHORTEST_NAME if spaced else SHORTEST_UNSPACED
    months = {name: at for at, key in enumerate(MONTHS, 1) for name in _names(data[key], least, short=capitalised)}
    relative = {
        name: (days, "day")
        for key, days in RELATIVE_DAYS.items()
        for name in _names(data["relative-type"].get(key, ()), least)
    } | dict(grammar.phrases if grammar else {})
    longest_first = dict(sorted(relative.items(), key=lambda item: -len(item[0])))
    return DateWords(
        months, _beginnings(months), _weekdays(data, grammar), longest_first, grammar, capitalised, code == "de", spaced
    )


def _beginnings(months: Mapping[str, int]) -> frozenset[str]:
    """What all names of a month begin with, or the names where that is too little to look for."""
    found: set[str] = set()
    for month in range(1, len(MONTHS) + 1):
        names = [name for name, at in months.items() if at == month]
        pairs = zip(min(names), max(names), strict=False)
        common = "".join(one for one, other in takewhile(lambda pair: pair[0] == pair[1], pairs))
        found.update([common] if len(common) >= SHORTEST_NAME else names)
    return frozenset(found)


def _weekdays(data: Mapping[str, Any], grammar: Grammar | None) -> dict[str, int]:
    if grammar is None:
        return {}
    return {
        name + ending: at
        for at, key in enumerate(WEEKDAYS)
        for name in _names(data[key], SHORTEST_WEEKDAY)
        for ending in ("", *grammar.endings)
    }


def _names(written: Iterable[str], least: int, *, short: bool = False) -> set[str]:
    """The full names among those of one day or month; its abbreviations too where they are safe (`short`)."""
    names = {name.lower() for name in written if len(name) >= least} - _NOT_A_DAY
    if not short:
        names = {name for name in names if not any(other != name and other.startswith(name) for other in names)}
    return names | {name.replace("'", "’") for name in names}


def _data(language: str) -> dict[str, Any]:
    """dateparser's words of a language, read past its package: importing that takes 0.2 s, this 1 ms."""
    package = find_spec("dateparser")
    if package is None or package.submodule_search_locations is None:
        raise ModuleNotFoundError("dateparser is not installed")
    path = Path(package.submodule_search_locations[0], "data", "date_translation_data", f"{language}.py")
    spec = spec_from_file_location(f"_date_words_{language}", path)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"dateparser has no data for {language}")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    words: dict[str, Any] = module.info
    return words
