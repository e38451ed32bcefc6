"""`xieka` and `xieka serve`: the page in the native window or in a browser."""

from __future__ import annotations

import argparse
import signal
import threading

from xieka.cli.output import Output
from xieka.core import log, paths
from xieka.core.events import EventBus


def serve(options: argparse.Namespace, output: Output) -> None:
    """Serve the page to a browser on this computer until interrupted; prints its address."""
    from xieka.app import App
    from xieka.bridge.methods import build
    from xieka.bridge.server import Bridge
    from xieka.bridge.shell import BrowserShell

    folders = paths.folders().create()
    log.configure(folders.log)
    if options.demo:
        _practice(folders)
    bus = EventBus()
    bridge = Bridge(paths.bundled("frontend"), bus, options.port)
    bridge.start()
    app = App(folders, bus)
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


def _practice(folders: paths.Folders) -> None:
    from xieka_demo import ensure

    ensure(folders)
