"""A Debian of its own for one test file: real dpkg and apt, in a mount namespace, on a database that begins empty.

As a program: the inside. Reads a JSON order a line and answers with one; see `Computer` for the outside.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.apps.native.obeying import obey
from tests.namespace import namespace

FRESH = """set -e
for place in /opt /var/lib/dpkg /var/lib/apt /var/cache/apt /var/log /var/tmp; do mount -t tmpfs tmpfs $place; done
mkdir -p /var/lib/dpkg/info /var/lib/dpkg/updates /var/lib/dpkg/triggers /var/lib/dpkg/alternatives
mkdir -p /var/lib/apt/lists/partial /var/cache/apt/archives/partial
touch /var/lib/dpkg/status /var/lib/dpkg/available
exec "$@"
"""
MODULE = "tests.apps.native.computer"
_PROCESSES = ("--pid", "--fork", "--mount-proc")
"""Processes of its own, too: a program of the same path in another run is not this one's. The shell stays, to bury
those whose parent was killed."""
CONTROL = """Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: 练习发布方 <practice@example.invalid>
Description: practice
{more}
"""


def package(
    folder: Path, name: str = "xieka-lianxi", version: str = "1.0", *, architecture: str = "all",
    more: str = "", scripts: Mapping[str, str] | None = None,
) -> Path:  # fmt: skip
    """A package with the program /opt/NAME/程序 and a file of settings, built by dpkg-deb."""
    tree = folder / f"{name}-{version}-{architecture}-{len(list(folder.iterdir()))}"
    for path, text in {
        "DEBIAN/control": CONTROL.format(name=name, version=version, architecture=architecture, more=more),
        "DEBIAN/conffiles": f"/opt/{name}/设置.ini\n",
        f"opt/{name}/程序": f"#!/bin/sh\necho {version}\n",
        f"opt/{name}/设置.ini": "[as shipped]\n",
        **{f"DEBIAN/{script}": f"#!/bin/sh\nset -e\n{body}\n" for script, body in (scripts or {}).items()},
    }.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
        (tree / path).chmod(0o644 if path.endswith((".ini", "control", "conffiles")) else 0o755)
    built = tree.with_suffix(".deb")
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", tree, built], check=True, capture_output=True)
    return built


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Computer:
    """The outside. `call` gives {"value": …} or {"error": code}."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [
                *namespace("mount"),
                *_PROCESSES,
                "sh",
                "-c",
                FRESH.replace("exec ", ""),
                "sh",
                sys.executable,
                "-m",
                MODULE,
                str(folder),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, order: str, **arguments: object) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"order": order, **arguments}, default=str) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "trace" not in answer, answer["trace"]
        return answer

    def shell(self, script: str) -> str:
        return str(self.call("shell", script=script)["value"])

    def install(self, archive: Path, name: str = "xieka-lianxi", **more: object) -> dict[str, Any]:
        told = {
            "sha256": sha256(archive) if archive.exists() else "",
            "version": "1.0",
            "entry": f"/opt/{name}/程序",
            **more,
        }
        return self.call("install", archive=archive, name=name, **told)

    def end(self) -> None:
        self._process.communicate(timeout=30)


class Inside:
    def __init__(self, folder: Path) -> None:
        from xieka.apps.native.deb import Debian
        from xieka.apps.native.installer import NativeInstaller

        self.installer = NativeInstaller(folder / "books", Debian())
        self.folder = folder
        self.child: subprocess.Popen[bytes] | None = None

    def shell(self, script: str) -> str:
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr).strip()

    def install(self, archive: str, name: str, sha256: str, version: str, entry: str) -> list[int]:
        from tests.apps.native.programs import native, program

        told: list[int] = []
        package = native(name, entry)
        self.installer.install(program(version, package), package, Path(archive), sha256, told.append)
        return told

    def begin(self, **order: object) -> None:
        """The same in a process of its own, to be killed."""
        line = json.dumps({"order": "install", **order}).encode() + b"\n"
        self.child = subprocess.Popen(
            [sys.executable, "-m", MODULE, str(self.folder)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        assert self.child.stdin
        self.child.stdin.write(line)
        self.child.stdin.flush()

    def kill(self) -> None:
        assert self.child
        self.child.kill()
        self.child.communicate()

    def uninstall(self, id_: str, purge: bool) -> bool:
        return self.installer.uninstall(id_, purge=purge)

    def check(self, id_: str) -> str:
        return self.installer.check(id_)

    def recover(self) -> list[str]:
        return [error.code for error in self.installer.recover()]

    def installed(self) -> list[dict[str, Any]]:
        return [one.model_dump(mode="json") for one in self.installer.installed()]


if __name__ == "__main__":
    obey(Inside(Path(sys.argv[1])))
