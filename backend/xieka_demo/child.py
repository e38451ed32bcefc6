"""Runs the personalisation process."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from xieka.core.errors import XiekaError

log = logging.getLogger("xieka.demo")

EXPECTED_FAILURE = 3
"""Exit code of a process that printed an error's code and parameters as JSON."""

_TIMEOUT = 120.0
"""Seconds; it takes about three."""


def run(conf: Path, *arguments: str) -> None:
    """Run one command of xieka_demo.personalise under this SoftHSM configuration.

    Raises the XiekaError the process met (a missing font, say), else E-DEM-04; what it wrote goes to the log.
    Raises OSError when the process cannot be started.
    """
    environment = os.environ | {"SOFTHSM2_CONF": str(conf)}
    # -P: the working folder must not shadow modules.
    command = [sys.executable, "-P", "-m", "xieka_demo.personalise", *arguments]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=_TIMEOUT, check=False)
    except subprocess.TimeoutExpired as error:
        log.error("personalisation took longer than %s s", _TIMEOUT)
        raise XiekaError("E-DEM-04", detail="TIMEOUT") from error
    if done.returncode == EXPECTED_FAILURE:
        failure = json.loads(done.stdout)
        raise XiekaError(failure["code"], **failure["params"])
    if done.returncode:
        log.error("personalisation failed: %s", done.stderr.decode("utf-8", "replace"))
        raise XiekaError("E-DEM-04", detail=f"EXIT-{done.returncode}")
