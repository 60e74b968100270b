"""Contract and plumbing that the services share; no rule about articles."""

__version__ = "0.1.0"
