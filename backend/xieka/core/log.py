"""Logging to one rotating file under the user's log folder; secrets never reach it by construction."""

from __future__ import annotations

import logging
import re
import secrets
from logging.handlers import RotatingFileHandler
from pathlib import Path

log = logging.getLogger(__name__)

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


def report(error: BaseException, what: str) -> str:
    """Log an unexpected error as `what` failed and return the number under which it is found there.

    Its type and places only, never its message: that may quote what the user typed. Causes are told as well, as
    the first of them is where the fault is. `what` must hold no user data.
    """
    reference = secrets.token_hex(4)
    log.error("%s failed, ref %s: %s", what, reference, " from ".join(_told(one) for one in _chain(error)))
    return reference


def _chain(error: BaseException) -> list[BaseException]:
    """The error, its cause, the cause's cause …; three are enough to find a place."""
    chain = [error]
    while len(chain) < 3 and (cause := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(cause)
    return chain


def _told(error: BaseException) -> str:
    places, trace = [], error.__traceback__
    while trace is not None:
        places.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' '.join(places[-6:]) or 'no place'}"
