"""Remote procedure calls: an explicit table of typed methods, validated on the way in and out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xieka.bridge.papers import Papers
from xieka.core.errors import ErrorBody, XiekaError
from xieka.core.log import report

if TYPE_CHECKING:
    from pydantic import BaseModel

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Method:
    """One callable method: the model its parameters must fit, and what runs."""

    params: type[BaseModel]
    run: Callable[[Any], BaseModel | None]


class Rpc:
    """Dispatches by exact name from a table fixed at start: nothing is reachable by attribute lookup.

    `otherwise` answers every other name; by itself E-RPC-02, that there is no such method.
    """

    def __init__(
        self, methods: Mapping[str, Method], otherwise: XiekaError | None = None, papers: Papers | None = None
    ) -> None:
        """`papers`: where methods lay down what a tab of its own will show."""
        self.papers = papers or Papers()
        self._methods = dict(methods)
        self._otherwise = otherwise or XiekaError("E-RPC-02")

    def dispatch(self, request: object) -> dict[str, object]:
        """Answer one decoded request with `{id, result}` or `{id, error}`. Never raises."""
        if not isinstance(request, dict) or set(request) - {"method", "params", "id"}:
            return _failure(None, XiekaError("E-RPC-01").body())
        call_id = request.get("id")
        if not isinstance(call_id, int | str | None):
            return _failure(None, XiekaError("E-RPC-01").body())
        name = request.get("method")
        method = self._methods.get(name) if isinstance(name, str) else None
        if method is None:
            log.warning("refused: unknown method, %s", self._otherwise.code)
            return _failure(call_id, self._otherwise.body())
        return self._call(call_id, str(name), method, request.get("params", {}))

    def _call(self, call_id: int | str | None, name: str, method: Method, params: object) -> dict[str, object]:
        from pydantic import ValidationError

        try:
            fit = method.params.model_validate(params)
        except ValidationError as invalid:
            # Only the field names: the error's own text would quote the values, a PIN among them.
            fields = sorted({".".join(str(part) for part in error["loc"]) or "params" for error in invalid.errors()})
            log.warning("refused: %s with unfit parameters %s", name, fields)
            return _failure(call_id, XiekaError("E-RPC-03", field=", ".join(fields)[:80]).body())
        try:
            result = method.run(fit)
            return {"id": call_id, "result": None if result is None else result.model_dump(mode="json")}
        except XiekaError as expected:
            log.info("%s: %s", name, expected.code)
            return _failure(call_id, expected.body())
        except Exception as unexpected:  # noqa: BLE001 - the border: nothing of ours may reach the page raw
            return _failure(call_id, XiekaError("E-INT-01", ref=report(unexpected, name)).body())


def _failure(call_id: int | str | None, body: ErrorBody) -> dict[str, object]:
    return {"id": call_id, "error": dict(body)}
