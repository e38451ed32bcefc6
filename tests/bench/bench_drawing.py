"""Drawing one seal of 42 mm at 300 dpi (≤ 60 ms), the fonts already open."""

from __future__ import annotations

import statistics
import sys
import time

from tests.bench.stage import Targets
from xieka.seal.drawing import Design, Kind, draw

REPEATS = 40
DESIGN = Design(Kind.CONTRACT, "上海沪申示例贸易有限公司", 42.0, code="3101150123456")


def main() -> int:
    began = time.perf_counter()
    draw(DESIGN)
    first = time.perf_counter() - began
    walls, times = [], []
    for _ in range(REPEATS):
        began, worked = time.perf_counter(), time.process_time()
        draw(DESIGN)
        walls.append(time.perf_counter() - began)
        times.append(time.process_time() - worked)
    print(f"first seal of a process, with Pillow and fonts loaded: {first * 1e3:.1f} ms")
    targets = Targets()
    print(f"one 42 mm seal at 300 dpi, median by the wall clock: {statistics.median(walls) * 1e3:.1f} ms")
    # One thread that waits for nothing: processor time is the wall clock's on a quiet machine.
    targets.hold("one 42 mm seal at 300 dpi, median of processor time", statistics.median(times) * 1e3, 60, "ms")
    return targets.missed


if __name__ == "__main__":
    sys.exit(main())
