"""The one error of this package: a message for the person at the terminal, without a traceback."""


class EmbeddedError(Exception):
    """Something on this machine is in the way; the text says what, why and what to do."""
