"""Verifying and changing 口令 on real (soft) tokens behind the counting shim: what people are told, what it cost."""

from __future__ import annotations

import threading

import pytest

from tests.token.conftest import Running, Start, until
from tests.tokens.shim import Shim
from tests.tokens.softhsm import PIN
from xieka.core.errors import XiekaError
from xieka.core.secret import Secret
from xieka.token.models import PinState

NEW = "abcd1234"


@pytest.fixture
def running(shim: Shim, start: Start) -> Running:
    shim.control("max=3", "minpin=8", "maxpin=16")
    return start(shim.driver())


def verify(running: Running, pin: str, *, last_try: bool = False) -> str:
    """Code of the error, or the state of the token's PIN."""
    try:
        return running.service.verify_pin(one(running), Secret(pin), last_try=last_try).state
    except XiekaError as error:
        error.body()
        return error.code


def change(running: Running, old: str, new: str, *, last_try: bool = False) -> str:
    try:
        return running.service.change_pin(one(running), Secret(old), Secret(new), last_try=last_try).state
    except XiekaError as error:
        error.body()
        return error.code


def one(running: Running) -> str:
    return running.token().id


def state(running: Running) -> PinState:
    return running.service.get(one(running)).pin.state


def presented(shim: Shim) -> tuple[int, int]:
    """How many logins and PIN changes reached the token."""
    return len(shim.calls("C_Login")), len(shim.calls("C_SetPIN"))


@pytest.mark.parametrize(
    ("tries", "pin", "last_try", "code", "left", "cost"),
    [
        pytest.param(3, PIN, False, "normal", 3, 1, id="right"),
        pytest.param(3, "000000", False, "E-PIN-01b", 2, 1, id="wrong"),
        pytest.param(2, "000000", False, "E-PIN-01b", 1, 1, id="wrong, one left"),
        pytest.param(2, PIN, False, "normal", 3, 1, id="right resets"),
        pytest.param(1, PIN, False, "E-PIN-03", 1, 0, id="last try not confirmed"),
        pytest.param(1, PIN, True, "normal", 3, 1, id="last try, right"),
        pytest.param(1, "000000", True, "E-PIN-02", 0, 1, id="last try, wrong, locks"),
        pytest.param(0, PIN, True, "E-PIN-02", 0, 0, id="locked"),
        pytest.param(3, "", False, "V-PIN-00", 3, 0, id="empty"),
    ],
)
def test_verify(
    shim: Shim, start: Start, tries: int, pin: str, last_try: bool, code: str, left: int, cost: int
) -> None:
    shim.control("max=3")
    shim.set_tries("one", tries)
    running = start(shim.driver())
    assert verify(running, pin, last_try=last_try) == code
    assert presented(shim) == (cost, 0)
    assert shim.tries("one") == left
    assert state(running) == {0: "locked", 1: "final", 2: "low", 3: "normal"}[left]


@pytest.mark.parametrize(
    ("old", "new", "code", "logins", "sets"),
    [
        pytest.param(PIN, NEW, "normal", 1, 1, id="right; the login proves the new one"),
        pytest.param(PIN, "1234567", "V-PIN-01", 0, 0, id="7 characters"),
        pytest.param(PIN, "12345678", "normal", 1, 1, id="8 characters"),
        pytest.param(PIN, "1234567890123456", "normal", 1, 1, id="16 characters"),
        pytest.param(PIN, "12345678901234567", "V-PIN-02", 0, 0, id="17 characters"),
        pytest.param(PIN, "密码密码密码密码", "V-PIN-05", 0, 0, id="Chinese"),
        pytest.param("", NEW, "V-PIN-00", 0, 0, id="no current PIN"),
        pytest.param(NEW, NEW, "V-PIN-04", 0, 0, id="same"),
        pytest.param("000000", NEW, "E-PIN-01b", 0, 1, id="wrong current PIN"),
    ],
)
def test_change(running: Running, shim: Shim, old: str, new: str, code: str, logins: int, sets: int) -> None:
    assert change(running, old, new) == code
    assert presented(shim) == (logins, sets)
    if code == "normal":
        assert verify(running, old) == "E-PIN-01b"
        assert verify(running, new) == "normal"
    else:
        assert verify(running, PIN) == "normal"


