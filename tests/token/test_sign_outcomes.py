"""A signature under every turn that a 口令 can take: one presentation, never repeated, and the truth about it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from tests.token.conftest import Start, until
from tests.token.signing_tokens import DATA, LABEL, Signer, sign
from tests.tokens.shim import Call, Shim
from tests.tokens.softhsm import PIN
from xieka.core.errors import XiekaError
from xieka.core.secret import Secret
from xieka.token.presence import Timeouts


@pytest.fixture
def shim(signing_shim: Shim) -> Shim:
    return signing_shim


@pytest.fixture
def rsa(signer: Signer) -> bytes:
    return signer.der["rsa"]


def presented(shim: Shim) -> tuple[int, int]:
    """Logins and signatures that reached the token."""
    return len(shim.calls("C_Login")), len(shim.calls("C_Sign"))


@pytest.mark.parametrize(
    ("tries", "pin", "last_try", "code", "left", "cost"),
    [
        pytest.param(3, PIN, False, "signed", 3, 1, id="right"),
        pytest.param(3, "000000", False, "E-PIN-01b", 2, 1, id="wrong"),
        pytest.param(2, "000000", False, "E-PIN-01b", 1, 1, id="wrong, one left"),
        pytest.param(2, PIN, False, "signed", 3, 1, id="right resets"),
        pytest.param(1, PIN, False, "E-PIN-03", 1, 0, id="last try not confirmed"),
        pytest.param(1, PIN, True, "signed", 3, 1, id="last try, right"),
        pytest.param(1, "000000", True, "E-PIN-02", 0, 1, id="last try, wrong, locks"),
        pytest.param(0, PIN, True, "E-PIN-02", 0, 0, id="locked"),
        pytest.param(3, "", False, "V-PIN-00", 3, 0, id="empty"),
    ],
)
def test_pin(
    shim: Shim, start: Start, rsa: bytes, tries: int, pin: str, last_try: bool, code: str, left: int, cost: int
) -> None:
    shim.control("max=3")
    shim.set_tries("one", tries)
    running = start(shim.driver())
    assert sign(running, rsa, pin, last_try=last_try)[0] == code
    assert presented(shim) == (cost, int(code == "signed"))
    assert shim.tries("one") == left
    assert running.token(LABEL).pin.state == {0: "locked", 1: "final", 2: "low", 3: "normal"}[left]


def test_proven_wrong_reaches_nothing(shim: Shim, start: Start, rsa: bytes) -> None:
    """Whichever operation has proven it; and the other way round."""
    shim.control("max=9")
    running = start(shim.driver())
    token = running.token(LABEL).id
    assert sign(running, rsa, "000000")[0] == "E-PIN-01b"
    with pytest.raises(XiekaError):
        running.service.verify_pin(token, Secret("000001"))
    shim.forget_calls()
    for _ in range(2):
        assert sign(running, rsa, "000000")[0] == "E-PIN-04"
        assert sign(running, rsa, "000001")[0] == "E-PIN-04"
        with pytest.raises(XiekaError) as caught:
            running.service.verify_pin(token, Secret("000000"))
        assert caught.value.code == "E-PIN-04"
    assert presented(shim) == (0, 0)
    assert shim.calls("C_SignInit") == []
    assert shim.tries("one") == 7


def test_state_that_changed_behind_our_back_is_seen_in_time(shim: Shim, start: Start, rsa: bytes) -> None:
    shim.control("max=3")
    running = start(shim.driver())
    shim.set_tries("one", 1)
    assert sign(running, rsa)[0] == "E-PIN-03"
    shim.set_tries("one", 0)
    assert sign(running, rsa, last_try=True)[0] == "E-PIN-02"
    assert presented(shim) == (0, 0)


@pytest.mark.parametrize(
    ("fault", "code", "presentations"),
    [
        pytest.param("C_OpenSession:rv:0x30", "E-TOK-08", (0, 0), id="no session"),
        pytest.param("C_Login:rv:0x32", "E-TOK-01b", (1, 0), id="login: removed"),
        pytest.param("C_Login:rv:0x30", "E-PIN-08", (1, 0), id="login: device error"),
        pytest.param("C_Login:rv:0x102", "E-PIN-07", (1, 0), id="login: no user PIN"),
        pytest.param("C_Login:rv:0x54", "E-TOK-08", (1, 0), id="login: not supported"),
        pytest.param("C_FindObjectsInit:rv:0x30", "E-SIG-06", (1, 0), id="search: device error"),
        pytest.param("C_FindObjects:rv:0x32", "E-TOK-01", (1, 0), id="search: removed"),
        pytest.param("C_GetAttributeValue:rv:0x30", "E-SIG-02", (1, 0), id="no object can be read"),
        pytest.param("C_SignInit:rv:0x30", "E-SIG-06", (1, 0), id="begin: device error"),
        pytest.param("C_SignInit:rv:0x68", "E-SIG-03", (1, 0), id="begin: key may not sign"),
        pytest.param("C_SignInit:rv:0x70", "E-SIG-05", (1, 0), id="begin: mechanism missing after all"),
        pytest.param("C_Sign:rv:0x32", "E-TOK-01", (1, 1), id="sign: removed"),
        pytest.param("C_Sign:rv:0x30", "E-SIG-06", (1, 1), id="sign: device error"),
        pytest.param("C_Sign:rv:0x200", "E-SIG-06", (1, 1), id="sign: refused at the device"),
        pytest.param("C_Sign:rv:0x80000123", "E-SIG-06", (1, 1), id="sign: vendor code"),
        pytest.param("C_Sign:rv:0xa0", "E-SIG-06", (1, 1), id="sign: never called a wrong PIN"),
        pytest.param("C_Logout:rv:0x30", "signed", (1, 1), id="logout fails: the session is closed all the same"),
    ],
)
def test_errors_on_the_way(
    shim: Shim, start: Start, rsa: bytes, fault: str, code: str, presentations: tuple[int, int]
) -> None:
    running = start(shim.driver())
    shim.control("max=3", f"fault={fault}")
    shim.forget_calls()
    assert sign(running, rsa)[0] == code
    assert presented(shim) == presentations
    functions = [call.function for call in shim.calls()]
    if presentations[0]:
        after = functions[functions.index("C_Login") :]
        assert {"C_CloseSession", "C_CloseAllSessions", "C_Logout"} <= set(after), "logged out, closed"
    shim.control("max=3")
    assert sign(running, rsa)[0] == "signed", "what went wrong with the key is not held against the PIN"


@pytest.mark.parametrize(
    ("function", "code"),
    [pytest.param("C_Login", "E-TOK-01b", id="login"), pytest.param("C_Sign", "E-TOK-01", id="sign")],
)
def test_pulled_in_the_middle(shim: Shim, start: Start, rsa: bytes, function: str, code: str) -> None:
    """Libraries then answer anything, here a general error; that the token is gone tells it."""
    running = start(shim.driver())
    shim.control("max=3", f"fault={function}:delay:300", f"fault={function}:rv:0x5")
    puller = threading.Timer(0.15, shim.hsm.unplug, ("one",))
    puller.start()
    assert sign(running, rsa)[0] == code
    puller.join()
    assert len(shim.calls("C_Login")) == 1


def test_pulled_before(shim: Shim, start: Start, rsa: bytes) -> None:
    running = start(shim.driver())
    token = running.token(LABEL).id
    shim.hsm.unplug("one")
    until(lambda: running.labels() == [])
    with pytest.raises(XiekaError) as caught:
        running.service.sign(token, rsa, DATA, Secret(PIN))
    assert caught.value.code == "E-TOK-01"
    assert presented(shim) == (0, 0)


@pytest.mark.parametrize("function", ["C_Login", "C_SignInit", "C_Sign"])
@pytest.mark.parametrize("when", ["fault", "fault_after"])
def test_crash_is_not_repeated(shim: Shim, start: Start, rsa: bytes, function: str, when: str) -> None:
    running = start(shim.driver())
    shim.control(f"{when}={function}:segv")
    assert sign(running, rsa)[0] == "E-PIN-08"
    until(lambda: "recovered" in running.driver_states())
    time.sleep(0.2)
    assert len(shim.calls("C_Login")) == 1
    assert len(shim.calls("C_Sign")) == (function == "C_Sign")
    shim.control()
    assert sign(running, rsa)[0] == "signed"


@pytest.mark.parametrize("function", ["C_Login", "C_Sign"])
def test_hang_ends_at_the_time_out(shim: Shim, start: Start, rsa: bytes, function: str) -> None:
    running = start(shim.driver(), timeouts=Timeouts(sign=0.5))
    shim.control(f"fault={function}:hang")
    began = time.monotonic()
    assert sign(running, rsa)[0] == "E-PIN-08"
    assert 0.5 <= time.monotonic() - began < 1.0
    until(lambda: "recovered" in running.driver_states(), 2)
    assert len(shim.calls("C_Login")) == 1
    shim.control()
    assert sign(running, rsa)[0] == "signed"


def test_worker_killed_while_idle_costs_nothing(shim: Shim, start: Start, rsa: bytes) -> None:
    """A request of any length that could not be written to its end has presented nothing, so it may be sent anew."""
    running = start(shim.driver())
    pid = running.worker_pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert sign(running, rsa, data=bytes(32_000))[0] in ("signed", "E-PIN-08", "E-MOD-04")
    assert len(shim.calls("C_Login")) <= 1
    until(lambda: "recovered" in running.driver_states())
    assert sign(running, rsa, data=bytes(32_000))[0] == "signed"


def test_the_same_wrong_pin_for_all_at_once_costs_one_try(shim: Shim, start: Start, rsa: bytes) -> None:
    shim.control("max=9", "fault=C_Login:delay:50")
    running = start(shim.driver())
    token = running.token(LABEL).id
    codes: list[str] = []

    def verify() -> None:
        try:
            running.service.verify_pin(token, Secret("wrong-pin"))
        except XiekaError as error:
            codes.append(error.code)

    def signature() -> None:
        codes.append(sign(running, rsa, "wrong-pin")[0])

    at_once(verify, signature, verify, signature)
    assert len(shim.calls("C_Login")) == 1
    assert sorted(codes) == ["E-PIN-01b", "E-PIN-04", "E-PIN-04", "E-PIN-04"]
    assert shim.tries("one") == 8


def test_one_presentation_at_a_time_even_over_two_drivers(shim: Shim, start: Start, rsa: bytes) -> None:
    """Two workers on the same tokens: what one has begun is over before the other begins."""
    shim.control("max=9")
    running = start(shim.driver(id="a"), shim.driver(id="b"))
    serial = shim.hsm.serials["one"]
    shim.control("max=9", "fault=C_Login:delay:80")
    shim.forget_calls()
    service, pin = running.service, Secret(PIN)
    at_once(
        lambda: service.sign(f"a:{serial}", rsa, DATA, pin),
        lambda: service.verify_pin(f"b:{serial}", pin),
        lambda: service.sign(f"b:{serial}", rsa, DATA, pin),
        lambda: service.verify_pin(f"a:{serial}", pin),
    )
    assert presented(shim) == (4, 2)
    inside: Call | None = None
    for call in shim.calls():
        if call.function == "C_Login":
            assert inside is None
            inside = call
        elif call.function == "C_CloseSession" and inside and call.pid == inside.pid:
            inside = None


def at_once(*actions: Callable[[], object]) -> None:
    threads = [threading.Thread(target=action) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
