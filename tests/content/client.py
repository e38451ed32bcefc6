"""A client of signed content, against a real publisher and a real server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.content.service_double import Online, real_now
from xieka.content.trust import Trust, Version
from xieka.core.errors import XiekaError


@dataclass
class Client:
    online: Online
    trust: Trust
    folder: Path

    def refresh(self, **how: object) -> Version:
        return self.trust.refresh(self.online.url, self.online.http, real_now(), **how)  # type: ignore[arg-type]

    def fails(self, **how: object) -> str:
        with pytest.raises(XiekaError) as error:
            self.refresh(**how)
        error.value.body()
        return error.value.code


def title(version: Version | None) -> str:
    assert version is not None
    return version.content.announcements.items[0].title


def target_path(online: Online, name: str) -> str:
    file = online.repository.target(name)
    return f"/content/{file.relative_to(online.repository.content).as_posix()}"
