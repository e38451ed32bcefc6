"""The fault shim (shim.c) around SoftHSM: build it, control it, read its log."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.tokens.fill import MODULE
from tests.tokens.softhsm import REPOSITORY, SoftHsm
from xieka.token.drivers import Driver


@cache
def build() -> Path:
    """The compiled shim."""
    subprocess.run([Path(__file__).with_name("build.sh")], check=True)
    return REPOSITORY / "dist" / "tokens" / "shim.so"


@dataclass(frozen=True)
class Call:
    """One line of the shim's log."""

    pid: int
    tid: int
    dumpable: bool
    """Whether others of the same user could read the process's memory (PR_GET_DUMPABLE)."""
    function: str


class Shim:
    """SoftHSM tokens that misbehave as `control` says (see the head of shim.c)."""

    def __init__(self, hsm: SoftHsm) -> None:
        self.hsm = hsm
        self._control = hsm.root / "control"
        self.control()
        self._log = self._control.with_name("control.calls")
        self._log.touch()

    def control(self, *lines: str) -> None:
        """Replace the control file."""
        fresh = self._control.with_name("control.new")
        fresh.write_text("\n".join((*lines, "")))
        fresh.rename(self._control)

    def set_tries(self, name: str, tries: int) -> None:
        """Remaining tries of a token."""
        self._tries(name).write_text(f"{tries}\n")

    def tries(self, name: str) -> int | None:
        """Remaining tries; None before the first PIN was counted."""
        path = self._tries(name)
        return int(path.read_text()) if path.exists() else None

    def calls(self, function: str | None = None) -> list[Call]:
        """The calls that reached the module, oldest first."""
        lines = [line.split() for line in self._log.read_text().splitlines()]
        calls = [Call(int(pid), int(tid), dumpable != "0", name) for pid, tid, dumpable, name in lines]
        return [call for call in calls if function in (None, call.function)]

    def forget_calls(self) -> None:
        """Empty the log."""
        self._log.write_text("")

    def driver(self, **changes: Any) -> Driver:
        """The wrapped SoftHSM as a driver that reports retry flags."""
        env = {**self.hsm.env, "SHIM_TARGET": MODULE, "SHIM_CTL": str(self._control)}
        return self.hsm.driver(**({"module": build(), "env": env, "pin_flags": True} | changes))

    def _tries(self, name: str) -> Path:
        return self._control.with_name(f"control.tries.{self.hsm.serials[name]}")
