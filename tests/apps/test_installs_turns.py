"""Installations and downloads at the same moment: nobody waits for ever, and every job installs its own package."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.apps.test_installs import NAME, World, refused, world
from xieka.apps.download.models import Wanted
from xieka.apps.entries import LIMIT, BuiltinEntry
from xieka.apps.portable.switch import Switch
from xieka.apps.telling import Telling
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus

__all__ = ["world"]


@pytest.fixture
def held(world: World) -> Iterator[tuple[World, threading.Event, threading.Event]]:
    """A client whose downloads' thread stops in the middle of telling, until the second event is set."""
    bus, inside, go = EventBus(), threading.Event(), threading.Event()

    def hold(_: object) -> None:
        if threading.current_thread().name == "downloads" and not inside.is_set():
            inside.set()
            go.wait(20)

    bus.on("downloads", hold)
    client = World(world.home / "二", world.online, bus=bus)
    yield client, inside, go
    go.set()
    client.downloads.close()


SECOND = "example/second"


@pytest.mark.parametrize("action", ["cancel", "start", "resume", "pause"])
@pytest.mark.parametrize("name", [NAME, SECOND])
def test_a_call_while_the_downloads_tell(
    held: tuple[World, threading.Event, threading.Event], action: str, name: str
) -> None:
    """The call comes while the downloads are telling; then both go on."""
    client, inside, go = held
    (offer,) = (one for one in client.offers if one.program.full_name == NAME)
    second = replace(offer, program=offer.program.model_copy(update={"id": "second"}))
    client.offers = (*client.offers, second)
    client.installs.start(NAME)
    assert inside.wait(10)
    if name == SECOND and action != "start":
        client.installs.start(name)
    thread = threading.Thread(target=getattr(client.installs, action), args=(name,), daemon=True)
    thread.start()
    thread.join(0.3)
    go.set()
    thread.join(5)
    assert not thread.is_alive(), "they wait for each other"
    if action == "cancel":
        assert name not in [one.program for one in client.installs.views()]
        assert name not in [one.id for one in client.downloads.views()]
    if action == "start" or name == SECOND:
        client.wait("confirm")


def order(world: World) -> Wanted:
    """The package that the catalog has now."""
    (offer,) = (one for one in world.offers if one.program.full_name == NAME)
    ((target, file),) = offer.files.items()
    folder, _, base = target.rpartition("/")
    url = f"{world.online.url}/targets/{folder}/{file.sha256}.{base}"
    return Wanted(id=NAME, url=url, length=file.length, sha256=file.sha256)


def fetched(world: World, wanted: Wanted) -> None:
    done = threading.Event()
    world.bus.on("downloads", lambda data: done.set() if isinstance(data, dict) and data["state"] == "done" else None)
    world.downloads.add(wanted)
    assert done.wait(10)


def test_a_download_of_an_earlier_run_becomes_its_job(world: World) -> None:
    fetched(world, order(world))
    world.bus.publish("content", None)
    assert world.view().step == "confirm"


def test_an_older_package_is_never_installed_as_the_new_one(world: World) -> None:
    fetched(world, order(world))
    world.publish("1.1.0", b"#!/bin/sh\n# new\n")
    world.bus.publish("content", None)
    assert (world.installs.views(), world.downloads.views()) == ([], [])
    folder = world.to_the_folder()
    world.installs.run(NAME, str(folder))
    world.wait("done")
    assert world.installed() == [("report", "1.1.0")]
    assert (folder / "bin/报告").read_bytes().endswith(b"# new\n")


def test_the_catalog_changes_between_the_download_and_the_folder(world: World) -> None:
    folder = world.to_the_folder()
    world.publish("1.1.0", b"#!/bin/sh\n# new\n")
    world.bus.publish("content", None)
    world.installs.run(NAME, str(folder))
    world.wait("done")
    assert world.installed() == [("report", "1.0.0")]
    assert (folder / "bin/报告").read_bytes() == b"#!/bin/sh\n"


