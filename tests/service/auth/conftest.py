from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.auth.stage import Stage


@pytest.fixture
def stage(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    """A service on either database."""
    built = Stage.build(tmp_path / "数据", database_url)
    yield built
    built.close()
