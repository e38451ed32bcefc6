"""The product as a browser meets it: every service and the bridge in this process, no window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from xieka.app import App, start_tokens
from xieka.bridge.methods import build
from xieka.bridge.server import Bridge
from xieka.bridge.shell import BrowserShell
from xieka.core import paths
from xieka.core.events import EventBus
from xieka.core.paths import Folders

CHROMIUM = "/usr/bin/chromium-headless-shell"
"""Chromium's engine without what a browser has around it: half the processor time of `chromium --headless`."""


@contextmanager
def served(folders: Folders, *, wait: bool = True, network: bool = False) -> Iterator[str]:
    """The page's address; `wait` until every Ukey has been read; `network`: look for the service."""
    bus = EventBus()
    app = App(folders, bus, start_tokens(folders, bus), {})
    if network:
        app.start()
    assert not wait or app.tokens.wait_first(20)
    bridge = Bridge(paths.bundled("frontend"), bus)
    bridge.start()
    bridge.attach(build(app, BrowserShell()))
    try:
        yield bridge.url
    finally:
        app.close()
        bridge.close()
