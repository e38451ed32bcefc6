"""Packages of gigabytes, and how long and with how much memory they are unpacked: in a process of its own.

`python -m tests.apps.archive.large PACKAGE FORMAT INTO` prints seconds and MB of growth.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

from tests.apps.archive.raw import ENTRY, GOOD
from xieka.apps.archive.unpack import unpack
from xieka.contract.apps import Archive

_PIECE = 32 << 20
_WORDS = b" ".join(str(number * 7919 % 10_007).encode() for number in range(200_000))


def content(number: int) -> bytes:
    """32 MiB, a quarter random, a half zeros, a quarter text: about what a program with its data is like."""
    quarter = _PIECE // 4
    text = (_WORDS * (quarter // len(_WORDS) + 1))[number : number + quarter]
    return os.urandom(quarter) + bytes(2 * quarter) + text


def make(folder: Path, form: str, size: int) -> Path:
    """A package of that many bytes of content."""
    package = folder / f"大 包.{form}"
    if form == "zip":
        with zipfile.ZipFile(package, "w", 8, compresslevel=1) as zipped:
            zipped.writestr(ENTRY, GOOD)
            for number in range(size // _PIECE):
                zipped.writestr(f"数据/{number}.bin", content(number))
    else:
        with tarfile.open(package, "w:xz", preset=0) as tar:
            for name, data in [(ENTRY, GOOD), *((f"数据/{n}.bin", None) for n in range(size // _PIECE))]:
                whole = data or content(len(name))
                info = tarfile.TarInfo(name)
                info.size = len(whole)
                tar.addfile(info, io.BytesIO(whole))
    return package


def measured(package: Path, form: str, into: Path) -> tuple[float, float]:
    """Seconds until everything is on the disk, and MB by which the process grew."""
    command = [sys.executable, "-m", __name__, str(package), form, str(into)]
    seconds, growth = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return seconds, growth


def kilobytes(name: str) -> int:
    """A figure of this process from the kernel. Not getrusage: its peak includes that of the parent before exec."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1])


if __name__ == "__main__":
    recipe = Archive.model_validate({"format": sys.argv[2], "entry": ENTRY, "unpacked": 8 << 30})
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew: importing had one of its own
    before = kilobytes("VmRSS")
    begun = time.perf_counter()
    unpack(Path(sys.argv[1]), recipe, Path(sys.argv[3]))
    seconds = time.perf_counter() - begun
    sys.stdout.write(json.dumps([seconds, (kilobytes("VmHWM") - before) / 1024]))
