"""A child of test_download_faults.py: downloads onto a small disk that somebody else fills, then gives room again.

Arguments: the folder of the disk, a Wanted as JSON. Prints a line of JSON for each of three ends.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.apps.download.world import house
from xieka.apps.download.models import Wanted


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> None:
    disk, order = Path(sys.argv[1]), Wanted.model_validate_json(sys.argv[2])
    filler, folder = disk / "filler", disk / "downloads"
    with house(folder) as h:
        h.downloads.add(order.model_copy(update={"id": "large", "length": 900_000_000, "sha256": "0" * 64}))
        say(h.wait("failed", id_="large").model_dump_json())
        h.downloads.cancel("large")
        h.downloads.add(order)
        h.until(lambda: sum(h.files().values()) > 300_000)
        try:
            with filler.open("wb", buffering=0) as file:
                while file.write(bytes(4096)):
                    pass
        except OSError:
            pass
        view = h.wait("failed")
        part = (folder / f"{order.sha256}.part").stat().st_size
        say(json.dumps({**view.model_dump(), "part": part}))
        filler.unlink()
        h.downloads.resume("tool")
        say(h.wait("done", "failed").model_dump_json())


if __name__ == "__main__":
    main()
