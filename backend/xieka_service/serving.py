"""The commands serve and worker: processes that run until they are told to end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import uvicorn

from xieka.core.errors import XiekaError
from xieka_service import opening
from xieka_service.app import build
from xieka_service.cli import say
from xieka_service.config import Config
from xieka_service.context import Context
from xieka_service.http import log, protocol
from xieka_service.worker import Worker, all_jobs

GRACE_SECONDS = 8
"""Requests that run when the end is asked for may take this long."""
_LAST_SECONDS = 1.5
_BACKLOG = 2048


def serve(options: Namespace) -> int:
    """Answer requests until SIGTERM or SIGINT. Prints {"url": …, "listening": …} when it is ready."""
    log.configure()
    config = opening.config(options)
    # Bound before anything else: the port is part of the audience.
    listener = _listener(config)
    config = replace(config, port=listener.getsockname()[1])
    parts = opening.parts(config)
    with _working(parts) if options.with_worker else contextlib.nullcontext():
        serve_until_told(config, parts, listener)
    return 0


def serve_until_told(config: Config, parts: Context, listener: socket.socket) -> None:
    """Serve on a bound socket; on SIGTERM or SIGINT finish what runs and take nothing new."""
    server = _Server(
        uvicorn.Config(
            build(config, parts),
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(config.trusted_proxies),
            forwarded_allow_ips=list(config.trusted_proxies),
            backlog=_BACKLOG,
            # Connections, the idle ones too; requests are counted in http.limits, which answers properly.
            limit_concurrency=config.concurrency * 2,
            timeout_graceful_shutdown=GRACE_SECONDS,
            **protocol.settings(),
        ),
        config,
    )
    with _ordinary_end():
        server.run(sockets=[listener])
    # A thread that still hangs (in a database that does not answer) must not hold the end up.
    last = threading.Timer(_LAST_SECONDS, os._exit, (0,))
    last.daemon = True
    last.start()
    parts.database.close()


def work(options: Namespace) -> int:
    """Do the regular work until SIGTERM or SIGINT. Prints {"worker": "ready"} when it begins."""
    log.configure()
    parts = opening.parts(opening.config(options))
    worker = Worker(parts, all_jobs(parts))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: worker.stop())
    say({"worker": "ready"})
    worker.run()
    parts.database.close()
    return 0


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ours: Config) -> None:
        super().__init__(config)
        self._ours = ours

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Told when connections are taken, not before."""
        await super().startup(sockets)
        say({"url": self._ours.audience, "listening": self._ours.local_url})


def _listener(config: Config) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    # Named as TCP: else asyncio does not switch Nagle's algorithm off, and every answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((config.host, config.port))
        listener.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        raise XiekaError("E-SRV-03", host=config.host, port=config.port) from error
    return listener


@contextlib.contextmanager
def _working(parts: Context) -> Iterator[None]:
    worker = Worker(parts, all_jobs(parts))
    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.stop()


@contextlib.contextmanager
def _ordinary_end() -> Iterator[None]:
    # uvicorn raises the signal again when it has ended; to end on SIGTERM is no failure of this program.
    def told(_number: int, _frame: Any) -> None: ...

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
