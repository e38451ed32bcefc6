"""Hidden in the tray with a Ukey: processor use over 60 s. Target: ≤ 0.3 % of one core."""

from __future__ import annotations

import time

from tests.bench import stage

SECONDS = 60


def main() -> None:
    """Let it settle, then compare the processor time of the whole tree before and after."""
    with (
        stage.display() as display,
        stage.practice() as (home, _),
        stage.running(stage.xieka("--hidden"), DISPLAY=display, XIEKA_HOME=str(home)) as process,
    ):
        time.sleep(10)
        before = stage.processor_seconds(process)
        time.sleep(SECONDS)
        used = stage.processor_seconds(process) - before
    print(f"idle in the tray: {used:.2f} s of processor in {SECONDS} s = {used / SECONDS:.2%} of one core (≤ 0.30 %)")


if __name__ == "__main__":
    main()
