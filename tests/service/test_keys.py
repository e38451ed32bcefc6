"""Key files: made once, whoever comes first."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from xieka_service.keys import secret


def test_a_key_is_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys/one.key"
    key = secret(path)
    assert len(key) == 32
    assert secret(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert secret(tmp_path / "keys/two.key") != key


def test_who_comes_at_the_same_time_gets_the_same_key(tmp_path: Path) -> None:
    for number in range(20):
        together = Barrier(8)

        def make(_which: int, number: int = number, together: Barrier = together) -> bytes:
            together.wait()
            return secret(tmp_path / f"{number}.key")

        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(make, range(8)))) == 1
    assert not list(tmp_path.glob(".*"))


def test_a_damaged_key_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "one.key").write_bytes(b"short")
    with pytest.raises(ValueError, match="32 bytes"):
        secret(tmp_path / "one.key")
