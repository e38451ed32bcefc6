"""exec → first paint showing the Ukey's certificate, and memory, against Chromium's hello world in the same run.

Targets: time ≤ 2.0×, proportional memory ≤ 1.3×.
"""

from __future__ import annotations

import statistics
import sys

from tests.bench import stage
from tests.bench.screen import Screen

RUNS = 9


def main() -> int:
    """Run pairs A B A B … after one warm-up of each and print medians and ratios."""
    targets = stage.Targets()
    ours: list[tuple[float, float]] = []
    peer: list[tuple[float, float]] = []
    with stage.desktop() as desktop, stage.practice() as (home, _):
        screen = Screen(desktop["DISPLAY"])
        chromium = stage.chromium(home / "chromium", stage.hello(home))
        for run in range(RUNS + 1):
            theirs = stage.first_paint(screen, chromium, 50_000, desktop)
            mine = stage.first_paint(screen, stage.xieka(), stage.BAR_PIXELS, {**desktop, "XIEKA_HOME": str(home)})
            if run:
                peer.append(theirs)
                ours.append(mine)
    for name, at, unit, limit in (("first paint", 0, "s", 2.0), ("memory (PSS)", 1, "MB", 1.3)):
        mine_values, peer_values = [run[at] for run in ours], [run[at] for run in peer]
        print(f"{name}: xieka {stage.middle(mine_values)} {unit}, chromium {stage.middle(peer_values)} {unit}")
        ratio = statistics.median(mine_values) / statistics.median(peer_values)
        targets.hold(f"{name}, ratio of medians", ratio, limit, "×")
    return targets.missed


if __name__ == "__main__":
    sys.exit(main())
