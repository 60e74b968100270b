"""Month and weekday names in the languages of European scripts and a few neighbours.

Names as in the Unicode CLDR (wide and abbreviated, inside a date and standing alone), case-folded and
without dots. No name stands for two different months, so the language need not be known.
"""

import re
import unicodedata

ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Twelve columns a language, January first; names already listed further up are left out ("-").
_MONTHS = """
en: january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sep october/oct november/nov december/dec
de: januar februar märz/mär - mai juni juli - sept oktober/okt - dezember/dez
fr: janvier/janv février/févr mars avril/avr - juin juillet/juil août septembre octobre novembre décembre/déc
es: enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre octubre noviembre diciembre/dic
it: gennaio/gen febbraio - aprile maggio/mag giugno/giu luglio/lug - settembre/set ottobre/ott - dicembre
pt: janeiro fevereiro/fev março - maio junho julho - setembro outubro/out novembro dezembro
nl: januari februari maart/mrt - mei - - augustus - - - -
sv: - - - - maj - - augusti - - - -
da: - - marts - - - - - - - - -
nb: - - - - - - - - - - - desember/des
fi: tammikuuta/tammi/tammikuu helmikuuta/helmi/helmikuu maaliskuuta/maalis/maaliskuu huhtikuuta/huhti/huhtikuu toukokuuta/touko/toukokuu kesäkuuta/kesä/kesäkuu heinäkuuta/heinä/heinäkuu elokuuta/elo/elokuu syyskuuta/syys/syyskuu lokakuuta/loka/lokakuu marraskuuta/marras/marraskuu joulukuuta/joulu/joulukuu
is: janúar febrúar - apríl maí júní/jún júlí/júl ágúst/ágú - október nóvember/nóv -
pl: stycznia/sty/styczeń lutego/lut/luty marca/marzec kwietnia/kwi/kwiecień maja czerwca/cze/czerwiec lipca/lip/lipiec sierpnia/sie/sierpień września/wrz/wrzesień października/paź/październik listopada/lis/listopad grudnia/gru/grudzień
cs: ledna/led/leden února/úno/únor března/bře/březen dubna/dub/duben května/kvě/květen června/čvn/červen července/čvc/červenec srpna/srp/srpen září/zář října/říj/říjen listopadu prosince/pro/prosinec
sk: januára/január februára/február marec apríla mája/máj júna júla augusta septembra októbra novembra decembra
uk: січня/січ/січень лютого/лют/лютий березня/бер/березень квітня/квіт/квітень травня/трав/травень червня/черв/червень липня/лип/липень серпня/серп/серпень вересня/вер/вересень жовтня/жовт/жовтень листопада/лист/листопад грудня/груд/грудень
ru: января/янв/январь февраля/февр/февраль марта/мар/март апреля/апр/апрель мая/май июня/июн/июнь июля/июл/июль августа/авг/август сентября/сент/сентябрь октября/окт/октябрь ноября/нояб/ноябрь декабря/дек/декабрь
be: студзеня/сту/студзень лютага/люты сакавіка/сак/сакавік красавіка/кра/красавік - чэрвеня/чэр/чэрвень ліпеня/ліп/ліпень жніўня/жні/жнівень верасня/верасень кастрычніка/кас/кастрычнік лістапада/ліс/лістапад снежня/сне/снежань
bg: януари/яну февруари/фев - април - юни юли - септември/сеп октомври ноември/ное декември
sr: - - mart - - - - avgust/avg septembar oktobar novembar decembar
sl: - - - - - junij julij - - - - -
ro: ianuarie/ian februarie martie aprilie - iunie/iun iulie/iul - septembrie octombrie noiembrie decembrie
hu: - febr március/márc április/ápr május június július augusztus szeptember/szept - - -
el: ιανουαρίου/ιαν/ιανουάριοσ φεβρουαρίου/φεβ/φεβρουάριοσ μαρτίου/μαρ/μάρτιοσ/μάρ απριλίου/απρ/απρίλιοσ μαΐου/μαΐ/μάιοσ/μάι ιουνίου/ιουν/ιούνιοσ/ιούν ιουλίου/ιουλ/ιούλιοσ/ιούλ αυγούστου/αυγ/αύγουστοσ/αύγ σεπτεμβρίου/σεπ/σεπτέμβριοσ οκτωβρίου/οκτ/οκτώβριοσ νοεμβρίου/νοε/νοέμβριοσ/νοέ δεκεμβρίου/δεκ/δεκέμβριοσ
tr: ocak/oca şubat/şub - nisan/nis mayıs haziran/haz temmuz/tem ağustos/ağu eylül/eyl ekim/eki kasım/kas aralık/ara
id: - - maret - - - - agustus/agu - - - -
et: jaanuar/jaan veebruar/veebr märts aprill - juuni juuli - - oktoober - detsember/dets
lv: janvāris februāris - aprīlis maijs jūnijs/jūn jūlijs/jūl augusts septembris oktobris novembris decembris
lt: sausio/saus/sausis vasario/vas/vasaris kovo/kov/kovas balandžio/bal/balandis gegužės/geg/gegužė birželio/birž/birželis liepos/liep/liepa rugpjūčio/rugp/rugpjūtis rugsėjo/rugs/rugsėjis spalio/spal/spalis lapkričio/lapkr/lapkritis gruodžio/gruod/gruodis
ca: gener febrer març - maig juny juliol agost/ag setembre - - desembre
"""  # noqa: E501 - one line a language

