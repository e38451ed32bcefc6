from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.content.client import Client
from tests.content.service_double import real_now, serving
from tests.service.content.factory import make_repository
from xieka.content.trust import Trust


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    repository = make_repository(tmp_path / "service", now=real_now())
    folder = tmp_path / "client 内容"
    with serving(repository) as online:
        yield Client(online, Trust(repository.root, folder), folder)
