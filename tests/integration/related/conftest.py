"""The fixtures of the tests of related."""

import pytest

from integration.related.scene import Scene
from themeline.shared.db import Sessions


@pytest.fixture
def scene(sessions: Sessions) -> Scene:
    return Scene(sessions)
