"""A stage for every kind of key, and a responder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.certificate import pki
from tests.certificate.responder import Responder, responding
from tests.certificate.trust.stage import Stage


@pytest.fixture
def server() -> Iterator[Responder]:
    with responding() as started:
        yield started


@pytest.fixture(params=pki.KINDS)
def stage(request: pytest.FixtureRequest, server: Responder, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(request.param, server, tmp_path / "revocation")
    yield made
    made.service.close()
    made.http.close()
