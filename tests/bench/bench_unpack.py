"""Unpacking a portable package of 1 GB: time against unzip and tar with what they wrote forced to the disk, memory."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.apps.archive.large import make, measured
from tests.bench.stage import Targets

SIZE = 1 << 30
ROUNDS = 3
COMMANDS = {"zip": ["unzip", "-q"], "tar.xz": ["tar", "-xJf"]}


def timed(command: list[str], folder: Path) -> float:
    """Seconds of a command in a fresh folder, with a sync of the disk after it as ours does."""
    begun = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True)
    os.sync()
    return time.perf_counter() - begun


def main() -> int:
    """Exit code of the measurement."""
    targets = Targets()
    with tempfile.TemporaryDirectory(prefix="xieka-bench-") as name:
        for form, command in COMMANDS.items():
            if shutil.which(command[0]) is None:
                print(f"{form}: no {command[0]} on this machine, not measured")
                continue
            package = make(Path(name), form, SIZE)
            ratios, growths = [], []
            for number in range(ROUNDS):
                folders = [Path(name) / f"{form} {number} {side}" for side in ("theirs", "ours")]
                for folder in folders:
                    folder.mkdir()
                os.sync()
                theirs = timed([*command, str(package)], folders[0])
                seconds, growth = measured(package, form, folders[1])
                print(f"{form}: {command[0]} {theirs:.2f} s, ours {seconds:.2f} s")
                ratios.append(seconds / theirs)
                growths.append(growth)
                for folder in folders:
                    shutil.rmtree(folder)
            targets.hold(f"{form}, time against {command[0]}", statistics.median(ratios), 1.25, "times")
            targets.hold(f"{form}, memory growth", max(growths), 30, "MB")
    return targets.missed


if __name__ == "__main__":
    sys.exit(main())
