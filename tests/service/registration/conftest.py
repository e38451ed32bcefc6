from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.service.auth.stage import Stage
from tests.service.registration.desk import Desk
from tests.service.registration.guest import Guest
from tests.ui.served import CHROMIUM
from xieka_service.app import build


@pytest.fixture
def guest(database_url: str, tmp_path: Path) -> Iterator[Guest]:
    """Somebody at a service on either database."""
    built = Guest.build(tmp_path / "数据", database_url)
    yield built
    built.stage.close()


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def visited(sqlite_url: str, tmp_path: Path) -> Iterator[Guest]:
    """A guest at a service that a browser can reach."""
    listener = socket.create_server(("127.0.0.1", 0))
    audience = f"http://127.0.0.1:{listener.getsockname()[1]}"
    named = {"operator": "协卡助手练习环境（示例）", "operator_contact": "privacy@example.com（示例）"}
    stage = Stage.build(tmp_path / "data", sqlite_url, audience, practice=True, **named)
    app = build(stage.parts.config, stage.parts)
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield Guest(stage, stage.holder)
    server.should_exit = True
    thread.join(10)
    stage.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 960, "height": 640}, reduced_motion="reduce")
    yield opened
    opened.close()


@pytest.fixture
def desk(visited: Guest, context: BrowserContext) -> Desk:
    page = context.new_page()
    page.set_default_timeout(8000)
    made = Desk(visited, page)
    page.on("console", lambda message: made.complaints.append(message.text))
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    return made
