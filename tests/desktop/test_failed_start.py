"""The services cannot be built: whoever asks is told at once, the log says where, and the program still ends."""

from __future__ import annotations

import http.client
import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import xieka.app
from tests.conftest import folders_under
from xieka.bridge.shell import BrowserShell
from xieka.cli.desktop import _Run
from xieka.core.errors import XiekaError

CANARY = "Kanarie-2391"


class Window(BrowserShell):
    """Notes what the page's buttons do."""

    def __init__(self) -> None:
        self.did: list[str] = []

    def quit(self) -> None:
        self.did.append("quit")


def ask(run: _Run, method: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection(run.bridge.netloc, timeout=10)
    body = json.dumps({"method": method, "params": {}, "id": 1})
    headers = {"Authorization": f"Bearer {run.bridge.token}", "Content-Type": "application/json"}
    connection.request("POST", "/rpc", body, headers)
    found: dict[str, Any] = json.load(connection.getresponse())
    connection.close()
    return found


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        pytest.param(RuntimeError(CANARY), "E-APP-01", id="unexpected"),
        pytest.param(XiekaError("E-FIL-01", path="/x"), "E-FIL-01", id="expected"),
    ],
)
def test_a_failed_start_is_told_to_whoever_waits(
    fault: Exception, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        time.sleep(0.5)
        raise fault

    monkeypatch.setattr(xieka.app, "App", fail)
    run = _Run(folders_under(tmp_path), demo=False)
    window = Window()
    threading.Thread(target=run.build, args=(window,)).start()
    begin = time.monotonic()
    # Asked before the failure, and after it.
    for _ in range(2):
        error = ask(run, "app.snapshot")["error"]
        assert error["code"] == code
        assert all(error[part] for part in ("what", "kept", "do"))
        assert CANARY not in str(error)
    assert time.monotonic() - begin < 3
    assert ask(run, "window.quit") == {"id": 1, "result": None}
    assert window.did == ["quit"]
    with pytest.raises(XiekaError, match=code):
        run.app()
    assert CANARY not in caplog.text
    if code == "E-APP-01":
        assert "start failed, ref" in caplog.text
        assert "RuntimeError at desktop.py" in caplog.text
    run.close()
    run.bridge.close()
