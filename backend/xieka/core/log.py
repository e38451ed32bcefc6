"""Logging to one rotating file under the user's log folder; secrets never reach it by construction."""

from __future__ import annotations

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

_BEARER = re.compile(r"(Bearer\s+|[#?&]t=)[A-Za-z0-9_\-]{8,}")


class _Redact(logging.Filter):
    """Second line of defence: access tokens in a message become dots."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        redacted = _BEARER.sub(r"\1…", message)
        if redacted != message:
            record.msg, record.args = redacted, ()
        return True


def configure(folder: Path, name: str = "xieka", *, verbose: bool = False) -> Path:
    """Log to `folder`/`name`.log (1 MB, 3 old ones kept). Returns the file's path."""
    path = folder / f"{name}.log"
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(_Redact())
    root = logging.getLogger("xieka")
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    root.propagate = False
    return path
