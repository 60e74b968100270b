"""Settings of every tier of tests."""

from hypothesis import settings

# Examples share two processors with other tests: a slow one is no failure.
settings.register_profile("themeline", deadline=None)
settings.load_profile("themeline")
