"""What the pages show of 我的应用 and of the catalog's programs."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from xieka.apps.entries import Entry, LinkEntry, ProgramEntry
from xieka.apps.install_models import InstallView
from xieka.apps.installed import State
from xieka.apps.native.models import NativeProgram
from xieka.apps.programs import Here
from xieka.content.models import ContentView, Offer
from xieka.contract.apps import Package
from xieka.contract.content import Icon, Tone
from xieka.contract.links import domain
from xieka.core import messages
from xieka.core.error_view import ErrorView


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class AppEntry(_View):
    """A tile of 我的应用; `domain` of a link, `version` of a program."""

    id: str
    kind: Literal["link", "program", "builtin"]
    title: str
    icon: Icon
    tone: Tone
    domain: str | None
    version: str | None
    pinned: bool
    state: State
    """`missing`, `changed`: a program that has to be put right."""
    program: str | None
    """PUBLISHER/ID in the catalog, when it is there or was installed from there."""
    native: bool = False
    """The platform's installer put it there, and takes it away."""


class AppsView(_View):
    """我的应用; `problem` says when the list had to be begun anew."""

    entries: list[AppEntry]
    problem: ErrorView | None
    installs: list[InstallView]


class ProgramView(_View):
    """A program of 证书业务."""

    name: str
    """PUBLISHER/ID."""
    title: str
    short: str
    """For a narrow tile."""
    version: str
    publisher: str
    summary: str
    description: str
    warnings: list[str]
    icon: Icon
    tone: Tone
    kind: Literal["archive", "native", "builtin"]
    size: int | None
    """Bytes to fetch; None: nothing."""
    state: Literal["available", "installed", "update", "unsupported"]
    installed_version: str | None
    example: bool
    entry: str | None
    """Its tile in 我的应用, when it is there."""


class ContentAndPrograms(ContentView):
    """Everything the pages show of the service's content."""

    programs: list[ProgramView]


def entry_view(entry: Entry, installed: Here | None, state: State, program: str | None) -> AppEntry:
    """One tile; `installed` and `state` of a program."""
    if isinstance(entry, LinkEntry):
        link = entry.link
        return AppEntry(
            id=entry.id, kind="link", title=link.name, icon=link.icon, tone=link.tone, domain=domain(link.url),
            version=None, pinned=entry.pinned, state="ok", program=None,
        )  # fmt: skip
    if isinstance(entry, ProgramEntry):
        return AppEntry(
            id=entry.id, kind="program", title=entry.title, icon=entry.icon, tone=entry.tone, domain=None,
            version=installed.version if installed else None, pinned=entry.pinned, state=state, program=entry.name,
            native=isinstance(installed, NativeProgram),
        )  # fmt: skip
    return AppEntry(
        id=entry.id, kind="builtin", title=messages.text(f"builtin_{entry.page}"), icon="arrow_circle_up", tone="navy",
        domain=None, version=None, pinned=entry.pinned, state="ok", program=program,
    )  # fmt: skip


def program_view(offer: Offer, package: Package | None, installed: Here | None, tiles: frozenset[str]) -> ProgramView:
    """One program as it is offered and as it is on this computer; `package`: for it; `tiles`: ids in 我的应用."""
    program = offer.program
    name = program.full_name
    shown = package or program.packages[0]
    builtin = shown.install.kind == "builtin"
    tile = f"builtin:{shown.install.page}" if shown.install.kind == "builtin" else f"program:{name}"
    mine = installed if installed is not None and installed.full_name == name else None
    here = tile in tiles if builtin else mine is not None
    state: Literal["available", "installed", "update", "unsupported"] = "installed" if here else "available"
    if mine is not None and newer(program.version, mine.version):
        state = "update"
    if package is None:
        state = "unsupported"
    return ProgramView(
        name=name,
        title=program.name,
        short=program.short or program.name,
        version=program.version,
        publisher=program.publisher_name,
        summary=program.summary,
        description=program.description,
        warnings=list(program.warnings),
        icon=program.icon,
        tone=program.tone,
        kind=shown.install.kind,
        size=offer.files[shown.target].length if shown.target else None,
        state=state,
        installed_version=mine.version if mine else None,
        example=program.origin.example,
        entry=tile if tile in tiles else None,
    )


def newer(version: str, than: str) -> bool:
    """Whether a version counts as later, number by number; missing numbers are 0."""
    first, second = ([int(part) for part in one.split(".")] for one in (version, than))
    length = max(len(first), len(second))
    return [*first, *[0] * (length - len(first))] > [*second, *[0] * (length - len(second))]
