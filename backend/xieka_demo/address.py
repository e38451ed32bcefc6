"""Where the practice service is: chosen once, for it stands in the practice certificates."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from xieka.core.files import write_whole

# Below the ports that systems give to connections of their own accord (Linux from 32768 on, others from 49152 on).
_PORTS = range(20_000, 32_000)
_TRIES = 50


def service_url(root: Path) -> str:
    """Its address, http on the loopback interface; `root`: the environment's folder. Raises OSError."""
    file = root / "endpoint.json"
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads(file.read_bytes())["service"])
    url = f"http://127.0.0.1:{_free_port()}"
    write_whole(json.dumps({"service": url}).encode(), file)
    return url


def _free_port() -> int:
    # Needed once in an environment's life, and not on every start's way.
    import random
    import socket

    dice = random.SystemRandom()
    for _ in range(_TRIES):
        port = dice.choice(_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port")
