"""A package of 2 GiB over the loopback: verified download against `curl | sha256sum` (≥ 0.8 of its speed), memory.

Ours also writes the package to the disk and waits until it is there; the peer only reads it.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.apps.download.world import house
from tests.bench.stage import Targets
from xieka.apps.download.models import Wanted

SIZE = 2 << 30
WARM = 64 << 20
ROUNDS = 3


@contextmanager
def handed_out(file: Path, size: int) -> Iterator[tuple[str, str]]:
    """A package of this size: its address, its SHA-256."""
    block, hashed = os.urandom(1 << 20), hashlib.sha256()
    with file.open("wb") as written:
        for _ in range(size >> 20):
            written.write(block)
            hashed.update(block)
    command = [sys.executable, "-m", "tests.bench.hand_out", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/p.zip", hashed.hexdigest()
        finally:
            server.kill()
            file.unlink()


def ours(folder: Path, url: str, sha256: str, size: int) -> float:
    """Seconds from the order to the file that has its name."""
    with house(folder) as h:
        began = time.perf_counter()
        h.downloads.add(Wanted(id="tool", url=url, length=size, sha256=sha256))
        h.wait("done", seconds=600)
        took = time.perf_counter() - began
        h.downloads.cancel("tool")
    return took


def peer(url: str, sha256: str) -> float:
    """Seconds that curl and sha256sum take, side by side."""
    began = time.perf_counter()
    pipe = f"curl --silent --fail {shlex.quote(url)} | sha256sum"
    printed = subprocess.run(["sh", "-c", pipe], check=True, capture_output=True, text=True).stdout
    assert printed.split()[0] == sha256
    return time.perf_counter() - began


def peak() -> float:
    """The most memory this process ever had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main() -> int:
    """Print one line per figure."""
    targets = Targets()
    with tempfile.TemporaryDirectory(prefix="xieka-bench-") as name:
        folder = Path(name)
        with handed_out(folder / "small", WARM) as (url, sha256):
            ours(folder / "downloads", url, sha256, WARM)
        with handed_out(folder / "large", SIZE) as (url, sha256):
            before = peak()
            pairs = [(ours(folder / "downloads", url, sha256, SIZE), peer(url, sha256)) for _ in range(ROUNDS)]
            grown = peak() - before
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"2 GiB: {SIZE / mine / 1e6:.0f} MB/s, curl | sha256sum {SIZE / theirs / 1e6:.0f} MB/s")
    targets.hold("time of a download to that of curl | sha256sum", mine / theirs, 1.25, "×")
    targets.hold("memory that 2 GiB take beyond 64 MiB", grown, 30, "MB")
    return targets.missed


if __name__ == "__main__":
    sys.exit(main())
