"""`xieka` and `xieka serve`: the page in the native window or in a browser."""

from __future__ import annotations

import argparse
import signal
import threading
from typing import TYPE_CHECKING

from xieka.cli.output import Output
from xieka.core import log, paths
from xieka.core.events import EventBus
from xieka.core.paths import Folders

if TYPE_CHECKING:
    from xieka.app import App


def window(options: argparse.Namespace, output: Output) -> None:
    """Open the window and stay until 退出; a second start shows the first one's window instead.

    The order is for speed: workers and page server first, then the browser engine, and only while that loads the
    page everything the page will ask for.
    """
    from xieka.desktop.instance import Instance
    from xieka.desktop.run import HIDDEN_FLAG, Desktop

    folders = paths.folders().create()
    log.configure(folders.log)
    instance = Instance(folders.run)
    if not instance.claim([HIDDEN_FLAG] if options.hidden else []):
        return
    if options.demo:
        _practice(folders)
    from xieka.app import start_tokens
    from xieka.bridge.server import Bridge
    from xieka.settings.early import theme

    bus = EventBus()
    tokens = start_tokens(folders, bus)
    bridge = Bridge(paths.bundled("frontend"), bus)
    bridge.start()

    def build() -> None:
        from xieka.app import App
        from xieka.bridge.methods import build as methods

        app = App(folders, bus, tokens)
        bridge.attach(methods(app, desktop))
        built.append(app)
        ready.set()
        app.network.start()
        # What was read before anyone listened.
        app.ukeys.publish()

    def app() -> App:
        ready.wait()
        return built[0]

    built: list[App] = []
    ready = threading.Event()
    desktop = Desktop(
        bridge.url,
        bus,
        ukeys=lambda: app().ukeys.state(),
        settings=lambda: app().settings.value,
        on_refresh=lambda: app().refresh(),
        on_quit=(tokens.close, bus.close),
        instance=instance,
        theme=theme(folders.config),
        hidden=options.hidden,
    )
    desktop.run(build)


def serve(options: argparse.Namespace, output: Output) -> None:
    """Serve the page to a browser on this computer until interrupted; prints its address."""
    from xieka.app import App, start_tokens
    from xieka.bridge.methods import build
    from xieka.bridge.server import Bridge
    from xieka.bridge.shell import BrowserShell

    folders = paths.folders().create()
    log.configure(folders.log)
    if options.demo:
        _practice(folders)
    bus = EventBus()
    tokens = start_tokens(folders, bus)
    bridge = Bridge(paths.bundled("frontend"), bus, options.port)
    bridge.start()
    app = App(folders, bus, tokens)
    app.network.start()
    bridge.attach(build(app, BrowserShell()))
    print(bridge.url, flush=True)
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    signal.signal(signal.SIGINT, lambda *_: done.set())
    done.wait()
    app.close()
    bridge.close()


def worker(options: argparse.Namespace, output: Output) -> None:
    """The process that holds one vendor module; started by the program itself."""
    from xieka.token import worker as process

    process.main()


def _practice(folders: Folders) -> None:
    from xieka_demo import ensure

    ensure(folders)