def test_another_package_in_the_downloads_is_not_taken(world: World) -> None:
    """Whatever put it there: the job asks for its own."""
    folder = world.to_the_folder()
    world.publish("1.1.0", b"#!/bin/sh\n# new\n")
    fetched(world, order(world))
    world.installs.run(NAME, str(folder))
    failed = world.wait("failed")
    assert failed.error is not None
    assert (failed.error.code, failed.folder, world.installed()) == ("E-PKG-01", None, [])
    world.installs.resume(NAME)
    world.wait("confirm")


def test_a_package_that_is_gone_is_fetched_anew(world: World) -> None:
    folder = world.to_the_folder()
    (package,) = [name for name in world.fetched() if len(name) == 64]
    (world.home / "数据 data/apps/downloads" / package).unlink()
    world.installs.run(NAME, str(folder))
    world.wait("failed")
    world.installs.resume(NAME)
    world.wait("confirm")
    world.installs.answer(NAME, yes=True)
    world.installs.run(NAME, str(folder))
    world.wait("done")


def test_the_signature_is_looked_at_once_more(world: World) -> None:
    folder = str(world.to_the_folder())
    world.clock.ahead = timedelta(days=400)
    assert refused(lambda: world.installs.run(NAME, folder)) == "E-INS-32"
    offers = world.offers
    world.offers = tuple(one for one in offers if one.program.full_name != NAME)
    assert refused(lambda: world.installs.run(NAME, folder)) == "E-INS-30"
    assert world.view().step == "folder"
    world.offers = tuple(replace(one, expires=one.expires + timedelta(days=365)) for one in offers)
    world.installs.run(NAME, folder)
    world.wait("done")


def test_a_cancel_counts_for_one_try(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(world.to_the_folder())

    def install(*_: Any) -> None:
        world.installs.cancel(NAME)
        raise XiekaError("E-INS-12", path="/")

    with monkeypatch.context() as patch:
        patch.setattr(world.installer, "install", install)
        world.installs.run(NAME, folder)
        world.wait("failed")
    world.installs.run(NAME, folder)
    world.wait("done")


def test_a_full_list_is_told_before_anything_is_fetched(world: World) -> None:
    for number in range(LIMIT - len(world.entries())):
        world.library.add_builtin(f"page-{number}")
    world.online.paths()
    assert refused(lambda: world.installs.start(NAME)) == "E-SAV-03"
    assert (world.installs.views(), world.online.paths()) == ([], [])
    world.library.remove("builtin:page-0")
    folder = str(world.to_the_folder())
    world.library.add_builtin("page-0")
    assert refused(lambda: world.installs.run(NAME, folder)) == "E-SAV-03"
    assert (world.installed(), Path(folder).exists()) == ([], False)
    assert all(isinstance(entry, BuiltinEntry) for entry in world.library.entries())


def test_a_program_that_is_in_its_place_has_its_tile_although_the_end_failed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tidy(*_: object) -> None:
        raise OSError(5, "broken")

    folder = str(world.to_the_folder())
    monkeypatch.setattr(Switch, "_empty", tidy)
    world.installs.run(NAME, folder)
    failed = world.wait("failed")
    assert failed.error is not None
    assert failed.error.code == "E-INS-21"
    assert world.installed() == [("report", "1.0.0")]
    assert world.entries() == ["builtin:upgrade", f"program:{NAME}"]


def test_where_the_users_files_are_is_told(world: World) -> None:
    folder = world.to_the_folder()
    world.installs.run(NAME, str(folder))
    assert world.wait("done").kept == []
    (folder / "bin/报告").write_bytes(b"mine")
    world.publish("1.1.0", b"#!/bin/sh\n# new\n")
    world.to_the_folder()
    world.installs.run(NAME, str(folder))
    assert world.wait("done").kept == ["bin/报告.kept-1"]


def test_changes_are_told_in_their_order() -> None:
    """A change that comes while another thread tells is told by that thread, after what it is telling."""
    value, told = [0], []
    entered, go = threading.Event(), threading.Event()

    def tell() -> None:
        seen = value[0]
        if seen == 1:
            entered.set()
            go.wait(5)
        told.append(seen)

    telling = Telling(tell)
    value[0] = 1
    first = threading.Thread(target=telling)
    first.start()
    assert entered.wait(5)
    value[0] = 2
    telling()
    assert told == [], "the second did not wait"
    go.set()
    first.join(5)
    assert told == [1, 2]
    telling()
    assert told == [1, 2, 2]
