"""What a Debian package says of itself, so that the description does not say something else of it."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Final, NamedTuple

_ARCHITECTURES: Final = {"linux-x86_64": ("all", "amd64"), "linux-aarch64": ("all", "arm64")}


class Contents(NamedTuple):
    """The package's name, what it is for, and its files as they will lie in the system."""

    name: str
    architecture: str
    files: frozenset[str]


def can_look() -> bool:
    """Whether this computer has dpkg's reader; without it the clients are the first to look."""
    return shutil.which("dpkg-deb") is not None


def look(path: Path) -> Contents | None:
    """None: it is no package. Raises OSError."""
    told = subprocess.run(
        ["dpkg-deb", "--show", "--showformat", "${Package} ${Architecture}", path], capture_output=True, check=False
    )
    if told.returncode:
        return None
    name, _, architecture = told.stdout.decode(errors="replace").partition(" ")
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", path], stdout=subprocess.PIPE) as process:
        try:
            with tarfile.open(fileobj=process.stdout, mode="r|") as content:
                files = frozenset(
                    "/" + one.name.removeprefix("./") for one in content if one.isfile() or one.issym() or one.islnk()
                )
        except tarfile.TarError:
            return None
    return Contents(name, architecture, files) if process.returncode == 0 else None


def is_for(architecture: str, platform: object) -> bool:
    """Whether a package of this architecture runs on a platform of the contract."""
    return architecture in _ARCHITECTURES.get(str(platform), ())
