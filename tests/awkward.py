"""Texts that no editor would send, each by what is wrong with it."""

from themeline.related.core.features import RawArticle

AWKWARD = {
    "nothing": RawArticle("", ""),
    "one letter": RawArticle("a", ""),
    "one word": RawArticle("Corrections", ""),
    "punctuation": RawArticle("?!…—***", ". . . !!!"),
    "emoji": RawArticle("🔥🔥🔥", "👩‍👩‍👧 🇺🇦 1️⃣ ❤️"),
    "a book": RawArticle("War and peace, all of it", "The prince rode home through the snow. " * 30_000),
    "a word of a megabyte": RawArticle("A key", "x" * 1_000_000),
    "a megabyte without spaces": RawArticle("长文", "新闻报道洪水" * 170_000),
    "ten thousand numbers": RawArticle("Figures", " ".join(str(number * 37) for number in range(10_000))),
    "one long number": RawArticle("Pi", "3." + "14159" * 10_000),
    "a megabyte of marks": RawArticle("Zalgo", "a" + "\u0301\u0302\u0336" * 300_000),
    "a megabyte of line ends": RawArticle("Empty page", "\n" * 1_000_000),
    "a megabyte of full stops": RawArticle("Dots", "." * 1_000_000),
    "a megabyte of initials": RawArticle("Initials", "A." * 500_000),
    "a megabyte of apostrophes": RawArticle("Quoted", "o'" * 500_000),
    "markup left in": RawArticle(
        "<b>Dam</b> &amp; flood", "<div class='x'><p>The dam</p><script>var a = 1;</script>" * 500
    ),
    "zero width": RawArticle("Da\u200bm bur\u00adsts", "The\u2060 da\u200bm\ufeff burst\u200d."),
    "direction": RawArticle("\u202eevil\u202c headline", "\u2067סכר\u2069 נפרץ \u200fמעל\u200e העיר"),
    "mojibake": RawArticle("MinistÃ¨re de lâ€™IntÃ©rieur", "Le ministre sâ€™est rendu Ã\xa0 la prÃ©fecture."),
    "lone surrogates": RawArticle("Broken \ud83d emoji", "half \udd25 of it \ud800\ud800"),
    "controls": RawArticle("Null\x00byte", "\x00\x01\x02 bell\x07 and escape\x1b[31m red"),
    "mixed languages": RawArticle(
        "Flood / Überschwemmung / 洪水 / فيضان",
        "The dam burst on Monday. Der Damm brach am Montag. 大坝在星期一决堤。 انهار السد يوم الاثنين. बांध टूट गया।",
    ),
    "capitals": RawArticle("DAM BURSTS AT VELMORA", "THE VELMORA DAM BURST ON MONDAY, MAYOR ILSE TANNEN SAID. " * 10),
    "an unknown language tag": RawArticle("Dam bursts", "The dam burst.", "xx-Qaaa-QM-x-nothing"),
    "a language tag that is none": RawArticle("Dam bursts", "The dam burst.", "💥"),
}
