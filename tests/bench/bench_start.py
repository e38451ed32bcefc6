"""exec → first paint showing the Ukey's certificate, and memory, against Chromium's hello world in the same run.

Targets: time ≤ 2.0×, proportional memory ≤ 1.3×.
"""

from __future__ import annotations

import statistics

from tests.bench import stage
from tests.bench.screen import Screen

RUNS = 9


def main() -> None:
    """Run pairs A B A B … after one warm-up of each and print medians and ratios."""
    ours: list[tuple[float, float]] = []
    peer: list[tuple[float, float]] = []
    with stage.display() as display, stage.practice() as (home, _):
        screen = Screen(display)
        chromium = stage.chromium(home / "chromium", stage.hello(home))
        for run in range(RUNS + 1):
            theirs = stage.first_paint(screen, chromium, 50_000, DISPLAY=display)
            mine = stage.first_paint(screen, stage.xieka(), stage.BAR_PIXELS, DISPLAY=display, XIEKA_HOME=str(home))
            if run:
                peer.append(theirs)
                ours.append(mine)
    for name, at, unit, target in (("first paint", 0, "s", 2.0), ("memory (PSS)", 1, "MB", 1.3)):
        mine_values, peer_values = [run[at] for run in ours], [run[at] for run in peer]
        ratio = statistics.median(mine_values) / statistics.median(peer_values)
        print(f"{name}: xieka {stage.middle(mine_values)} {unit}, chromium {stage.middle(peer_values)} {unit}")
        print(f"{name}: ratio of medians {ratio:.2f} (target ≤ {target})")


if __name__ == "__main__":
    main()
