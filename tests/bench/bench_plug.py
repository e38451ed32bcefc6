"""Plug → window visible with the new Ukey's certificate, from the tray. Target: 95 % within 600 ms."""

from __future__ import annotations

import statistics
import time

from tests.bench import stage
from tests.bench.screen import Screen

RUNS = 20


def main() -> None:
    """Plug and unplug the first practice Ukey; time from the rename to the green bar on the screen."""
    times = []
    with stage.display() as display, stage.practice() as (home, demo):
        demo.unplug(1)
        demo.unplug(2)
        screen = Screen(display)
        with stage.running(stage.xieka("--hidden"), DISPLAY=display, XIEKA_HOME=str(home)):
            time.sleep(6)
            for _ in range(RUNS):
                started = time.monotonic()
                demo.plug(1)
                times.append(screen.wait(stage.OK_GREEN, stage.BAR_PIXELS, 15) - started)
                time.sleep(0.7)
                demo.unplug(1)
                time.sleep(1.5)
    slowest = statistics.quantiles(times, n=20)[-1]
    print(f"plug → certificate on screen: median {stage.middle(times)} s, p95 {slowest:.3f} s (target ≤ 0.600 s)")


if __name__ == "__main__":
    main()
