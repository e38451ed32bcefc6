"""The methods of 我的应用 and of installing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, Field

from xieka.app import App
from xieka.bridge.models import Nothing, Params
from xieka.bridge.rpc import Method
from xieka.bridge.shell import Shell

if TYPE_CHECKING:
    # Only for the types: their modules are not for the start path.
    from xieka.apps.install_models import FolderCheck
    from xieka.apps.installs import Installs
    from xieka.apps.library import Library
    from xieka.apps.service import Apps

EntryId = Annotated[str, Field(pattern=r"^(link|program|builtin):[a-z0-9][a-z0-9/-]{0,127}$")]
ProgramName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}/[a-z0-9][a-z0-9-]{0,62}$")]
Folder = Annotated[str, Field(min_length=1, max_length=4096)]


class EntryOf(Params):
    """One tile."""

    id: EntryId


class Pinning(EntryOf):
    """Whether it stands before the others."""

    pinned: bool


class Moving(EntryOf):
    """Before which one it stands; None: last."""

    before: EntryId | None


class Undo(Params):
    """What `apps.remove` gave."""

    undo: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class Uninstalling(EntryOf):
    """Whether what the user put into the program's folder stays."""

    keep_data: bool


class ProgramOf(Params):
    """A program of the catalog."""

    program: ProgramName


class Answer(ProgramOf):
    """是 or 否."""

    yes: bool


class Target(ProgramOf):
    """Where to."""

    folder: Folder


class Opened(BaseModel):
    """What was opened."""

    kind: Literal["link", "program", "builtin"]
    domain: str | None
    page: str | None


class Removed(BaseModel):
    """The word for 撤销."""

    undo: str


class Uninstalled(BaseModel):
    """What did not go along: the folder with files of the user; the program, when it was here before us."""

    left: str | None
    stays: bool


class Chosen(BaseModel):
    """None: the user cancelled."""

    folder: str | None


def methods(app: App, shell: Shell) -> dict[str, Method]:
    """Every method of 我的应用, bound to the services of this run."""
    page = _AppsPage(app, shell)

    def apps() -> Apps:
        return app.pages().apps

    def installs() -> Installs:
        return app.pages().apps.installs

    def library() -> Library:
        return app.pages().library

    return {
        "apps.get": Method(Nothing, lambda _: apps().view()),
        "apps.open": Method(EntryOf, page.open),
        "apps.pin": Method(Pinning, lambda p: library().pin(p.id, p.pinned)),
        "apps.move": Method(Moving, lambda p: library().move(p.id, p.before)),
        "apps.remove": Method(EntryOf, lambda p: Removed(undo=apps().remove(p.id))),
        "apps.restore": Method(Undo, lambda p: library().restore(p.undo)),
        "apps.uninstall": Method(Uninstalling, page.uninstall),
        "apps.shortcut": Method(EntryOf, lambda p: apps().add_shortcut(p.id)),
        "install.start": Method(ProgramOf, lambda p: installs().start(p.program)),
        "install.pause": Method(ProgramOf, lambda p: installs().pause(p.program)),
        "install.resume": Method(ProgramOf, lambda p: installs().resume(p.program)),
        "install.cancel": Method(ProgramOf, lambda p: installs().cancel(p.program)),
        "install.dismiss": Method(ProgramOf, lambda p: installs().dismiss(p.program)),
        "install.answer": Method(Answer, lambda p: installs().answer(p.program, yes=p.yes)),
        "install.choose_folder": Method(ProgramOf, page.choose_folder),
        "install.check_folder": Method(Target, page.check_folder),
        "install.run": Method(Target, lambda p: installs().run(p.program, p.folder)),
    }


class _AppsPage:
    """The methods that need a line more than a call."""

    def __init__(self, app: App, shell: Shell) -> None:
        self._app = app
        self._shell = shell

    def open(self, which: EntryOf) -> Opened:
        opened = self._app.pages().apps.open(which.id)
        return Opened(kind=opened.kind, domain=opened.domain, page=opened.page)

    def choose_folder(self, which: ProgramOf) -> Chosen:
        folder = self._shell.ask_folder(self._app.pages().apps.installs.proposed(which.program))
        return Chosen(folder=None if folder is None else str(folder))

    def check_folder(self, which: Target) -> FolderCheck:
        return self._app.pages().apps.installs.check_folder(which.program, which.folder)

    def uninstall(self, which: Uninstalling) -> Uninstalled:
        gone = self._app.pages().apps.uninstall(which.id, keep_data=which.keep_data)
        return Uninstalled(left=gone.left or None, stays=gone.stays)