_WEEKDAYS = """
an antradienis ceturtd ceturtdiena cmt cn cs csütörtök cum cuma cumartesi czw czwartek dc dg di
dienstag dijous dilluns dim dimanche dimarts dimecres dinsdag dissabte diumenge divendres dj dl do dom
domenica domingo donderdag donnerstag ds dt dum duminică dv esmaspäev fim fimmtudagur fr fre fredag
freitag fri friday fös föstudagur gio giovedì hétfő jeu jeudi joi jue jueves jum jumat kam kamis ke
kedd keskiviikko keskiviikkona ketvirtadienis kolmapäev kt la lau lauantai lauantaina laugardagur
laupäev lun lundi lunedì lunes luni lör lördag lør lørdag ma maanantai maanantaina maandag man mandag
mardi martedì martes marți mer mercoledì mercredi mi mie miercuri min minggu mittwoch mié miércoles mið
miðvikudagur mo mon monday montag mán mánudagur mån måndag ne ned nedelja nedeľa neděle neljapäev niedz
niedziela ons onsdag otrd otrdiena paz pazar pazartesi pe penktadienis per perjantai perjantaina
perşembe pet petak petek pi piatok piektd piektdiena pirmadienis pirmd pirmdiena piątek pn po pon
pondelok pondělí ponedeljak ponedeljek poniedziałek pr pt pzt pá pátek péntek pühapäev qua qui rab rabu
reede sa sab sabato sabtu sal salı sam samedi samstag sat saturday seg sekmadienis sel selasa sen senin
sestd sestdiena sex sk so sob sobota sonntag sre sreda st streda středa su sub subota sun sunday
sunnudagur sunnuntai svētd svētdiena sze szerda szo szombat sáb sábado sâm sâmbătă sön söndag søn
søndag teisipäev ter thu thursday ti tiistai tiistaina tir tirs tirsdag tis tisdag to tor torek tors
torsdag torstai torstaina tr trečiadienis trešd trešdiena tue tuesday ut uto utorak utorok vasárnap ven
vendredi venerdì vie viernes vin vineri vr vrijdag wed wednesday wo woensdag wt wtorek za zaterdag zo
zondag çar çarşamba út úterý þri þriðjudagur čet četrtek četvrtak čt čtvrtek śr środa šeštadienis št
štvrtok δευ δευτέρα κυρ κυριακή πέμ πέμπτη παρ παρασκευή σάβ σάββατο τετ τετάρτη τρί τρίτη аў аўторак
воскресенье вс вт вторник вівторок нд неделя неділя нядзеля пʼятниця панядзелак петък пн понеделник
понедельник понеділок пт пятница пятніца сб серада середа ср среда сряда суббота субота събота чацвер
thurs thur tues weds segunda terça quarta quinta sexta feira
четвер четверг четвъртък чт чц
"""

# Words beside a date that say nothing about which day it is.
_FILLERS = """
a à alle am as às au d das de del den der di du dne dnia do dia el em en il klo kl la
las le les na o of om on ora ore p po r the um v
г года год р року о об в во у
uhr horas hs h ngày
"""

# Tuesday in Romance languages, March in English and others: a weekday where another month is named.
_TUESDAY_OR_MARCH = "mar"

_WORD = re.compile(r"[^\W\d_]+")
# Written against the date (`12日土曜日`), where words have no spaces around them.
_EAST_ASIAN_WEEKDAY = re.compile(
    r"[月火水木金土日]曜日?|(?:星期|礼拜|禮拜|週|周)[一二三四五六日天]|[월화수목금토일]요일"
)


def _month_numbers() -> dict[str, int]:
    numbers = {name.casefold(): month for month, name in enumerate(ENGLISH_MONTHS, start=1)}
    for line in _MONTHS.strip().splitlines():
        columns = line.split(": ", maxsplit=1)[1].split()
        for month, names in enumerate(columns, start=1):
            numbers.update(dict.fromkeys(names.split("/"), month))
    return numbers


_MONTH_OF = _month_numbers()
_DROPPED = frozenset(_WEEKDAYS.split()) | frozenset(_FILLERS.split())


def in_english(text: str) -> str:
    """The text with its month names as `Jan` … `Dec` and its weekdays and filler words left out.

    Args:
        text: any text; words that are no month, weekday or filler stay as they are.
    """
    text = _EAST_ASIAN_WEEKDAY.sub("", text)
    words = [_folded(word) for word in _WORD.findall(text)]
    months = sum(word in _MONTH_OF for word in words)

    def translated(match: re.Match[str]) -> str:
        word = _folded(match[0])
        if word in _DROPPED or (word == _TUESDAY_OR_MARCH and months > 1):
            return ""
        month = _MONTH_OF.get(word)
        return match[0] if month is None else ENGLISH_MONTHS[month - 1]

    return _WORD.sub(translated, text)


def _folded(word: str) -> str:
    return unicodedata.normalize("NFC", word.casefold())
