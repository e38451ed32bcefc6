"""The inside of a computer that a test drives: a JSON order a line, an answer a line."""

from __future__ import annotations

import json
import sys
import traceback

from xieka.core.errors import XiekaError


def obey(inside: object) -> None:
    """Call the method that an order names: {"value": …}, {"error": code} or, for what nobody expected, {"trace": …}."""
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = {"value": getattr(inside, order.pop("order"))(**order)}
        except XiekaError as error:
            answer = {"error": error.code}
        except Exception:  # noqa: BLE001 - the outside is told, whatever it is
            answer = {"trace": traceback.format_exc()}
        print(json.dumps(answer), flush=True)  # noqa: T201
