"""Composes the HTTP application.

A room joins by a module `xieka_service.ROOM.routes` with `mount(app: FastAPI, parts: Context) -> None`: it includes its
routers (`app.include_router`) or mounts its files (`app.mount`) and reads from `parts` what it needs. Its endpoints are
plain `def` (the thread pool); in them `context.of(request)` gives the parts and `auth.dependency.SignedIn` the holder.
What it does regularly stands in `xieka_service.ROOM.jobs` (see xieka_service.worker).
"""

from __future__ import annotations

from fastapi import FastAPI

from xieka import __version__
from xieka.core.clock import SystemClock
from xieka_service.auth import routes as auth
from xieka_service.ca import routes as ca
from xieka_service.config import Config
from xieka_service.content import routes as content
from xieka_service.context import Context
from xieka_service.http import document, health, metrics, problems
from xieka_service.http.limits import Limits
from xieka_service.http.metrics import Metrics
from xieka_service.http.observe import Observe
from xieka_service.registration import routes as registration


def build(config: Config, parts: Context | None = None) -> FastAPI:
    """The application. `parts` are given by tests; else they are opened. Raises OSError, ValueError."""
    parts = parts or Context.open(config, SystemClock())
    # The framework's own pages load scripts from elsewhere: only the document is served.
    app = FastAPI(title="协卡助手在线服务", version=__version__, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.context = parts
    counts = Metrics()
    # The last added is the outermost.
    app.add_middleware(Limits, body=config.body_limit, concurrency=config.concurrency)
    app.add_middleware(Observe, metrics=counts, https=config.https)
    problems.install(app)
    document.install(app)
    app.include_router(health.router)
    metrics.mount(app, counts)
    auth.mount(app, parts)
    content.mount(app, parts)
    registration.mount(app, parts)
    ca.mount(app, parts)
    return app
