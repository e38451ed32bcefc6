from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.registration.guest import Guest


@pytest.fixture
def guest(database_url: str, tmp_path: Path) -> Iterator[Guest]:
    """Somebody at a service on either database."""
    built = Guest.build(tmp_path / "数据", database_url)
    yield built
    built.stage.close()
