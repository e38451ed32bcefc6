"""The fault shim (tests/tokens/shim.c) under a practice environment: what it is told to do, and what it was asked."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import Practice


class Shim:
    """Plays the practice Ukeys of one environment, with every call written down. To be made before the product."""

    def __init__(self, practice: Practice, *numbers: int) -> None:
        for number in numbers:
            practice.demo.pin_state(number, "normal")
        manifest = next(practice.folders.data.rglob("driver.toml")).read_text(encoding="utf-8")
        found = re.search(r'SHIM_CTL\s*=\s*"([^"]+)"', manifest)
        assert found
        self._control = Path(found[1])
        self._calls = Path(found[1] + ".calls")
        self._calls.touch()

    def fault(self, text: str) -> None:
        """From the next call on: `FUNCTION:KIND[:ARGUMENT]`."""
        with self._control.open("a", encoding="ascii") as file:
            file.write(f"fault={text}\n")

    def heal(self) -> None:
        """No more faults."""
        lines = self._control.read_text("ascii").splitlines(keepends=True)
        self._control.write_text("".join(line for line in lines if not line.startswith("fault=")), "ascii")

    def calls(self, function: str) -> int:
        """How often it was called."""
        return sum(line.split()[-1] == function for line in self._calls.read_text("ascii").splitlines())
