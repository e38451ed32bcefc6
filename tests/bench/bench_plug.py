"""Plug → window visible with the new Ukey's certificate, from the tray. Target: 95 % within 600 ms."""

from __future__ import annotations

import statistics
import sys
import time

from tests.bench import stage
from tests.bench.screen import Screen

RUNS = 20


def main() -> int:
    """Plug and unplug the first practice Ukey; time from the rename to the green bar on the screen."""
    targets = stage.Targets()
    times = []
    with stage.desktop() as desktop, stage.practice() as (home, demo):
        demo.unplug(1)
        demo.unplug(2)
        screen = Screen(desktop["DISPLAY"])
        with stage.running(stage.xieka("--hidden"), {**desktop, "XIEKA_HOME": str(home)}):
            time.sleep(6)
            for _ in range(RUNS):
                started = time.monotonic()
                demo.plug(1)
                times.append(screen.wait(stage.OK_GREEN, stage.BAR_PIXELS, 15) - started)
                time.sleep(0.7)
                demo.unplug(1)
                time.sleep(1.5)
    print(f"plug → certificate on screen: median {stage.middle(times)} s")
    targets.hold("plug → certificate on screen, p95", 1e3 * statistics.quantiles(times, n=20)[-1], 600, "ms")
    return targets.missed


if __name__ == "__main__":
    sys.exit(main())
