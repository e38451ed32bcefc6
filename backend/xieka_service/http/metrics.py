"""Counts for Prometheus at /metrics: for this computer alone, unless the operator opens them."""

from __future__ import annotations

import ipaddress

from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from xieka_service import context
from xieka_service.http.problems import NOT_FOUND, Refusal


class Metrics:
    """One process's counts. Labels hold route patterns and statuses, nothing of a request's own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "xieka_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "xieka_request_seconds", "Time to the answer's end", ("route",), registry=self.registry
        )
        self.running = Gauge("xieka_requests_running", "Requests in work", registry=self.registry)


def mount(app: FastAPI, metrics: Metrics) -> None:
    """Serve the counts."""

    @app.get("/metrics", include_in_schema=False)
    def counts(request: Request) -> Response:
        if not (context.of(request).config.open_metrics or _is_here(request)):
            raise Refusal(NOT_FOUND)
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


def _is_here(request: Request) -> bool:
    # Whatever came through a proxy on this computer came from elsewhere.
    if any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip", "via")):
        return False
    try:
        return ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
