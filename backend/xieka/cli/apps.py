"""`xieka apps …`: the same engine as the window's pages."""

from __future__ import annotations

import argparse
import os
import queue
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xieka.cli.output import Output
from xieka.cli.session import open_folders
from xieka.core import messages
from xieka.core.clock import SystemClock
from xieka.core.error_view import ToldError
from xieka.core.errors import XiekaError

if TYPE_CHECKING:
    from xieka.app import Pages
    from xieka.apps.install_models import InstallView
    from xieka.apps.views import AppEntry, ProgramView
    from xieka.core.events import EventBus

LOOK_SECONDS = 1.0


def show_list(options: argparse.Namespace, output: Output) -> None:
    """List 我的应用 and what the catalog offers, as it is known now."""
    with _pages() as (pages, _):
        entries, programs = pages.apps.view().entries, pages.apps.programs()
    value = {
        "entries": [entry.model_dump(mode="json") for entry in entries],
        "programs": [program.model_dump(mode="json") for program in programs],
    }
    output.data(value, lambda: "\n".join([*map(_entry, entries), *map(_program, programs)]))


def info(options: argparse.Namespace, output: Output) -> None:
    """Everything about one program of the catalog."""
    with _pages() as (pages, _):
        program = _offered(pages, options.program)
    lines = [_program(program), program.summary, "", program.description.strip(), *program.warnings]
    output.data(program.model_dump(mode="json"), lambda: "\n".join(lines))


def install(options: argparse.Namespace, output: Output) -> None:
    """Fetch, verify and install one program, or update it; asks once unless `--yes` says so already."""
    with _pages() as (pages, bus):
        pages.apps.start(wait=True)
        pages.content.refresh()
        program = _offered(pages, options.program)
        _install(pages, bus, program, options)
        kept = _view(pages, options.program).kept
        after = _offered(pages, options.program)
        entry = next((one for one in pages.apps.view().entries if one.id == after.entry), None)
    value = {
        "program": after.model_dump(mode="json"),
        "entry": entry.model_dump(mode="json") if entry else None,
        "kept": kept,
    }
    words = [messages.text("cli_apps_installed", name=after.title, version=after.version)]
    if kept:
        words.append(messages.text("cli_apps_kept", names="、".join(kept)))
    output.data(value, lambda: "\n".join(words))


def remove(options: argparse.Namespace, output: Output) -> None:
    """Uninstall a program, or take a link or a builtin out of 我的应用."""
    left, stays = "", False
    with _pages() as (pages, _):
        pages.apps.start(wait=True)
        if options.entry.startswith("program:"):
            gone = pages.apps.uninstall(options.entry, keep_data=not options.delete_data)
            left, stays = gone.left, gone.stays
        else:
            pages.apps.remove(options.entry)
    words = messages.text("cli_apps_left", path=left) if left else messages.text("cli_apps_removed")
    if stays:
        words = messages.text("cli_apps_stays")
    output.data({"removed": options.entry, "left": left or None, "stays": stays}, lambda: words)


def open_entry(options: argparse.Namespace, output: Output) -> None:
    """Start a program or open a link; a builtin opens in the window."""
    with _pages() as (pages, _):
        opened = pages.apps.open(options.entry)
    if opened.kind == "builtin":
        raise XiekaError("E-WIN-01")
    output.data({"opened": opened.kind, "domain": opened.domain}, lambda: messages.text("cli_apps_opened"))


@contextmanager
def _pages() -> Iterator[tuple[Pages, EventBus]]:
    """The services without any driver: no Ukey is looked for."""
    from xieka.app import App
    from xieka.core.events import EventBus
    from xieka.token.service import TokenService

    folders = open_folders()
    bus = EventBus()
    app = App(folders, bus, TokenService((), bus, SystemClock(), folders.log), os.environ)
    try:
        yield app.pages(), bus
    finally:
        app.close()


def _install(pages: Pages, bus: EventBus, program: ProgramView, options: argparse.Namespace) -> None:
    installs, name = pages.apps.installs, program.name
    changes: queue.SimpleQueue[None] = queue.SimpleQueue()
    bus.on("installs", lambda _: changes.put(None))
    installs.start(name)
    try:
        while (view := _view(pages, name)).step not in ("done", "failed"):
            if view.step == "confirm":
                installs.answer(name, yes=_agreed(program, options))
                if not any(one.program == name for one in installs.views()):
                    raise XiekaError("E-INS-18")
            elif view.step == "folder":
                installs.run(name, str(options.folder.absolute()) if options.folder else view.folder or "")
            else:
                _tell(view)
                _wait(changes)
    except BaseException:
        # What was fetched stays for the next time; nothing was installed.
        installs.pause(name)
        raise
    if view.step == "failed" and view.error is not None:
        raise ToldError(view.error)


def _agreed(program: ProgramView, options: argparse.Namespace) -> bool:
    if options.yes:
        return True
    if sys.stdin is None or not sys.stdin.isatty():
        raise XiekaError("E-CLI-08")
    words = messages.text("cli_apps_ask", name=program.title, version=program.version, publisher=program.publisher)
    print(words, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in messages.text("cli_yes").split()


def _view(pages: Pages, name: str) -> InstallView:
    return next(one for one in pages.apps.installs.views() if one.program == name)


def _wait(changes: queue.SimpleQueue[None]) -> None:
    try:
        changes.get(timeout=LOOK_SECONDS)
    except queue.Empty:
        return


def _tell(view: InstallView) -> None:
    if sys.stderr.isatty() and view.length:
        share = f"{messages.text(f'cli_step_{view.step}')} {view.bytes * 100 // view.length}%"
        print(f"\r{share}  ", end="", file=sys.stderr, flush=True)


def _offered(pages: Pages, name: str) -> ProgramView:
    found = next((one for one in pages.apps.programs() if one.name == name), None)
    if found is None:
        raise XiekaError("E-INS-30")
    return found


def _entry(entry: AppEntry) -> str:
    return f"{entry.id}  {entry.title}  {entry.domain or entry.version or ''}".rstrip()


def _program(program: ProgramView) -> str:
    return f"{program.name}  {program.title} {program.version}  {messages.text(f'cli_state_{program.state}')}"
