"""Programs in the catalog: what a publisher signs about one, and how each of its packages is installed.

Target paths (TUF, under `targets/`): `apps/PUBLISHER/ID.json` is a Program, its packages are other targets of the same
folder. The folder is delegated to the role `pub-PUBLISHER` alone, and that role's signature counts nowhere else.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints

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
    package: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9{][A-Za-z0-9.+{}_-]{0,99}$")]
    """What the platform knows it by: the Debian package's name, the MSI product code, the uninstall key."""
    arguments: Annotated[tuple[Argument, ...], Field(max_length=20)] = ()
    entry: Annotated[str, StringConstraints(max_length=300), AfterValidator(plain_lines)] = ""
    """The program it puts on the computer, absolute; empty: nothing to start."""


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
