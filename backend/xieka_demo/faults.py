"""States of the 口令 that SoftHSM never reaches, played by the fault shim (tests/tokens/shim.c describes its files)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from xieka.core.files import write_whole

PinState = Literal["normal", "low", "final", "locked", "off"]

MAX_TRIES = 6
_TRIES: dict[PinState, int | None] = {"normal": None, "low": MAX_TRIES - 1, "final": 1, "locked": 0}


def play(control: Path, serial: str, state: PinState) -> None:
    """Let the shim count this token's tries from the state's number on; `off`: let it pass everything on.

    The control file disappears with the last token it names. Raises OSError.
    """
    played = _played(control) - {serial}
    tries = _tries(control, serial)
    if state == "off":
        tries.unlink(missing_ok=True)
    else:
        played |= {serial}
        control.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        count = _TRIES[state]
        if count is None:
            tries.unlink(missing_ok=True)
        else:
            write_whole(f"{count}\n".encode("ascii"), tries)
    if played:
        lines = (f"max.{name}={MAX_TRIES}\n" for name in sorted(played))
        write_whole("".join(lines).encode("ascii"), control)
    else:
        control.unlink(missing_ok=True)


def state(control: Path, serial: str) -> PinState:
    """What is being played for this token now (tries may have been used up or given back since)."""
    if serial not in _played(control):
        return "off"
    try:
        left = int(_tries(control, serial).read_text("ascii"))
    except (OSError, ValueError):
        return "normal"
    if left <= 0:
        return "locked"
    if left == 1:
        return "final"
    return "low" if left < MAX_TRIES else "normal"


def _played(control: Path) -> set[str]:
    if not control.is_file():
        return set()
    keys = (line.partition("=")[0] for line in control.read_text("ascii").splitlines())
    return {key.removeprefix("max.") for key in keys if key.startswith("max.")}


def _tries(control: Path, serial: str) -> Path:
    return control.with_name(f"{control.name}.tries.{serial}")
