"""Where the ingest service keeps a source."""

from themeline.cli.errors import CommandError
from themeline.cli.managing import text_of
from themeline.ingest.core.drafts import source_key

SOURCES = "/v1/sources"


def source_path(name: str) -> str:
    """The path of the source of a key or name: a name may hold what no path can, such as a slash.

    Raises:
        CommandError: nothing in the name could be a key.
    """
    text = text_of(name)
    if not any(character.isalnum() for character in text):
        raise CommandError(f"{text!r} is no name of a source: it needs letters or digits")
    return f"{SOURCES}/{source_key(text)}"