@pytest.mark.parametrize(
    ("method", "pins", "code"),
    [
        pytest.param("verify_pin", ["000000"], "E-PIN-04", id="verify: wrong before"),
        pytest.param("change_pin", ["000000", NEW], "E-PIN-04", id="change: wrong before"),
        pytest.param("change_pin", [PIN, "1234567"], "V-PIN-01", id="change: 7 characters"),
        pytest.param("change_pin", [PIN, "12345678901234567"], "V-PIN-02", id="change: 17 characters"),
        pytest.param("change_pin", [PIN, "口令口令口令口令"], "V-PIN-05", id="change: not ASCII"),
        pytest.param("change_pin", [NEW, NEW], "V-PIN-04", id="change: the same"),
        pytest.param("change_pin", ["", NEW], "V-PIN-00", id="change: no current one"),
        pytest.param("verify_pin", [""], "V-PIN-00", id="verify: none"),
    ],
)
def test_what_is_refused_reaches_nothing(running: Running, shim: Shim, method: str, pins: list[str], code: str) -> None:
    """Neither the token nor even a session on it, however often it is sent."""
    assert verify(running, "000000") == "E-PIN-01b"
    shim.forget_calls()
    for _ in range(3):
        with pytest.raises(XiekaError) as caught:
            getattr(running.service, method)(one(running), *map(Secret, pins))
        assert caught.value.code == code
    assert presented(shim) == (0, 0)
    assert shim.calls("C_OpenSession") == []
    assert shim.tries("one") == 2


def test_new_pin_that_the_token_refuses(running: Running, shim: Shim) -> None:
    shim.control("max=3", "minpin=10")
    assert change(running, PIN, NEW) == "E-PIN-06"
    assert verify(running, PIN) == "normal"


def test_library_that_wants_a_login_first(running: Running, shim: Shim) -> None:
    shim.control("max=3", "needlogin=1")
    assert change(running, PIN, NEW) == "normal"
    assert verify(running, NEW) == "normal"


def test_library_that_wants_a_login_first_counts_a_wrong_pin_once(running: Running, shim: Shim) -> None:
    shim.control("max=3", "needlogin=1")
    assert change(running, "000000", NEW) == "E-PIN-01b"
    assert shim.tries("one") == 2


