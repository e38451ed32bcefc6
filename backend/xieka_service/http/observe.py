"""Around every request: its number, its line in the log, the counts, safe headers, and the answer when all fails."""

from __future__ import annotations

import logging
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xieka.core.log import report
from xieka_service.http.log import FIELDS
from xieka_service.http.metrics import Metrics
from xieka_service.http.problems import ERROR, response

log = logging.getLogger("xieka_service.access")

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Answers are data; a room that serves a page or lasting files says so itself.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


class Observe:
    """The outermost layer (ASGI)."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, https: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._headers = {**_HEADERS, **({"Strict-Transport-Security": "max-age=31536000"} if https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and take note of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        began, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        self._metrics.running.inc()
        try:
            await self._app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - the last net: whatever it is, the client gets an answer
            report(error, f"{_method(scope)} {_route(scope)}")
            if status == 0:
                await response(ERROR, request_id)(scope, receive, sending)
        finally:
            self._metrics.running.dec()
            self._note(scope, request_id, status, time.perf_counter() - began)

    def _note(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        method, route = _method(scope), _route(scope)
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        fields = {"id": request_id, "method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        log.info("request", extra={FIELDS: fields})


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "other"


def _route(scope: Scope) -> str:
    # The pattern, never the path itself: a path may hold a one-time code.
    return str(getattr(scope.get("route"), "path", "-"))
