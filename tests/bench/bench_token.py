"""The token room: worker start, overhead per call (≤ 100 µs), 10 certificates against raw C (≤ 5×), idle cost."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.bench.stage import Targets
from tests.tokens.fill import MODULE
from tests.tokens.softhsm import Object, SoftHsm, certificate
from xieka.core.clock import SystemClock
from xieka.core.events import EventBus
from xieka.token.host import DriverHost
from xieka.token.process import WorkerProcess
from xieka.token.service import TokenService

REPEATS = 300
IDLE = 20


def microseconds(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median duration."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e6


def overhead(hsm: SoftHsm) -> float:
    """One request and its answer without any work between: a worker that has loaded nothing declines at once."""
    worker = WorkerProcess(hsm.driver(), None, lambda _: None)
    try:
        return microseconds(lambda: worker.ask("snapshot", {}, 5.0), 2000)
    finally:
        worker.close(1.0)


def raw_c(hsm: SoftHsm, folder: Path) -> float:
    """The same certificates in C, in the same minute."""
    program = folder / "read_certificates"
    source = Path(__file__).with_name("read_certificates.c")
    subprocess.run(["cc", "-O2", "-I/usr/include/p11-kit-1", source, "-o", program, "-ldl"], check=True)
    command = [program, MODULE, str(REPEATS)]
    printed = subprocess.run(command, env={**os.environ, **hsm.env}, check=True, capture_output=True, text=True).stdout
    nanoseconds, found = map(int, printed.split())
    assert found == 10
    return nanoseconds / 1e3


def through_worker(hsm: SoftHsm) -> float:
    """One round trip that lists and reads the token."""
    host = DriverHost(hsm.driver(relist="list"), SystemClock(), None, lambda _: None)
    try:
        answer = host.call("snapshot", {"known": []}, timeout=10)
        assert [len(token["contents"]["certificates"]) for token in answer.result["tokens"]] == [10]
        return microseconds(lambda: host.call("snapshot", {"known": []}, timeout=10))
    finally:
        host.close()


def first_reading(hsm: SoftHsm) -> float:
    """From nothing to the first complete list."""

    def once() -> None:
        service = TokenService([hsm.driver()], EventBus(), SystemClock())
        service.start()
        assert service.wait_first(10)
        service.close()

    return microseconds(once, 15)


def idle(hsm: SoftHsm) -> float:
    """Share of one core that the listing thread and the worker take with a token present."""
    service = TokenService([hsm.driver()], EventBus(), SystemClock())
    service.start()
    assert service.wait_first(10)
    client = psutil.Process()

    def used() -> float:
        return sum(sum(process.cpu_times()[:2]) for process in (client, *client.children()))

    time.sleep(1)
    before = used()
    time.sleep(IDLE)
    share = (used() - before) / IDLE
    service.close()
    return share


def main() -> int:
    """Print one line per figure."""
    targets = Targets()
    with tempfile.TemporaryDirectory(prefix="xieka-bench-") as name:
        folder = Path(name)
        hsm = SoftHsm(folder / "hsm")
        hsm.make("ten", "ten", [Object(f"certificate {i}", certificate(f"示例 {i}"), id=bytes([i])) for i in range(10)])
        print(f"worker: first reading {first_reading(hsm) / 1e3:.0f} ms after start")
        targets.hold("worker: overhead per call", overhead(hsm), 100, "µs")
        peer, ours = raw_c(hsm, folder), through_worker(hsm)
        print(f"10 certificates: worker {ours:.0f} µs, C {peer:.0f} µs")
        targets.hold("10 certificates, worker to C", ours / peer, 5, "×")
        # The limit is the whole client's; this is its token room alone.
        targets.hold(f"idle with a token over {IDLE} s", 100 * idle(hsm), 0.3, "% of one core")
    return targets.missed


if __name__ == "__main__":
    sys.exit(main())