class TestProvenWrong:
    def test_costs_no_second_try(self, running: Running, shim: Shim) -> None:
        assert verify(running, "000000") == "E-PIN-01b"
        assert verify(running, "000000") == "E-PIN-04"
        assert change(running, "000000", NEW) == "E-PIN-04"
        assert presented(shim) == (1, 0)
        assert shim.tries("one") == 2

    def test_from_a_change(self, running: Running, shim: Shim) -> None:
        assert change(running, "000000", NEW) == "E-PIN-01b"
        assert verify(running, "000000") == "E-PIN-04"
        assert presented(shim) == (0, 1)

    def test_survives_replugging(self, running: Running, shim: Shim) -> None:
        assert verify(running, "000000") == "E-PIN-01b"
        shim.hsm.unplug("one")
        until(lambda: len(running.labels()) == 1)
        shim.hsm.plug("one")
        until(lambda: len(running.labels()) == 2)
        assert verify(running, "000000") == "E-PIN-04"

    def test_ends_with_a_change(self, running: Running) -> None:
        assert verify(running, NEW) == "E-PIN-01b"
        assert change(running, PIN, NEW) == "normal"
        assert verify(running, NEW) == "normal"

    def test_survives_a_right_one_of_our_own(self, running: Running, shim: Shim) -> None:
        assert verify(running, "000000") == "E-PIN-01b"
        assert verify(running, PIN) == "normal"
        running.service.refresh()
        assert verify(running, "000000") == "E-PIN-04"
        assert presented(shim) == (2, 0)

    def test_ends_when_the_token_has_been_unlocked(self, running: Running, shim: Shim) -> None:
        """Locked by us, taken to the counter, back with the very PIN that was wrong before."""
        shim.set_tries("one", 2)
        assert verify(running, NEW) == "E-PIN-01b"
        assert verify(running, "000000", last_try=True) == "E-PIN-02"
        shim.hsm.unplug("one")
        until(lambda: len(running.labels()) == 1)
        self.reset_elsewhere(shim, NEW)
        shim.hsm.plug("one")
        until(lambda: len(running.labels()) == 2)
        assert verify(running, NEW) == "normal"

    def test_ends_when_the_count_is_full_again(self, running: Running, shim: Shim) -> None:
        assert verify(running, NEW) == "E-PIN-01b"
        self.reset_elsewhere(shim, NEW)
        until(lambda: verify(running, NEW) == "normal", 2)
        assert presented(shim) == (2, 0)

    def test_ends_when_a_twin_leaves(self, shim: Shim, start: Start) -> None:
        """Who is called by the bare serial number then is another token than before."""
        one, two = (shim.hsm.serials[name] for name in ("one", "two"))
        shim.control("max=9")
        shim.set_tries("two", 5)
        shim.hsm.unplug("two")
        running = start(shim.driver())
        assert verify(running, "000000") == "E-PIN-01b"
        shim.control("max=9", f"serial.{two}={one}")
        shim.hsm.plug("two")
        until(lambda: {token.ref for token in running.service.tokens().tokens} == {f"{one}#1", f"{one}#2"})
        shim.hsm.unplug("one")
        until(lambda: running.labels() == ["second"])
        assert running.token("second").id == f"softhsm:{one}"
        assert len(running.token("second").certificates) == 1, "its own, not those of the one that left"
        with pytest.raises(XiekaError) as caught:
            running.service.verify_pin(one, Secret("000000"))
        assert caught.value.code == "E-PIN-01b"

    def test_two_drivers_of_the_same_serial_keep_their_own(self, shim: Shim, start: Start) -> None:
        shim.control("max=9")
        serial = shim.hsm.serials["one"]
        running = start(shim.driver(id="a"), shim.driver(id="b"))
        for driver in ("a", "b"):
            for code in ("E-PIN-01b", "E-PIN-04"):
                with pytest.raises(XiekaError) as caught:
                    running.service.verify_pin(f"{driver}:{serial}", Secret("000000"))
                assert caught.value.code == code
        assert presented(shim) == (2, 0)

    @staticmethod
    def reset_elsewhere(shim: Shim, pin: str) -> None:
        """What the issuer does with the administrator's PIN: a new user PIN and a full count."""
        shim.hsm.reset_pin("one", pin)
        shim.set_tries("one", 3)

    def test_is_told_before_the_last_try_is_spent(self, running: Running, shim: Shim) -> None:
        for pin in ("000000", "000001"):
            assert verify(running, pin) == "E-PIN-01b"
        assert verify(running, "000000", last_try=True) == "E-PIN-04"
        assert shim.tries("one") == 1


def test_state_that_changed_behind_our_back_is_seen_in_time(running: Running, shim: Shim) -> None:
    """Another program has spent the tries; what we know is old, the worker looks before it presents."""
    assert state(running) == "normal"
    shim.set_tries("one", 1)
    assert verify(running, "000000") == "E-PIN-03"
    assert presented(shim) == (0, 0)
    shim.set_tries("one", 0)
    assert verify(running, "000000", last_try=True) == "E-PIN-02"
    assert presented(shim) == (0, 0)
    assert state(running) == "locked"


def test_module_without_flags_is_unknown(shim: Shim, start: Start) -> None:
    running = start(shim.driver(pin_flags=False))
    assert state(running) == "unknown"
    assert verify(running, PIN) == "unknown"


@pytest.mark.parametrize(
    ("rv", "code"),
    [
        pytest.param("0x32", "E-TOK-01b", id="device removed"),
        pytest.param("0xe0", "E-TOK-01b", id="token not present"),
        pytest.param("0x30", "E-PIN-08", id="device error"),
        pytest.param("0x5", "E-PIN-08", id="general error"),
        pytest.param("0x80000123", "E-PIN-08", id="vendor code"),
        pytest.param("0x54", "E-TOK-08", id="not supported"),
        pytest.param("0xa4", "E-PIN-02", id="locked"),
        pytest.param("0x102", "E-PIN-07", id="no user PIN"),
    ],
)
def test_errors_of_the_login(running: Running, shim: Shim, rv: str, code: str) -> None:
    shim.control(f"fault=C_Login:rv:{rv}")
    assert verify(running, PIN) == code
    assert presented(shim) == (1, 0)


