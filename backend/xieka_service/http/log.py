"""The log: one JSON object a line on standard error, without addresses, queries, bodies, names or tokens."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

FIELDS = "fields"
"""Name of the record's attribute whose entries stand in the line: `log.info("request", extra={FIELDS: {…}})`."""


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info and record.exc_info[0]:
            # The type alone: an exception's message may quote what was sent.
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


def configure() -> None:
    """Everything of this process goes to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("xieka", "xieka_service", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.INFO)
    # It writes addresses and queries.
    logging.getLogger("uvicorn.access").disabled = True
