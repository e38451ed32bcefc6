"""Programs in the catalog: what a publisher signs about one, and how each of its packages is installed.

Target paths (TUF, under `targets/`): `apps/PUBLISHER/ID.json` is a Program, its packages are other targets of the same
folder. The folder is delegated to the role `pub-PUBLISHER` alone, and that role's signature counts nowhere else.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from xieka.contract.base import Line, Reply, Slug, plain_lines
from xieka.contract.content import Icon, Origin, Tone

PACKAGE_LIMIT: Final = 4 << 30
"""Bytes of a package at most."""
UNPACKED_LIMIT: Final = 16 << 30
"""Bytes of all its files at most."""
FILES_LIMIT: Final = 100_000
"""Files in a package at most."""

Platform = Literal["linux-x86_64", "linux-aarch64", "windows-x86_64", "any"]
Version = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){1,3}$")]
"""Two to four numbers, compared as numbers."""


def _inside(path: str) -> str:
    parts = path.split("/")
    if "\\" in path or ":" in path or any(part in ("", ".", "..") for part in parts):
        raise ValueError("not a path below the folder")
    return path


Inside = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(plain_lines), AfterValidator(_inside)
]
"""A path below the program's folder, with `/`."""
Argument = Annotated[str, StringConstraints(max_length=200), AfterValidator(plain_lines)]


class _Shape(NamedTuple):
    package: str
    argument: str
    entry: str


_WINDOWS: Final = r"(?:[A-Z]:|%ProgramFiles%|%ProgramFiles\(x86\)%)(?:\\[^\\/:*?\"<>|%]+)+\.exe"
# But for public properties that name files to be taken in: those would be nobody's signed bytes.
_PROPERTY: Final = r"(?!(?:TRANSFORMS|PATCH|SOURCELIST)=)[A-Z][A-Z0-9_.]*=[^\s\"]*"
_NATIVE: Final = {
    # Debian policy §5.6.1, and never an option of dpkg's.
    "deb": _Shape(r"[a-z0-9][a-z0-9+.-]*[a-z0-9]", r"(?!)", r"(?:/[^/%\\]+)+"),
    "msi": _Shape(r"\{[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\}", _PROPERTY, _WINDOWS),
    "exe": _Shape(r"[A-Za-z0-9{][A-Za-z0-9 .+{}_-]*", r"[^\"\x00-\x1f]+", _WINDOWS),
}
_SYSTEMS: Final = {"deb": ("linux-x86_64", "linux-aarch64"), "msi": ("windows-x86_64",), "exe": ("windows-x86_64",)}


class Archive(Reply):
    """A portable program: unpacked into a folder of its own, no system is changed."""

    kind: Literal["archive"] = "archive"
    format: Literal["zip", "tar.xz"]
    entry: Inside
    """What is started."""
    arguments: Annotated[tuple[Argument, ...], Field(max_length=20)] = ()
    unpacked: Annotated[int, Field(ge=1, le=UNPACKED_LIMIT)]
    """Bytes of all files; more is refused while unpacking."""


class Native(Reply):
    """An installer of the platform, run with its own question for permission. It is the one that uninstalls, too."""

    kind: Literal["native"] = "native"
    format: Literal["deb", "msi", "exe"]
    package: Annotated[str, StringConstraints(max_length=100)]
    """What the platform knows it by: the Debian package's name, the MSI product code, the uninstall key."""
    arguments: Annotated[tuple[Argument, ...], Field(max_length=20)] = ()
    """MSI: properties (NAME=value) alone, and none that brings in another file; a Debian package takes none."""
    entry: Annotated[str, StringConstraints(max_length=300), AfterValidator(plain_lines)] = ""
    """What is started, absolute (Windows: it may begin with %ProgramFiles%); empty: nothing is."""

    @model_validator(mode="after")
    def _of_its_format(self) -> Native:
        shape = _NATIVE[self.format]
        if not re.fullmatch(shape.package, self.package):
            raise ValueError("not a name of this format")
        if not all(re.fullmatch(shape.argument, one) for one in self.arguments):
            raise ValueError("an argument that this format does not take")
        if self.entry and (not re.fullmatch(shape.entry, self.entry) or ".." in re.split(r"[/\\]", self.entry)):
            raise ValueError("not the absolute path of a program")
        return self


class Builtin(Reply):
    """A part of 协卡助手 itself (D-29): installing shows it, uninstalling hides it."""

    kind: Literal["builtin"] = "builtin"
    page: Slug


class Package(Reply):
    """One way to have the program on one platform. Length and hash of the file are the target's (TUF)."""

    platform: Platform
    target: (
        Annotated[str, StringConstraints(pattern=r"^apps/[a-z0-9][a-z0-9-]{0,62}/[a-z0-9][a-z0-9._-]{0,120}$")] | None
    )
    """None for a builtin: there is nothing to fetch."""
    install: Annotated[Archive | Native | Builtin, Field(discriminator="kind")]

    @model_validator(mode="after")
    def _to_be_had(self) -> Package:
        if (self.target is None) != (self.install.kind == "builtin"):
            raise ValueError("a package is a file, a builtin is none")
        if isinstance(self.install, Native) and self.platform not in _SYSTEMS[self.install.format]:
            raise ValueError("not a format of this platform")
        return self


class Program(Reply):
    """What 应用信息 shows of a program, and its packages."""

    id: Slug
    publisher: Slug
    publisher_name: Line
    name: Line
    short: Annotated[str, StringConstraints(max_length=12), AfterValidator(plain_lines)] = ""
    """Shorter name for a narrow tile; empty: the name itself."""
    version: Version
    summary: Line
    description: Annotated[str, StringConstraints(max_length=2_000), AfterValidator(plain_lines)]
    warnings: Annotated[tuple[Line, ...], Field(max_length=10)] = ()
    """Who must not install or use it."""
    icon: Icon
    tone: Tone
    packages: Annotated[tuple[Package, ...], Field(min_length=1, max_length=8)]
    origin: Origin

    @property
    def full_name(self) -> str:
        """See `full_name`."""
        return full_name(self.publisher, self.id)


def full_name(publisher: str, id_: str) -> str:
    """PUBLISHER/ID: what a program is known by. Its bare id may be another publisher's too."""
    return f"{publisher}/{id_}"


def id_of(name: str) -> str:
    """The ID of PUBLISHER/ID."""
    return name.partition("/")[2]


def role_of(name: str) -> str:
    """The TUF role of a publisher, also of the one of a program PUBLISHER/ID."""
    return f"pub-{name.partition('/')[0]}"


def target_of(name: str) -> str:
    """The target path of a program's description; `name`: PUBLISHER/ID."""
    return f"apps/{name}.json"