@pytest.mark.parametrize(
    ("fault", "code", "presentations"),
    [
        pytest.param("C_OpenSession:rv:0x30", "E-TOK-08", (0, 0), id="no session: device error"),
        pytest.param("C_OpenSession:rv:0xb1", "E-TOK-08", (0, 0), id="no session: too many"),
        pytest.param("C_OpenSession:rv:0xe2", "E-TOK-08", (0, 0), id="no session: write-protected"),
        pytest.param("C_SetPIN:rv:0xe2", "E-TOK-08", (0, 1), id="write-protected"),
        pytest.param("C_SetPIN:rv:0x54", "E-TOK-08", (0, 1), id="not supported"),
        pytest.param("C_SetPIN:rv:0xb5", "E-TOK-08", (0, 1), id="read-only session"),
        pytest.param("C_SetPIN:rv:0x30", "E-PIN-05", (0, 1), id="device error in the middle"),
        pytest.param("C_SetPIN:rv:0x80000123", "E-PIN-05", (0, 1), id="vendor code in the middle"),
    ],
)
def test_errors_of_the_change(
    running: Running, shim: Shim, fault: str, code: str, presentations: tuple[int, int]
) -> None:
    shim.control("max=3", f"fault={fault}")
    assert change(running, PIN, NEW) == code
    assert presented(shim) == presentations


def test_failed_login_before_a_change_is_not_called_a_change(running: Running, shim: Shim) -> None:
    shim.control("max=3", "needlogin=1", "fault=C_Login:rv:0x30")
    assert change(running, PIN, NEW) == "E-PIN-08"
    assert presented(shim) == (1, 1)


def test_session_that_does_not_open_presents_nothing(running: Running, shim: Shim) -> None:
    shim.control("max=3", "fault=C_OpenSession:rv:0x30")
    assert verify(running, PIN) == "E-TOK-08"
    assert presented(shim) == (0, 0)


def test_pulled_before(running: Running, shim: Shim) -> None:
    """Never a wrong PIN: the token is missed before anything is presented."""
    token = one(running)
    shim.hsm.unplug("one")
    with pytest.raises(XiekaError) as caught:
        running.service.verify_pin(token, Secret("000000"))
    assert caught.value.code == "E-TOK-01"
    until(lambda: len(running.labels()) == 1)
    with pytest.raises(XiekaError) as caught:
        running.service.verify_pin(token, Secret("000000"))
    assert caught.value.code == "E-TOK-01"
    assert presented(shim) == (0, 0)


def test_pulled_in_the_middle(running: Running, shim: Shim) -> None:
    """SoftHSM, like OpenSC, then answers CKR_GENERAL_ERROR."""
    shim.control("max=3", "fault=C_Login:delay:300")
    token = one(running)
    puller = threading.Timer(0.15, shim.hsm.unplug, ("one",))
    puller.start()
    with pytest.raises(XiekaError) as caught:
        running.service.verify_pin(token, Secret(PIN))
    assert caught.value.code == "E-TOK-01b"
    puller.join()


def test_pulled_while_the_pin_is_set(running: Running, shim: Shim) -> None:
    shim.control("max=3", "fault_after=C_SetPIN:rv:0x32")
    assert change(running, PIN, NEW) == "E-PIN-05"
    shim.control("max=3")
    assert verify(running, NEW) == "normal"


def test_new_pin_that_does_not_prove_itself(running: Running, shim: Shim) -> None:
    shim.control("max=3", "fault=C_Login:rv:0x30")
    assert change(running, PIN, NEW) == "E-PIN-05"
    assert presented(shim) == (1, 1)


def test_unknown_token(running: Running) -> None:
    with pytest.raises(XiekaError) as caught:
        running.service.verify_pin("softhsm:none", Secret(PIN))
    assert caught.value.code == "E-TOK-06"


def test_bare_serial_is_enough(running: Running, shim: Shim) -> None:
    assert running.service.verify_pin(shim.hsm.serials["one"], Secret(PIN)).state == "normal"


def test_other_token_is_not_touched(running: Running, shim: Shim) -> None:
    verify(running, "000000")
    assert shim.tries("two") is None
