"""The command line: one module a command, imported when it is used."""

__version__ = "0.1.0"
