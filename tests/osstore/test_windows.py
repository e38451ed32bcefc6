"""The table of windows_cases on a scripted store, and what only a script can do: a store that fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.osstore.windows_cases import CASES, FIRST, KEYS, item
from xieka.osstore.windows import Stored, Windows
from xieka.token.drivers import Driver
from xieka.token.windows_keys import KeyLink


class Scripted:
    """See Certificates."""

    def __init__(self) -> None:
        self.kept: list[Stored] = []
        self.broken: set[str] = set()

    @contextmanager
    def open(self) -> Iterator[Scripted]:
        self._fail("open")
        yield self

    def _fail(self, what: str) -> None:
        if what in self.broken:
            raise OSError(f"{what} is refused")

    def all(self) -> list[Stored]:
        return list(self.kept)

    def add(self, der: bytes, keys: KeyLink, mark: str, name: str) -> None:
        self._fail("add")
        assert name
        assert all(one.der != der for one in self.kept)
        self.kept.append(Stored(der, mark, keys))

    def remove(self, der: bytes) -> None:
        self._fail("remove")
        self.kept = [one for one in self.kept if one.der != der]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_case(case: object) -> None:
    scripted = Scripted()
    assert callable(case)
    case(Windows(scripted.open), scripted.open)


@pytest.mark.parametrize("what", ["open", "add", "remove"])
def test_a_store_that_refuses_is_told_and_nothing_else_changes(what: str) -> None:
    scripted = Scripted()
    windows = Windows(scripted.open)
    if what == "remove":
        windows.register(item(FIRST))
    before = scripted.all()
    scripted.broken = {what}
    (place,) = windows.withdraw() if what == "remove" else windows.register(item(FIRST))
    assert (place.state, place.error.code if place.error else "") == ("broken", "E-OSS-07")
    assert scripted.kept == before


def test_a_ukey_whose_provider_nobody_knows_is_left_out() -> None:
    windows = Windows(Scripted().open)
    driver = Driver("firm", "厂商", item(FIRST).module, {}, "list", None, False, False)
    assert windows.refuses(replace(item(FIRST), keys=None), driver) == "provider"
    # What a library's worker needs in its environment does not matter to the provider.
    assert windows.refuses(item(FIRST, KEYS), replace(driver, env={"CARD_CONF": "x"})) is None
