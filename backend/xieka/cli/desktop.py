"""`xieka` and `xieka serve`: the page in the native window or in a browser."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from xieka.cli.output import Output
from xieka.core import log, paths
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.paths import Folders

if TYPE_CHECKING:
    from xieka.app import App, MakeWindow
    from xieka.bridge.shell import Shell
    from xieka_demo.online import PracticeService


def window(options: argparse.Namespace, output: Output) -> None:
    """Open the window and stay until 退出; a second start shows the first one's window instead.

    The order is for speed: workers and page server first, then the browser engine, and only while that loads the
    page everything the page will ask for.
    """
    from xieka.desktop.instance import Instance
    from xieka.desktop.run import HIDDEN_FLAG, Desktop
    from xieka.settings.early import theme

    folders = paths.folders().create()
    log.configure(folders.log)
    instance = Instance(folders.run)
    if not instance.claim([HIDDEN_FLAG] if options.hidden else []):
        return
    run = _Run(folders, demo=options.demo)
    desktop = Desktop(
        run.bridge.url,
        run.bus,
        ukeys=lambda: run.app().ukeys.state(),
        # Read again: a command may have changed them while the window is open.
        settings=lambda: run.app().settings.reread(),
        on_refresh=lambda: run.app().refresh(),
        on_quit=run.close,
        instance=instance,
        folder=folders.run,
        theme=theme(folders.config),
        hidden=options.hidden,
    )
    desktop.run(lambda: run.build(desktop, window=lambda http: desktop.remote(http.proxy_for)))


def serve(options: argparse.Namespace, output: Output) -> None:
    """Serve the page to a browser on this computer until interrupted; prints its address."""
    from xieka.bridge.shell import BrowserShell

    folders = paths.folders().create()
    log.configure(folders.log)
    run = _Run(folders, demo=options.demo, port=options.port)
    try:
        run.build(BrowserShell())
        run.app()
        done = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: done.set())
        signal.signal(signal.SIGINT, lambda *_: done.set())
        print(run.bridge.url, flush=True)
        done.wait()
    finally:
        run.close()
        run.bridge.close()


def worker(options: argparse.Namespace, output: Output) -> None:
    """The process that holds one vendor module; started by the program itself."""
    from xieka.token import worker as process

    process.main()


class _Run:
    """The services of one run and the server of their page: workers and server at once, the rest by `build`."""

    def __init__(self, folders: Folders, *, demo: bool, port: int = 0) -> None:
        self._service: PracticeService | None = None
        if demo:
            from xieka_demo import ensure
            from xieka_demo.online import PracticeService

            ensure(folders)
            self._service = PracticeService(folders)
            self._service.prepare()
        from xieka.app import start_tokens
        from xieka.bridge.server import Bridge

        self._folders = folders
        # Before the window's engine adds its own.
        self._environment = dict(os.environ)
        self._app: Future[App] = Future()
        self.bus = EventBus()
        self._tokens = start_tokens(folders, self.bus)
        self.bridge = Bridge(paths.bundled("frontend"), self.bus, port)
        self.bridge.start()

    def build(self, shell: Shell, window: MakeWindow = lambda _: None) -> None:
        """Build the services and answer the page from now on, with an error when they cannot be built. Once.

        `window`: as for App.
        """
        from xieka.bridge import methods

        try:
            from xieka.app import App

            app = App(self._folders, self.bus, self._tokens, self._environment, window=window)
            self.bridge.attach(methods.build(app, shell))
            app.start()
            # What was read before anyone listened.
            app.ukeys.publish()
            if self._service is not None:
                threading.Thread(target=self._serve, args=(self._service, app), name="practice", daemon=True).start()
            self._app.set_result(app)
        except Exception as error:  # noqa: BLE001 - the border: the page is told in our words, whatever it is
            told = error if isinstance(error, XiekaError) else XiekaError("E-APP-01", ref=log.report(error, "start"))
            self.bridge.attach(methods.without_app(shell, told))
            self._app.set_exception(told)

    def _serve(self, service: PracticeService, app: App) -> None:
        """Bring the practice service up beside the page. Where that fails the page is offline, as the log says."""
        try:
            service.start(attached=True, on_ready=app.online.hint)
        except (XiekaError, OSError) as error:
            log.report(error, "practice service")

    def app(self) -> App:
        """The services, as soon as they are built. Raises XiekaError when they cannot be."""
        return self._app.result()

    def close(self) -> None:
        """End workers and threads; at most two seconds."""
        if self._service is not None:
            self._service.close()
        if self._app.done() and self._app.exception() is None:
            self.app().close()
            return
        self._tokens.close()
        self.bus.close()
