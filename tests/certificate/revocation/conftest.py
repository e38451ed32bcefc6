"""A scene for every kind of key."""

from __future__ import annotations

import pytest

from tests.certificate import pki
from tests.certificate.revocation.scene import Scene


@pytest.fixture(params=pki.KINDS)
def scene(request: pytest.FixtureRequest) -> Scene:
    return Scene(request.param)
