"""The real main window and bridge, a hostile service and a stranger's server; run by the tests of the remote window.

Usage: remote_harness.py HOME. Orders are lines of JSON on standard input; what happens is told on standard output.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.desktop.harness import tell
from xieka.bridge import models
from xieka.bridge.rpc import Method, Rpc
from xieka.bridge.server import Bridge
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.desktop import engine
from xieka.desktop.window import Hooks

# The folder's pages, as a service that has turned bad would serve them. `FRAME` and the like are filled by the tests.
PAGES = {
    "/registration/page": """<h1>page</h1><input id=typed><button id=press>press</button>
        <a id=blank target=_blank>blank</a><form id=form method=post target=_self><input name=a value=b></form>""",
    "/registration/second": "<h1>second</h1>",
    "/registration/sw.js": "self.addEventListener('fetch', () => {})",
    "/registration/worker.js": """fetch('/registration/from-worker')
        .then(r => postMessage(r.status), e => postMessage('refused'))""",
    "/outside": "<h1>outside</h1>",
}


class Service(BaseHTTPRequestHandler):
    """Answers, redirects and errors as the path says; tells every request."""

    name = "service"

    def do_GET(self) -> None:
        tell("request", server=self.name, method=self.command, path=self.path)
        path, _, query = self.path.partition("?")
        if path == "/registration/away":
            self.send_response(302)
            self.send_header("Location", query)
            self.end_headers()
            return
        if path == "/registration/never":
            time.sleep(60)
        if path.startswith("/registration/status-"):
            self._answer(int(path[-3:]), b"<!doctype html><title>x</title><h1>status</h1>", "text/html")
        elif path == "/registration/file.bin":
            self._answer(200, b"download", "application/octet-stream")
        elif path == "/registration/doc.pdf":
            self._answer(200, b"%PDF-1.4 ", "application/pdf")
        elif path in PAGES:
            kind = "text/javascript" if path.endswith(".js") else "text/html"
            self._answer(
                200,
                f"<!doctype html><meta charset=utf-8>{PAGES[path]}".encode()
                if kind == "text/html"
                else PAGES[path].encode(),
                kind,
            )
        else:
            self._answer(404, b"", "text/plain")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Stranger(Service):
    name = "stranger"


def serve(handler: type[BaseHTTPRequestHandler]) -> str:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def make_bridge(home: Path, bus: EventBus) -> Bridge:
    root = home / "frontend"
    root.mkdir()
    (root / "index.html").write_text("<!doctype html><title>main</title>", encoding="utf-8")
    bridge = Bridge(root, bus)

    def secret(_: models.Nothing) -> None:
        tell("bridge-called")
        raise XiekaError("E-TOK-06")

    bridge.attach(Rpc({"secret": Method(models.Nothing, secret)}, XiekaError("E-APP-02")))
    accept = bridge._server.get_request

    def noted() -> Any:
        tell("request", server="bridge")
        return accept()

    bridge._server.get_request = noted  # type: ignore[method-assign]
    bridge.start()
    return bridge


def main() -> None:
    home = Path(sys.argv[1])
    logging.basicConfig(filename=home / "log.txt", level=logging.INFO)
    bridge = make_bridge(home, EventBus())
    variables, _ = engine.settings(engine.this_machine(), os.environ, checkout=True)
    engine.apply(variables, os.environ)
    from xieka.desktop.qt_window import QtWindow

    window = QtWindow(bridge.url, "system", Hooks(ready=lambda _: None, closing=lambda: None), hidden=False)
    threading.Thread(target=obey, args=(window, bridge), daemon=True).start()
    window.run()


def obey(window: Any, bridge: Bridge) -> None:
    from xieka.desktop.remote import qt_view
    from xieka.desktop.remote.qt import QtRemoteWindow

    service, stranger = serve(Service), serve(Stranger)
    window.window.events.loaded.wait()
    thread = window._thread
    remote = QtRemoteWindow(thread, browse=lambda url: tell("browse", url=url), link=lambda url: tell("link", url=url))
    tell("ready", service=service, stranger=stranger, bridge=bridge.origin, token=bridge.token)
    for line in sys.stdin:
        order = json.loads(line)
        match order["do"]:
            case "open":
                try:
                    remote.open(
                        order["url"],
                        order.get("origin", service),
                        lambda outcome: tell("closed", outcome=outcome),
                        lambda: tell("shown"),
                    )
                    tell("opened")
                except ValueError:
                    tell("outside")
            case "close":
                remote.close()
                tell("close-returned")
            case "kill-renderer":
                os.kill(thread.call(lambda: remote._view._page.renderProcessPid()), 9)
            case "press":
                thread.call(partial(press, remote._view, order["text"]))
            case "words":
                tell("words", words=thread.call(lambda: words(remote._view)))
            case "grab":
                thread.call(partial(grab, remote, order["path"]))
                tell("grabbed")
            case "patience":
                qt_view.LOAD_SECONDS = order["seconds"]
                tell("patient")
            case "quit":
                window.destroy()


def grab(remote: Any, path: str) -> None:
    remote._view.grab().save(path)


def press(view: Any, text: str) -> None:
    from PySide6.QtWidgets import QPushButton

    (button,) = (one for one in view.findChildren(QPushButton) if one.isVisible() and one.text() == text)
    button.click()


def words(view: Any) -> list[str]:
    """What the window itself says where the page would be, and offers; nothing while the page is there."""
    from PySide6.QtWidgets import QLabel, QPushButton

    shown = [*view._panel.findChildren(QLabel), *view._panel.findChildren(QPushButton)]
    return [one.text() for one in shown if one.isVisible()]


if __name__ == "__main__":
    main()
