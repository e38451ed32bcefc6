"""How the command line speaks: Chinese text for people, JSON on request, errors with their four parts."""

from __future__ import annotations

import contextlib
import json
import logging
import sys
from collections.abc import Callable

from xieka.core.errors import ErrorBody, XiekaError
from xieka.core.log import report

WRONG_USAGE = frozenset({"E-CLI-02", "E-CLI-04", "E-CLI-07", "E-CLI-09", "E-CLI-10"})


class Output:
    """Writes results to standard output and errors to standard error (with `--json` to standard output too)."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        # Chinese text must not die on a terminal or pipe that claims another encoding.
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError, ValueError):
                stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        # Until a command has set up its log file, remarks go nowhere instead of between the user's lines.
        logging.getLogger("xieka").addHandler(logging.NullHandler())

    def guard(self, command: Callable[[], int | None]) -> int:
        """Run a command; an expected error is told and gives 1 or 2, an unexpected one is logged without its values."""
        try:
            return command() or 0
        except XiekaError as error:
            self.error(error.body())
            return 2 if error.code in WRONG_USAGE else 1
        except BrokenPipeError:
            # The reader has seen enough (| head).
            sys.stderr.close()
        except KeyboardInterrupt:
            return 130
        except Exception as error:  # noqa: BLE001 - the border: people get our words, never a traceback
            self.error(XiekaError("E-INT-01", ref=report(error, "command")).body())
        return 1

    def data(self, value: object, text: Callable[[], str]) -> None:
        """A result: `value` as JSON, or the text for people."""
        print(json.dumps(value, ensure_ascii=False, indent=2) if self.as_json else text(), flush=True)

    def error(self, body: ErrorBody) -> None:
        """An error in its four parts."""
        print(f"{body['what']}（{body['code']}）\n{body['kept']}\n{body['do']}", file=sys.stderr)
        if self.as_json:
            # Standard output may be what failed.
            with contextlib.suppress(OSError):
                print(json.dumps({"error": body}, ensure_ascii=False, indent=2), flush=True)
