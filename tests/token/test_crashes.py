"""Workers that die, hang or cannot start: the client lives on, and no PIN is presented twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.token.conftest import Running, Start, until
from tests.tokens.shim import Shim
from tests.tokens.softhsm import PIN, REPOSITORY, SoftHsm
from xieka.core.errors import XiekaError
from xieka.core.secret import Secret
from xieka.token.presence import Timeouts

BOTH = {"沪申示例", "second"}


def kill(running: Running) -> int:
    pid = running.worker_pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    return pid


def error_of_verify(running: Running, pin: str = PIN) -> str:
    with pytest.raises(XiekaError) as caught:
        running.service.verify_pin(running.token().id, Secret(pin))
    caught.value.body()
    return caught.value.code


def test_killed_while_idle_recovers_by_itself(hsm: SoftHsm, start: Start) -> None:
    running = start(hsm.driver())
    began = time.monotonic()
    old = kill(running)
    until(lambda: running.driver_states() == ["crashed", "recovered"], 2)
    assert time.monotonic() - began < 1.0
    assert running.worker_pid() not in (None, old)
    assert set(running.labels()) == BOTH
    assert running.plugs() == []
    assert running.problems() == []


def test_killed_while_listing(shim: Shim, start: Start) -> None:
    running = start(shim.driver())
    shim.control("fault=C_FindObjectsInit:delay:400")
    shim.forget_calls()
    refreshed = threading.Thread(target=running.service.refresh)
    refreshed.start()
    until(lambda: shim.calls("C_FindObjectsInit"))
    shim.control()
    kill(running)
    refreshed.join(5)
    assert not refreshed.is_alive()
    assert set(running.labels()) == BOTH
    assert running.driver_states() == ["crashed", "recovered"]


@pytest.mark.parametrize("when", ["fault", "fault_after"])
@pytest.mark.parametrize("kind", ["segv", "abort", "exit"])
def test_crash_during_login_is_not_repeated(shim: Shim, start: Start, when: str, kind: str) -> None:
    running = start(shim.driver())
    shim.control(f"{when}=C_Login:{kind}")
    assert error_of_verify(running) == "E-PIN-08"
    until(lambda: "recovered" in running.driver_states())
    time.sleep(0.2)
    assert len(shim.calls("C_Login")) == 1
    shim.control()
    assert running.service.verify_pin(running.token().id, Secret(PIN)).state == "normal"


def test_killed_during_login_is_not_repeated(shim: Shim, start: Start) -> None:
    running = start(shim.driver())
    shim.control("fault=C_Login:hang")

    def kill_in_login() -> None:
        until(lambda: shim.calls("C_Login"))
        kill(running)

    killer = threading.Thread(target=kill_in_login)
    killer.start()
    assert error_of_verify(running) == "E-PIN-08"
    killer.join()
    until(lambda: "recovered" in running.driver_states(), 2)
    time.sleep(0.2)
    assert len(shim.calls("C_Login")) == 1


def test_crash_after_the_pin_was_set(shim: Shim, start: Start) -> None:
    running = start(shim.driver())
    with pytest.raises(XiekaError):
        # Wrong today; it must not be refused unseen once it may have become the right one.
        running.service.verify_pin(running.token().id, Secret("abcd1234"))
    shim.control("fault_after=C_SetPIN:segv")
    with pytest.raises(XiekaError) as caught:
        running.service.change_pin(running.token().id, Secret(PIN), Secret("abcd1234"))
    assert caught.value.code == "E-PIN-05"
    shim.control()
    assert running.service.verify_pin(running.token().id, Secret("abcd1234")).state == "normal"
    assert len(shim.calls("C_SetPIN")) == 1


def test_hang_in_login_ends_at_the_time_out(shim: Shim, start: Start) -> None:
    running = start(shim.driver(), timeouts=Timeouts(verify=0.5))
    shim.control("fault=C_Login:hang")
    began = time.monotonic()
    assert error_of_verify(running) == "E-PIN-08"
    assert 0.5 <= time.monotonic() - began < 1.0
    until(lambda: "recovered" in running.driver_states(), 2)
    assert len(shim.calls("C_Login")) == 1


def test_hang_in_listing_is_told_and_overcome(shim: Shim, start: Start) -> None:
    running = start(shim.driver(), timeouts=Timeouts(read=0.5))
    shim.control("fault=C_GetSlotList:hang")
    running.service.refresh()
    assert running.problems() == ["E-MOD-04"]
    assert set(running.labels()) == BOTH, "nobody has said that they are gone"
    shim.control()
    running.service.refresh()
    assert running.problems() == []
    assert running.driver_states()[-1] == "recovered"


def test_crash_loop_stops_and_refresh_revives(shim: Shim, start: Start) -> None:
    shim.control("fault=C_GetSlotList:segv")
    running = start(shim.driver())
    assert running.driver_states() == ["crashed", "crashed", "stopped"]
    assert running.problems() == ["E-MOD-03"]
    assert not running.service.tokens().reading
    started = len(shim.calls("C_Initialize"))
    time.sleep(1.3)
    assert len(shim.calls("C_Initialize")) == started, "a stopped driver is left alone"
    shim.control()
    running.service.refresh()
    assert set(running.labels()) == BOTH
    assert running.problems() == []
    assert running.driver_states()[-1] == "recovered"
    assert running.plugs() == []


def test_pin_of_a_stopped_driver(shim: Shim, start: Start) -> None:
    running = start(shim.driver())
    token = running.token()
    shim.control("fault=C_GetSlotList:segv")
    kill(running)
    until(lambda: "stopped" in running.driver_states())
    until(lambda: running.labels() == [])
    with pytest.raises(XiekaError):
        running.service.verify_pin(token.id, Secret(PIN))
    assert shim.calls("C_Login") == []


def test_module_that_is_no_module(tmp_path: Path, hsm: SoftHsm, start: Start) -> None:
    fake = tmp_path / "fake.so"
    fake.write_text("not a library")
    running = start(hsm.driver(module=fake), hsm.driver(id="good"))
    assert set(running.labels()) == BOTH
    (problem,) = running.service.tokens().problems
    assert (problem.driver, problem.error["code"]) == ("softhsm", "E-MOD-01")
    assert str(fake) in problem.error["kept"]
    assert running.driver_states() == []


def test_module_that_refuses_to_initialise(shim: Shim, start: Start) -> None:
    shim.control("fault=C_Initialize:rv:0x5")
    running = start(shim.driver())
    assert running.problems() == ["E-MOD-01"]
    tried = len(shim.calls("C_Initialize"))
    time.sleep(1.3)
    assert len(shim.calls("C_Initialize")) == tried, "a driver that cannot be used is left alone"
    shim.control()
    running.service.refresh()
    assert running.problems() == []
    assert set(running.labels()) == BOTH


def test_module_that_needs_reinitialising_after_an_error(shim: Shim, start: Start) -> None:
    """As after the restart of a smart-card service: every call fails until the library is initialised anew."""
    running = start(shim.driver(relist="list", watch=None))
    shim.control("fault=C_GetSlotList:rv:0x30")
    running.service.refresh()
    assert running.problems() == ["E-TOK-03"]
    shim.control()
    running.service.refresh()
    assert running.problems() == []
    assert running.driver_states() == [], "a deliberate restart is no crash"


def test_unreadable_token_is_told_and_not_taken_for_empty(shim: Shim, start: Start) -> None:
    running = start(shim.driver())
    shim.control("fault=C_FindObjectsInit:rv:0x30")
    running.service.refresh()
    assert set(running.labels()) == BOTH
    assert running.problems() == ["E-TOK-03"]
    assert running.token().certificates, "what was read before still stands"


def test_hung_worker_ends_itself_when_its_host_is_gone(shim: Shim) -> None:
    """Nobody is left to kill it: its own alarm does."""
    from xieka.core.clock import SystemClock
    from xieka.token import wire, worker
    from xieka.token.host import DriverHost

    host = DriverHost(shim.driver(), SystemClock(), None, lambda state: None)
    host.spawn()
    process = host._worker
    assert process
    host.call("snapshot", {"known": []}, timeout=5)
    shim.control("fault=C_GetSlotList:hang")
    message = {"method": "snapshot", "params": {"known": []}, "secrets": 0, "timeout": 0.2 - worker._GRACE}
    wire.write(process._requests.fileno(), wire.encode(message))
    assert process._process.wait(3) == -signal.SIGALRM
    host.close()


def test_close_is_quick_even_in_a_hang(shim: Shim, start: Start) -> None:
    """The fixture measures that closing takes less than 2 seconds and leaves no process."""
    running = start(shim.driver())
    shim.control("fault=C_GetSlotList:hang")
    shim.forget_calls()
    threading.Thread(target=running.service.refresh, daemon=True).start()
    until(lambda: shim.calls("C_GetSlotList"))


def test_worker_ends_with_its_client(hsm: SoftHsm) -> None:
    """The client is killed without a chance to say good-bye."""
    script = (
        "import sys, time; from pathlib import Path; from tests.tokens.softhsm import SoftHsm\n"
        "from xieka.core.clock import SystemClock; from xieka.core.events import EventBus\n"
        "from xieka.token.service import TokenService\n"
        "service = TokenService([SoftHsm(Path(sys.argv[1])).driver()], EventBus(), SystemClock())\n"
        "service.start(); assert service.wait_first(20)\n"
        "print(service._drivers['softhsm'].host.pid, flush=True); time.sleep(60)"
    )
    client = subprocess.Popen(
        [sys.executable, "-c", script, str(hsm.root)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    assert client.stdout
    with client.stdout as lines:
        worker = Path(f"/proc/{int(lines.readline())}")
    assert worker.exists()
    client.kill()
    client.wait()
    until(lambda: not (worker / "cmdline").exists() or not (worker / "cmdline").read_bytes(), 1.0)


def test_the_same_wrong_pin_sent_at_once_costs_one_try(shim: Shim, start: Start) -> None:
    running = start(shim.driver())
    token = running.token().id
    codes: list[str] = []

    def attempt() -> None:
        try:
            running.service.verify_pin(token, Secret("wrong-pin"))
        except XiekaError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=attempt) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(shim.calls("C_Login")) == 1
    assert sorted(codes)[1:] == ["E-PIN-04", "E-PIN-04"]
