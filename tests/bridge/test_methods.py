"""Methods over the real practice Ukeys: a 口令 is presented once, however often the browser sends the call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import Practice
from xieka.app import App, start_tokens
from xieka.bridge import methods
from xieka.bridge.attempts import LIMIT, Attempts
from xieka.bridge.rpc import Rpc
from xieka.bridge.shell import BrowserShell
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus

ONE = "上海沪申示例贸易有限公司"


@pytest.fixture
def log(practice: Practice) -> Path:
    """Where the shim writes every call that reaches the token."""
    practice.demo.pin_state(1, "normal")
    manifest = next(practice.folders.data.rglob("driver.toml")).read_text(encoding="utf-8")
    path = re.search(r'SHIM_CTL\s*=\s*"([^"]+)"', manifest)
    assert path
    calls = Path(path.group(1) + ".calls")
    calls.touch()
    return calls


@pytest.fixture
def app(practice: Practice, log: Path) -> Iterator[App]:
    bus = EventBus()
    app = App(practice.folders, bus, start_tokens(practice.folders, bus), {})
    assert app.tokens.wait_first(20)
    yield app
    app.close()


@pytest.fixture
def rpc(app: App) -> Rpc:
    return methods.build(app, BrowserShell())


def presented(log: Path) -> int:
    return sum(line.split()[-1] in ("C_Login", "C_SetPIN") for line in log.read_text(encoding="ascii").splitlines())


def call(rpc: Rpc, method: str, **params: object) -> str:
    """The error's code, or `done`."""
    answer = rpc.dispatch({"method": method, "params": params, "id": 1})
    error = answer.get("error")
    return str(error["code"]) if isinstance(error, dict) else "done"


@pytest.mark.parametrize(
    ("method", "params", "first"),
    [
        pytest.param("ukey.verify_pin", {"pin": "123456"}, "done", id="verify, right"),
        pytest.param("ukey.verify_pin", {"pin": "654321"}, "E-PIN-01a", id="verify, wrong"),
        pytest.param("ukey.change_pin", {"old": "123456", "new": "newpin12"}, "done", id="change"),
    ],
)
def test_the_same_attempt_is_made_once(
    method: str, params: dict[str, object], first: str, app: App, rpc: Rpc, log: Path
) -> None:
    token = next(ukey.id for ukey in app.ukeys.state().tokens if ukey.holder == ONE)
    given = {"token": token, "attempt": str(uuid4()), **params}
    assert call(rpc, method, **given)[:8] == first[:8]
    spent = presented(log)
    assert spent > 0
    for other in ({}, {"pin": "111111"} if "pin" in params else {"old": "111111"}):
        assert call(rpc, method, **given | other) == "E-RPC-04"
    assert presented(log) == spent
    # A person who confirms again means it.
    after = "newpin12" if "new" in params else "123456"
    assert call(rpc, "ukey.verify_pin", token=token, attempt=str(uuid4()), pin=after) == "done"
    assert presented(log) > spent


@pytest.mark.parametrize("attempt", ["", "short", "x" * 65, "with space-00", "换一个名字-000000", 12345678, None])
def test_an_attempt_without_a_name_is_refused(attempt: object, app: App, rpc: Rpc, log: Path) -> None:
    token = app.ukeys.state().tokens[0].id
    assert call(rpc, "ukey.verify_pin", token=token, attempt=attempt, pin="123456") == "E-RPC-03"
    assert call(rpc, "ukey.verify_pin", token=token, pin="123456") == "E-RPC-03"
    assert presented(log) == 0


def test_the_names_of_attempts_do_not_pile_up() -> None:
    attempts = Attempts()
    for number in range(3 * LIMIT):
        attempts.begin(f"attempt-{number}")
    with pytest.raises(XiekaError, match="E-RPC-04"):
        attempts.begin(f"attempt-{2 * LIMIT}")
    assert len(attempts._seen) == LIMIT
