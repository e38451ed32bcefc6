"""The switch, the book and the thread, over real databases and scripted Ukeys."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from tests.certificate import pki
from tests.osstore.computer import soon
from tests.osstore.conftest import Home
from tests.tokens.softhsm import certificate
from xieka.core.clock import SystemClock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus, JsonValue
from xieka.osstore.service import OsStore
from xieka.osstore.store import Elsewhere, Store, this_system
from xieka.osstore.watch import Watch
from xieka.settings.service import SettingsService
from xieka.token.drivers import Driver
from xieka.token.models import PinHealth, PinState, Token, TokenCertificate, TokenList
from xieka.token.service import TokenService


class Desk:
    """One user's computer: a driver, what is plugged in, the room over it."""

    def __init__(self, home: Home, tmp_path: Path, store: Store | None = None) -> None:
        self.driver_ = Driver("firm", "厂商", home.library, {}, "list", None, False, False)
        self.plugged: tuple[Token, ...] = ()
        self.bus = EventBus()
        self.told: list[JsonValue] = []
        self.bus.on("osstore", self.told.append)
        self.settings = SettingsService(tmp_path / "config")
        self.data = tmp_path / "data"
        self.room = OsStore(
            store or this_system(os.environ, self.data / "backups"),
            cast("TokenService", self),
            self.settings,
            self.data,
            self.bus,
            SystemClock(),
        )

    def tokens(self) -> TokenList:
        return TokenList(self.plugged, (), False)

    def driver(self, driver_id: str) -> Driver:
        assert driver_id == "firm"
        return self.driver_

    def plug(self, *ders: bytes, serial: str = "1", practice: bool = False) -> Token:
        health = PinHealth(PinState.UNKNOWN)
        shown = tuple(TokenCertificate(der, "", f"0{number}") for number, der in enumerate(ders))
        token = Token(f"firm:{serial}", serial, "firm", "厂商", "一号", serial, "", "", health, practice, shown, ())
        self.plugged = (*(one for one in self.plugged if one.id != token.id), token)
        return token


@pytest.fixture
def desk(home: Home, tmp_path: Path) -> Desk:
    return Desk(home, tmp_path)


def refused(desk: Desk, enabled: bool) -> str:
    with pytest.raises(XiekaError) as refusal:
        desk.room.set(enabled)
    return refusal.value.code


def test_doing_it_again_changes_nothing_and_tells_nobody(desk: Desk, home: Home) -> None:
    desk.plug(certificate("甲"))
    desk.room.sync()
    lists, view = home.lists, desk.room.view()
    assert [entry.subject for entry in view.entries] == ["甲"]
    assert len(desk.told) == 1
    desk.room.sync()
    assert (home.lists, desk.room.view(), len(desk.told)) == (lists, view, 1)


def test_the_usable_signing_certificate_that_ends_last_is_the_one(desk: Desk) -> None:
    rsa, sm2 = pki.root("rsa"), pki.root("sm2")
    ends = [pki.NOW + days * pki.DAY for days in (100, 300, 200)]
    signing = [pki.holder(rsa, serial=number, ends=end) for number, end in enumerate(ends, 1)]
    longest = ends[1] + pki.DAY
    others = [pki.holder(rsa, usages=("key_encipherment",), ends=longest), pki.holder(sm2, ends=longest)]
    desk.plug(*others, b"no certificate", *signing)
    desk.room.sync()
    assert [entry.serial for entry in desk.room.view().entries] == ["02"]


def test_a_renewed_certificate_takes_the_old_ones_place(desk: Desk, home: Home) -> None:
    desk.plug(certificate("甲"))
    desk.plug(certificate("乙"), serial="2")
    desk.room.sync()
    lists = home.lists
    desk.plug(certificate("甲 新"))
    desk.room.sync()
    assert [entry.subject for entry in desk.room.view().entries] == ["乙", "甲 新"]
    assert home.lists == lists


def test_what_is_left_out_and_why(desk: Desk, home: Home) -> None:
    before = home.lists
    desk.plug(certificate("甲"), serial="1", practice=True)
    desk.plug(certificate("乙", encryption=True), serial="2")
    desk.plug(pki.holder(pki.root("sm2")), serial="3")
    desk.room.sync()
    assert [one.reason for one in desk.room.view().left_out] == ["practice", "certificate", "sm2"]
    desk.driver_ = replace(desk.driver_, env={"CARD_CONF": "/etc/card"})
    desk.plugged = ()
    desk.plug(certificate("丙"))
    desk.room.sync()
    assert [one.reason for one in desk.room.view().left_out] == ["environment"]
    assert (home.lists, desk.room.view().entries) == (before, [])


def test_nothing_is_made_where_there_is_no_database(desk: Desk, home: Home) -> None:
    for folder in (home.root / ".pki", home.root / ".mozilla"):
        folder.rename(folder.with_name(f"{folder.name}-gone"))
    desk.plug(certificate("甲"))
    desk.room.sync()
    assert {path.name for path in home.root.iterdir()} <= {".pki-gone", ".mozilla-gone", ".config"}


def test_off_from_a_command_while_the_window_is_open_holds(desk: Desk, home: Home, tmp_path: Path) -> None:
    before = home.lists
    desk.plug(certificate("甲"))
    desk.room.sync()
    other = Desk(home, tmp_path)
    assert other.room.set(False).entries == []
    assert home.lists == before
    desk.room.sync()
    assert home.lists == before
    assert desk.room.view().enabled is False
    assert desk.room.set(True).entries[0].subject == "甲"


def test_a_broken_place_does_not_stop_the_others_and_is_tried_again(desk: Desk, home: Home) -> None:
    desk.plug(certificate("甲"))
    before = home.lists
    desk.room.set(True)
    keys = home.shared / "key4.db"
    whole = keys.read_bytes()
    keys.write_bytes(b"")
    assert refused(desk, False) == "E-OSS-06"
    assert home.lists[1] == before[1]
    assert home.lists[0] != before[0]
    place = next(one for one in desk.room.view().places if one.path == str(home.shared))
    assert (place.state, place.error.code if place.error else "") == ("broken", "E-OSS-02")
    keys.write_bytes(whole)
    desk.room.sync()
    assert home.lists == before


def test_without_the_book_everything_of_ours_still_goes(desk: Desk, home: Home) -> None:
    before = home.lists
    desk.plug(certificate("甲"))
    desk.room.sync()
    (desk.data / "book.json").write_text("{", "utf-8")
    assert desk.room.view().entries == []
    desk.room.set(False)
    assert home.lists == before
    assert not home.modules.exists()


def test_another_system_says_so_and_stays_as_it_was(home: Home, tmp_path: Path) -> None:
    desk = Desk(home, tmp_path, Elsewhere())
    desk.plug(certificate("甲"))
    desk.room.sync()
    assert refused(desk, True) == "E-OSS-01"
    view = desk.room.set(False)
    assert (view.supported, view.entries, view.enabled) == (False, [], False)


def test_the_thread_looks_at_the_start_and_after_every_change(desk: Desk, home: Home) -> None:
    before = home.lists
    watch = Watch(desk.room.sync, desk.bus)
    watch.start()
    try:
        desk.plug(certificate("甲"))
        desk.bus.publish("token.list", {})
        assert soon(lambda: home.lists != before)
        assert soon(lambda: len(desk.told) == 1)
    finally:
        watch.close()
