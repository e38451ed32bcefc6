"""Hidden in the tray with a Ukey: processor use over 60 s. Target: ≤ 0.3 % of one core."""

from __future__ import annotations

import sys
import time

from tests.bench import stage

SECONDS = 60


def main() -> int:
    """Let it settle, then compare the processor time of the whole tree before and after."""
    targets = stage.Targets()
    with (
        stage.desktop() as desktop,
        stage.practice() as (home, _),
        stage.running(stage.xieka("--hidden"), {**desktop, "XIEKA_HOME": str(home)}) as process,
    ):
        time.sleep(10)
        before = stage.processor_seconds(process)
        time.sleep(SECONDS)
        used = stage.processor_seconds(process) - before
    targets.hold(f"idle in the tray over {SECONDS} s", 100 * used / SECONDS, 0.3, "% of one core")
    return targets.missed


if __name__ == "__main__":
    sys.exit(main())
