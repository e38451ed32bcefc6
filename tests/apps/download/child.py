"""A child of test_download_crash.py that is killed: downloads until it is. Arguments: the folder, a Wanted as JSON."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.apps.download.world import house
from xieka.apps.download.models import Wanted

if __name__ == "__main__":
    with house(Path(sys.argv[1])) as h:
        h.downloads.add(Wanted.model_validate_json(sys.argv[2]))
        h.wait("done", seconds=60)
