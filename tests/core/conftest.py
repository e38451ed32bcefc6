"""What the tests of the fetcher share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.core.net import Authority
from xieka.core.http import Http
from xieka.core.proxy import ProxySettings


@pytest.fixture
def http() -> Iterator[Http]:
    fetcher = Http(lambda: ProxySettings("none"), allow_loopback_http=True)
    yield fetcher
    fetcher.close()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Authority], None]:
    """Puts an authority into the system's trust store of this process (OpenSSL's SSL_CERT_FILE)."""
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("SSL_CERT_DIR", str(empty))
    return lambda authority: monkeypatch.setenv("SSL_CERT_FILE", str(authority.pem))
