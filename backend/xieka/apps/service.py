"""我的应用: what people keep, open, install and remove."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xieka.apps import launch, shortcut, tiles
from xieka.apps.download.fetch import Way
from xieka.apps.download.service import Downloads
from xieka.apps.entries import BuiltinEntry, LinkEntry, ProgramEntry
from xieka.apps.installs import Installs, Offers
from xieka.apps.library import Library
from xieka.apps.native.installer import NativeInstaller
from xieka.apps.native.models import System
from xieka.apps.portable.installer import Installer
from xieka.apps.programs import Here, Programs
from xieka.apps.views import AppEntry, AppsView, ProgramView, entry_view, program_view
from xieka.contract.apps import id_of
from xieka.core import messages
from xieka.core.clock import Clock
from xieka.core.error_view import ErrorView
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.log import report

if TYPE_CHECKING:
    from xieka.core.http import Http

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened: a link's domain, a builtin's page."""

    kind: Literal["link", "program", "builtin"]
    domain: str | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """What a removal did not take along."""

    left: str = ""
    """The folder in which files of the user are still."""
    stays: bool = False
    """The program itself: it was on this computer before us, and only its tile is gone."""


class Apps:
    """Thread-safe. Publishes the topics `apps`, `downloads` and `installs`."""

    def __init__(
        self,
        folder: Path,
        own: tuple[Path, ...],
        library: Library,
        offers: Offers,
        open_link: Callable[[str], str],
        http: Http,
        base_url: str | None,
        online: Callable[[], bool],
        bus: EventBus,
        clock: Clock,
        environment: Mapping[str, str],
        *,
        icon: Path,
        system: System,
    ) -> None:
        """`folder`: DATA/apps. `own`: folders of the program itself, where nothing may be installed. `open_link`: opens
        a link of 我的应用 by its id and gives the domain. `base_url`: where the signed targets are served.
        `environment`: what the program was started with. `icon`: for an icon on the desktop. `system`: the platform's
        installer. A new program is proposed a folder of its own in the user's home, below one of ours.
        """
        self._library = library
        self._offers = offers
        self._open_link = open_link
        self._environment = environment
        self._icon = icon
        self._bus = bus
        self._programs = Programs(Installer(folder, own, clock), NativeInstaller(folder / "native", system))
        self._downloads = Downloads(folder / "downloads", Way(http, online), bus, clock)
        self.installs = Installs(
            offers,
            self._downloads,
            self._programs,
            library,
            bus,
            clock,
            base_url=base_url,
            root=Path.home() / messages.text("apps_folder"),
        )
        self._recovered: tuple[XiekaError, ...] = ()

    def start(self, *, wait: bool = False) -> None:
        """Put right what the last run left half done, and go on with its downloads; in the background unless `wait`."""
        if wait:
            self._start()
        else:
            threading.Thread(target=self._start, name="apps", daemon=True).start()

    def close(self) -> None:
        """Stop the downloads; they go on at the next start."""
        self._downloads.close()

    def look(self) -> None:
        """Have everyone look again: files may have come or gone without us."""
        found = self._programs.native.recover()
        self._recovered = self._recovered or found
        self._give_tiles()
        self._bus.publish("apps", {"count": len(self._library.entries())})

    def view(self) -> AppsView:
        """What the page 我的应用 shows."""
        installed = self._installed()
        problem = self._library.problem or next(iter(self._recovered), None)
        return AppsView(
            entries=[self._entry(entry, installed) for entry in self._library.entries()],
            problem=ErrorView(**problem.body()) if problem else None,
            installs=self.installs.views(),
        )

    def programs(self) -> list[ProgramView]:
        """What 证书业务 offers, as it is on this computer."""
        installed, shown = self._installed(), frozenset(entry.id for entry in self._library.entries())
        package = self._programs.package_for
        return [
            program_view(offer, package(offer.program), installed.get(offer.program.full_name), shown)
            for offer in self._offers()
        ]

    def open(self, id_: str) -> Opened:
        """Start, or open in the browser, or say which page of our own. Raises XiekaError E-SAV-04, E-RUN-…, E-LNK-…."""
        entry = self._library.get(id_)
        if isinstance(entry, LinkEntry):
            return Opened("link", domain=self._open_link(entry.link.id))
        if isinstance(entry, BuiltinEntry):
            return Opened("builtin", page=entry.page)
        program = self._program(entry)
        command = self._programs.command(program)
        launch.start(command.folder, command.entry, command.arguments, self._environment)
        return Opened("program")

    def uninstall(self, id_: str, *, keep_data: bool) -> Gone:
        """Remove a program and its tile. Raises XiekaError E-SAV-04, E-INS-…; the tile stays then."""
        entry = self._library.get(id_)
        if not isinstance(entry, ProgramEntry):
            raise XiekaError("E-SAV-04")
        gone = Gone()
        # What has this id now may be another publisher's: of ours, the tile alone is left then.
        if not any(one.id == id_of(entry.name) and one.full_name != entry.name for one in self._programs.installed()):
            try:
                done = self._programs.uninstall(id_of(entry.name), keep_user_data=keep_data)
                gone = Gone(done.left, done.result == "unchanged")
            except XiekaError as error:
                # Somebody else has removed it already: what is left is the tile.
                if error.code != "E-INS-16":
                    raise
        self._library.remove(id_)
        return gone

    def remove(self, id_: str) -> str:
        """Take a link's or a builtin's tile away; gives the word for 撤销. Raises XiekaError E-SAV-01, E-SAV-04."""
        if isinstance(self._library.get(id_), ProgramEntry):
            raise XiekaError("E-SAV-04")
        return self._library.remove(id_)

    def add_shortcut(self, id_: str) -> None:
        """添加到桌面. Raises XiekaError E-RUN-03, E-RUN-05 (a page of our own: there is nothing to start), E-SAV-04."""
        entry = self._library.get(id_)
        if isinstance(entry, BuiltinEntry):
            raise XiekaError("E-RUN-05")
        shortcut.add_to_desktop(id_, self._entry(entry, self._installed()).title, self._icon)

    def _start(self) -> None:
        try:
            found = self._programs.recover()
            self._recovered = tuple(found.problems)
            with contextlib.suppress(XiekaError):
                tiles.take(self._library, self._programs, found.done)
            self._downloads.start()
            self.look()
        except Exception as error:  # noqa: BLE001 - a thread's border
            report(error, "starting the apps room")

    def _give_tiles(self) -> None:
        try:
            tiles.give(self._library, self._programs)
        except XiekaError as error:
            # Told where somebody changes the list; the next look tries again.
            log.warning("an installed program has no tile yet: %s", error.code)

    def _installed(self) -> dict[str, Here]:
        return {one.full_name: one for one in self._programs.installed()}

    def _program(self, entry: ProgramEntry) -> Here:
        program = self._installed().get(entry.name)
        if program is None:
            try:
                self._programs.check(id_of(entry.name))
            except XiekaError as error:
                # Its ledger, say, cannot be read at the moment.
                if error.code != "E-INS-16":
                    raise
            raise XiekaError("E-RUN-01", path=entry.title)
        return program

    def _entry(self, entry: LinkEntry | ProgramEntry | BuiltinEntry, installed: Mapping[str, Here]) -> AppEntry:
        if isinstance(entry, ProgramEntry):
            program = installed.get(entry.name)
            state = self._programs.check(program.id) if program else "missing"
            return entry_view(entry, program, state, entry.name)
        return entry_view(entry, None, "ok", self._builtin(entry.page) if isinstance(entry, BuiltinEntry) else None)

    def _builtin(self, page: str) -> str | None:
        """PUBLISHER/ID of the catalog's program that is this builtin."""
        for offer in self._offers():
            program = offer.program
            if any(one.install.kind == "builtin" and one.install.page == page for one in program.packages):
                return program.full_name
        return None
