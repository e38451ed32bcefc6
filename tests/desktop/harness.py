"""The real Desktop around a trivial page, driven by lines of JSON on standard input; run by the tests.

Writes one line of JSON for everything that happens. Usage: harness.py HOME [--hidden] [--slow-start] [--public=PORT]
"""

from __future__ import annotations

import base64
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# This file runs as a program of its own.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.desktop.remote_orders import ORDERS, Visits, tell
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.paths import Folders
from xieka.desktop import engine
from xieka.desktop.instance import Instance
from xieka.desktop.run import Desktop
from xieka.settings.models import Settings
from xieka.ukey.health import judge
from xieka.ukey.models import PinView, Ukey, UkeyList

PAGES = {
    "/": """<h1>hello</h1><button id=plain>button</button><textarea></textarea>
        <button id=popups style="position: fixed; inset: 50% 0 0 0; width: 100%">popups</button>
        <script>
        document.querySelector("#popups").onclick = () => {
            for (const address of ["/second", "https://evil.example/", "weird-scheme:foo"]) window.open(address);
            Object.assign(document.createElement("a"), {href: "/second", target: "_blank"}).click();
            fetch("/say?tried");
        };
        </script>""",
    "/second": "<h1>second</h1>",
    "/file": "download",
}


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path == "/away":
            self.send_response(302)
            self.send_header("Location", self.path.split("?")[1])
            self.end_headers()
            return
        if path == "/say":
            tell("said", text=self.path.split("?")[1])
        body = f"<!doctype html><meta charset=utf-8><title>{path}</title>{PAGES.get(path, '')}".encode()
        self.send_response(200 if path in PAGES else 404)
        self.send_header("Content-Type", "application/octet-stream" if path == "/file" else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class World:
    """Ukeys and settings as a test wants them."""

    def __init__(self) -> None:
        self.holders: list[str] = []
        self.settings = Settings()
        self.reading = False

    def ukeys(self) -> UkeyList:
        pin = PinView(state="normal", remaining=None, maximum=None)
        tokens = [
            Ukey(
                id=holder, holder=holder, label=holder, serial="1", manufacturer="", model="", driver="d",
                driver_name="d", practice=True, pin=pin, health=judge(pin, [])[0], reminders=1,
                certificates=[], seals=[],
            )
            for holder in self.holders
        ]  # fmt: skip
        current = tokens[0].id if tokens else None
        return UkeyList(reading=self.reading, current=current, remembered=None, tokens=tokens, problems=[])


def block(seconds: float) -> None:
    tell("blocked")
    time.sleep(seconds)


def main() -> None:
    home = Path(sys.argv[1])
    options = sys.argv[2:]
    logging.basicConfig(filename=home / "log.txt", level=logging.INFO)
    folders = Folders(home, home, home, home, home).create()
    instance = Instance(folders.run)
    try:
        if not instance.claim(options):
            tell("shown-the-other")
            return
    except XiekaError as error:
        tell("error", code=error.code)
        sys.exit(1)
    tell("claimed", pid=os.getpid())
    if public := [one.removeprefix("--public=") for one in options if one.startswith("--public=")]:
        # As if these ports of this computer were somewhere on the internet.
        apply = engine.apply
        flag = " --ip-address-space-overrides=" + ",".join(f"127.0.0.1:{port}=public" for port in public)
        name = "QTWEBENGINE_CHROMIUM_FLAGS"
        engine.apply = lambda variables, environment: apply(
            {**variables, name: (variables[name] or "") + flag}, environment
        )
    if "--slow-start" in options:
        time.sleep(2)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    world = World()
    bus = EventBus()
    closing: list[float] = []

    def close() -> None:
        tell("on_quit")
        time.sleep(sum(closing))

    desktop = Desktop(
        f"http://127.0.0.1:{server.server_port}/",
        bus,
        ukeys=world.ukeys,
        settings=lambda: world.settings,
        on_refresh=lambda: tell("refresh"),
        on_quit=close,
        instance=instance,
        folder=folders.run,
        hidden="--hidden" in options,
    )
    bus.on("show", lambda data: tell("show", data=data))
    bus.on("first_hide", lambda _: tell("first_hide"))
    bus.on("shown", lambda _: tell("on-screen"))

    visits = Visits(desktop)

    def ask_path(ask: Callable[[], Path | None]) -> None:
        path = ask()
        tell("path", path=str(path) if path else None)

    def make_pdf(html: str) -> None:
        tell("pdf", base64=base64.b64encode(desktop.pdf(html) or b"").decode())

    def obey(line: str) -> None:
        order = json.loads(line)
        window = desktop._open_window()
        match order["do"]:
            case "insert":
                world.holders.append(order["holder"])
                bus.publish("ukeys", {})
                bus.publish("ukey.inserted", {"id": order["holder"], "holder": order["holder"]})
            case "remove":
                world.holders.remove(order["holder"])
                bus.publish("ukeys", {})
                bus.publish("ukey.removed", {"id": order["holder"], "holder": order["holder"]})
            case "forget":
                world.holders.clear()
            case "settings":
                world.settings = Settings(**order["values"])
            case "busy":
                bus.publish("busy", {"on": order["on"]})
            case "close-slowly":
                closing.append(order["seconds"])
                tell("closing slowly")
            case "block-gui":
                window._thread.post(partial(block, order["seconds"]))  # type: ignore[attr-defined]
            case "ask-save-path":
                ask = partial(desktop.ask_save_path, order["name"])
                threading.Thread(target=ask_path, args=(ask,), daemon=True).start()
            case "ask-certificate":
                threading.Thread(target=ask_path, args=(desktop.ask_certificate,), daemon=True).start()
            case "pdf":
                threading.Thread(target=make_pdf, args=(order["html"],), daemon=True).start()
            case "show":
                desktop._actions.post(window.show)
            case "remind":
                bus.publish("reminder.due", {key: order[key] for key in ("token", "holder", "step", "days_left")})
            case "modal":
                bus.publish("modal", {"open": order["on"], "typing": order.get("typing", False)})
            case do if do in ORDERS:
                visits.obey(order)
            case "state":
                # In the desktop's own queue: after everything ordered before has been done.
                desktop._actions.post(
                    lambda: tell("state", on_screen=window.on_screen, tray=desktop.tray, dialog=window.in_dialog)
                )
            case method:
                getattr(desktop, method)()

    def listen() -> None:
        for line in sys.stdin:
            obey(line)

    def ready() -> None:
        window = desktop._open_window()
        window.window.events.loaded.wait()
        tell("ready", url=desktop._url)
        listen()

    tell("running")
    desktop.run(ready)


if __name__ == "__main__":
    main()
