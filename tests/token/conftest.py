"""Real SoftHSM, real worker processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.token.signing_tokens import Signer, make
from tests.tokens.shim import Shim
from tests.tokens.softhsm import Object, SoftHsm, certificate
from xieka.core.clock import SystemClock
from xieka.core.events import EventBus, JsonValue
from xieka.token.drivers import Driver
from xieka.token.models import Token
from xieka.token.presence import Timeouts
from xieka.token.service import TokenService

COMPANY = "上海沪申示例贸易有限公司"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> SoftHsm:
    """Two tokens: `one` with two certificates and a data object, `two` with one certificate."""
    hsm = SoftHsm(tmp_path_factory.mktemp("softhsm"))
    hsm.make(
        "one",
        "沪申示例",
        [
            Object("签名证书", certificate(COMPANY), id=b"\x01", key=0),
            Object("加密证书", certificate(COMPANY, encryption=True), id=b"\x02"),
        ],
        [Object("合同专用章", b"seal bytes", application="SES")],
    )
    hsm.make("two", "second", [Object("signing", certificate("另一家公司"), id=b"\x01")])
    return hsm


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """A token with keys of every kind."""
    return make(tmp_path_factory.mktemp("signer"))


@pytest.fixture
def signing_shim(signer: Signer, tmp_path: Path) -> Shim:
    return Shim(signer.hsm.copy(tmp_path / "hsm"))


@pytest.fixture
def hsm(template: SoftHsm, tmp_path: Path) -> SoftHsm:
    return template.copy(tmp_path / "hsm")


@pytest.fixture
def shim(hsm: SoftHsm) -> Shim:
    return Shim(hsm)


class Running:
    """A started service and everything it has said."""

    def __init__(self, drivers: tuple[Driver, ...], log_folder: Path, timeouts: Timeouts | None) -> None:
        self.bus = EventBus(keep=4096)
        self.events: list[tuple[str, JsonValue]] = []
        for topic in ("token.list", "token.inserted", "token.removed", "driver"):
            self.bus.on(topic, lambda data, topic=topic: self.events.append((topic, data)))
        self.service = TokenService(drivers, self.bus, SystemClock(), log_folder, timeouts=timeouts)
        self.service.start()
        assert self.service.wait_first(20)

    def token(self, label: str = "沪申示例") -> Token:
        return next(token for token in self.service.tokens().tokens if token.label == label)

    def labels(self) -> list[str]:
        return [token.label for token in self.service.tokens().tokens]

    def problems(self) -> list[str]:
        return [problem.error["code"] for problem in self.service.tokens().problems]

    def driver_states(self) -> list[str]:
        return [str(data["state"]) for topic, data in self.events if topic == "driver" and isinstance(data, dict)]

    def plugs(self) -> list[tuple[str, str]]:
        return [
            (topic, str(data["label"]))
            for topic, data in self.events
            if topic in ("token.inserted", "token.removed") and isinstance(data, dict)
        ]

    def worker_pid(self, index: int = 0) -> int | None:
        return list(self.service._drivers.values())[index].host.pid


class Start(Protocol):
    def __call__(self, *drivers: Driver, timeouts: Timeouts | None = None) -> Running: ...


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a service over drivers; closed at the end, and its workers must be gone then."""
    running: list[Running] = []
    logs = tmp_path / "log"
    logs.mkdir(exist_ok=True)

    def begin(*drivers: Driver, timeouts: Timeouts | None = None) -> Running:
        running.append(Running(drivers, logs, timeouts))
        return running[-1]

    yield begin
    for one in running:
        pids = [served.host.pid for served in one.service._drivers.values()]
        began = time.monotonic()
        one.service.close()
        assert time.monotonic() - began < 2.0
        assert not [pid for pid in pids if pid and Path(f"/proc/{pid}/cmdline").exists()]


def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
