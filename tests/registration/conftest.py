from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from tests.conftest import Practice
from xieka.app import App, start_tokens
from xieka.contract.registration import NOTICE_VERSION
from xieka.core.events import EventBus
from xieka.registration.window import End, RemotePage
from xieka_demo.online import PracticeService

DETAILS = {"contact": "王会计", "phone": "13800000000", "email": None, "purposes": ["information"]}


@dataclass
class Window:
    """The port's other side, that a test drives; the real one is in tests/ui."""

    pages: list[RemotePage] = field(default_factory=list)
    ended: Callable[[End], object] = print
    browse: Callable[[], object] = print
    welcome: bool = True
    is_open: bool = False

    def come(self) -> bool:
        return self.is_open

    def open(
        self,
        page: RemotePage,
        ended: Callable[[End], object],
        browse: Callable[[], object],
        *,
        unasked: bool = False,
    ) -> bool:
        if unasked and not self.welcome:
            return False
        self.pages.append(page)
        self.ended, self.browse = ended, browse
        return True


class Visitor:
    """What the page does with its address."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}"
        self.client = httpx.Client(base_url=origin, headers={"Origin": origin}, timeout=10)
        self.subject = self.post("/register/visit", {"code": parts.fragment})["subject"]

    def submit(self, **changed: object) -> None:
        form = {**DETAILS, "key": str(uuid4()), "notice": NOTICE_VERSION, **changed}
        self.post("/register/submissions", form)

    def post(self, path: str, body: object) -> dict[str, object]:
        reply = self.client.post(path, json=body)
        assert reply.is_success, reply.text
        value: dict[str, object] = reply.json() if reply.content else {}
        return value


@pytest.fixture
def start(practice: Practice, service: PracticeService) -> Iterator[Callable[[Window | None], App]]:
    """The client's services on this practice environment, as often as a test wants; all are ended afterwards."""
    apps: list[App] = []

    def start(window: Window | None) -> App:
        bus = EventBus()
        tokens = start_tokens(practice.folders, bus)
        apps.append(App(practice.folders, bus, tokens, {}, window=lambda _: window))
        assert tokens.wait_first(20)
        return apps[-1]

    yield start
    for app in apps:
        app.close()
