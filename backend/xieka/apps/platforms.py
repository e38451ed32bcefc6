"""Which of a program's packages is for this computer."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable

from xieka.contract.apps import Native, Package, Platform, Program


def package_for(program: Program, supports: Callable[[Native], bool]) -> Package | None:
    """The package for this computer: the platform's own before one for any. None: there is none that we can install.

    `supports`: whether the platform's installer is there, and may be asked.
    """
    possible = [one for one in program.packages if not isinstance(one.install, Native) or supports(one.install)]
    for wanted in (this_platform(), "any"):
        for package in possible:
            if package.platform == wanted:
                return package
    return None


def this_platform() -> Platform | None:
    """By the contract's names; None for one it has no name for."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    names: dict[tuple[str, str], Platform] = {
        ("linux", "x86_64"): "linux-x86_64",
        ("linux", "aarch64"): "linux-aarch64",
        ("win32", "x86_64"): "windows-x86_64",
    }
    return names.get((sys.platform, machine))
