"""The calls of the interface."""
