"""The connection test: from the route to the content, step by step until one fails; it names what is blocked."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

from xieka.content.models import View
from xieka.content.online import service_probe
from xieka.core import messages
from xieka.core.error_view import ErrorView
from xieka.core.errors import XiekaError
from xieka.core.http import Http
from xieka.core.http_errors import shown_proxy, told
from xieka.core.route import has_route, is_loopback
from xieka.core.tls import CONNECT_SECONDS, handshake

StepKey = Literal["route", "name", "connect", "tls", "service", "content"]


class Step(View):
    """One step; `key` names it in the page's catalogue (network.step.KEY); `ms`: milliseconds it took."""

    key: StepKey
    state: Literal["ok", "fail", "skip"]
    ms: int = 0
    error: ErrorView | None = None


class Diagnosis(View):
    """What the test found. `host`: the service; `proxy`: host and port of the proxy on the way to it, if any.

    `unsupported`: the system has a proxy script or a SOCKS proxy, which this program cannot use.
    """

    host: str
    proxy: str | None
    unsupported: Literal["pac", "socks"] | None
    steps: list[Step]
    allow_list: str


class _NotNeededError(Exception):
    """The step does not apply here."""


def diagnose(http: Http, base_url: str | None) -> Diagnosis:
    """Run the test now: half a minute at most, mostly below a second. Raises XiekaError E-CNT-11 without a service."""
    if base_url is None:
        raise XiekaError("E-CNT-11")
    test = _Test(http, base_url.rstrip("/"))
    steps: list[Step] = []
    for key, run in test.steps():
        failed = any(step.state == "fail" for step in steps)
        steps.append(Step(key=key, state="skip") if failed else _timed(key, run))
    proxy = http.proxy_for(base_url)
    return Diagnosis(
        host=test.host,
        proxy=shown_proxy(proxy) if proxy else None,
        unsupported=http.system.unsupported() if proxy is None and not is_loopback(test.host) else None,
        steps=steps,
        allow_list=allow_list(base_url),
    )


def allow_list(base_url: str) -> str:
    """What the IT desk must let through, as a text to copy."""
    parts = urlsplit(base_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return messages.text("network_allow_list", host=parts.hostname or "", port=port)


def _timed(key: StepKey, run: Callable[[], None]) -> Step:
    begun = time.monotonic()
    state: Literal["ok", "fail", "skip"] = "ok"
    error = None
    try:
        run()
    except _NotNeededError:
        state = "skip"
    except XiekaError as failure:
        state, error = "fail", ErrorView(**failure.body())
    return Step(key=key, state=state, ms=round((time.monotonic() - begun) * 1000), error=error)


class _Test:
    """The steps against one service; each returns, or raises XiekaError."""

    def __init__(self, http: Http, url: str) -> None:
        self._http = http
        self._url = url
        self._proxy = http.proxy_for(url)
        self.host = urlsplit(url).hostname or ""
        hop = urlsplit(self._proxy or url)
        self._hop = (hop.hostname or "", hop.port or (443 if hop.scheme == "https" else 80))

    def steps(self) -> list[tuple[StepKey, Callable[[], None]]]:
        return [
            ("route", self._route),
            ("name", self._name),
            ("connect", self._connect),
            ("tls", self._tls),
            ("service", service_probe(self._http, self._url)),
            ("content", self._content),
        ]

    def _route(self) -> None:
        if not is_loopback(self._hop[0]) and not has_route():
            raise XiekaError("E-NET-01")

    def _name(self) -> None:
        try:
            socket.getaddrinfo(*self._hop, type=socket.SOCK_STREAM)
        except OSError as error:
            raise XiekaError("E-NET-04", host=self._hop[0]) from error

    def _connect(self) -> None:
        try:
            with socket.create_connection(self._hop, CONNECT_SECONDS):
                return
        except OSError as error:
            if self._proxy:
                raise XiekaError("E-NET-08", proxy=shown_proxy(self._proxy)) from error
            raise told(error, self._url, None) from error

    def _tls(self) -> None:
        if urlsplit(self._url).scheme != "https":
            raise _NotNeededError
        # Imported here: it brings requests, 0.1 s.
        from xieka.core.http_transport import trust_context

        try:
            with handshake(self._url, self._proxy, trust_context()):
                return
        except OSError as error:
            raise told(error, self._url, self._proxy) from error

    def _content(self) -> None:
        self._http.get(f"{self._url}/content/metadata/timestamp.json", limit=20_000, total=10.0)
