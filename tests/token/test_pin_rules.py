"""The tables of pin.py, row by row, without a token."""

from __future__ import annotations

import itertools

import pytest

from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.core.secret import Secret
from xieka.token import ckr
from xieka.token import pin as rules
from xieka.token.models import PinHealth, PinState
from xieka.token.pin import Outcome


def code_of(error: pytest.ExceptionInfo[XiekaError]) -> str:
    return error.value.code


@pytest.mark.parametrize(
    ("new", "code"),
    [
        pytest.param("1234567", "V-PIN-01", id="7 characters"),
        pytest.param("12345678", None, id="8 characters"),
        pytest.param("1234567890123456", None, id="16 characters"),
        pytest.param("12345678901234567", "V-PIN-02", id="17 characters"),
        pytest.param("", "V-PIN-01", id="empty"),
        pytest.param("pass word~!", None, id="blank and signs"),
        pytest.param("口令口令口令口令", "V-PIN-05", id="Chinese"),
        pytest.param("１２３４５６７８", "V-PIN-05", id="full width"),
        pytest.param("1234567\t", "V-PIN-05", id="control character"),
        pytest.param("1234567\x7f", "V-PIN-05", id="delete"),
        pytest.param("currentpin", "V-PIN-04", id="same as the current"),
        pytest.param("currentpiN", None, id="differs in case"),
    ],
)
def test_new_pin(new: str, code: str | None) -> None:
    if code is None:
        rules.check_new(Secret("currentpin"), Secret(new))
        return
    with pytest.raises(XiekaError) as caught:
        rules.check_new(Secret("currentpin"), Secret(new))
    assert code_of(caught) == code
    caught.value.body()


@pytest.mark.parametrize("old", ["1", "口", "x" * 40])
def test_current_pin_may_have_any_length(old: str) -> None:
    rules.check_current(Secret(old))
    rules.check_new(Secret(old), Secret("abcd1234"))


def test_current_pin_must_be_there() -> None:
    with pytest.raises(XiekaError) as caught:
        rules.check_current(Secret(""))
    assert code_of(caught) == "V-PIN-00"


@pytest.mark.parametrize(
    ("state", "proven_wrong", "last_try", "code"),
    [
        ("normal", False, False, None),
        ("unknown", False, False, None),
        ("low", False, False, None),
        ("low", True, False, "E-PIN-04"),
        ("normal", True, True, "E-PIN-04"),
        ("final", False, False, "E-PIN-03"),
        ("final", False, True, None),
        ("final", True, True, "E-PIN-04"),
        ("locked", False, True, "E-PIN-02"),
        ("locked", True, True, "E-PIN-02"),
        ("unset", False, True, "E-PIN-07"),
    ],
)
def test_before_presentation(state: str, proven_wrong: bool, last_try: bool, code: str | None) -> None:
    health = PinHealth(PinState(state))
    if code is None:
        rules.check_state(health, proven_wrong=proven_wrong, last_try=last_try)
        return
    with pytest.raises(XiekaError) as caught:
        rules.check_state(health, proven_wrong=proven_wrong, last_try=last_try)
    assert code_of(caught) == code


@pytest.mark.parametrize(
    ("step", "rv", "present", "state", "code"),
    [
        ("login", ckr.PIN_INCORRECT, True, "normal", "E-PIN-01"),
        ("login", ckr.PIN_INCORRECT, True, "unknown", "E-PIN-01"),
        ("login", ckr.PIN_INCORRECT, True, "low", "E-PIN-01b"),
        ("login", ckr.PIN_INCORRECT, True, "final", "E-PIN-01b"),
        ("login", ckr.PIN_INCORRECT, True, "locked", "E-PIN-02"),
        ("login", ckr.PIN_LEN_RANGE, True, "unknown", "E-PIN-01"),
        ("login", ckr.PIN_LOCKED, True, "unknown", "E-PIN-02"),
        ("login", ckr.USER_PIN_NOT_INITIALIZED, True, "unknown", "E-PIN-07"),
        ("login", ckr.DEVICE_REMOVED, True, "normal", "E-TOK-01b"),
        ("login", ckr.GENERAL_ERROR, False, "normal", "E-TOK-01b"),
        ("login", ckr.PIN_INCORRECT, False, "normal", "E-TOK-01b"),
        ("login", ckr.GENERAL_ERROR, True, "normal", "E-PIN-08"),
        ("login", 0x80000123, True, "normal", "E-PIN-08"),
        ("login", ckr.FUNCTION_NOT_SUPPORTED, True, "normal", "E-TOK-08"),
        ("check", ckr.TOKEN_NOT_PRESENT, False, "normal", "E-TOK-01"),
        ("check", ckr.OK, False, "normal", "E-TOK-01"),
        ("check", ckr.DEVICE_ERROR, True, "normal", "E-TOK-08"),
        ("set", ckr.PIN_INCORRECT, True, "low", "E-PIN-01b"),
        ("set", ckr.PIN_INVALID, True, "normal", "E-PIN-06"),
        ("set", ckr.PIN_LEN_RANGE, True, "normal", "E-PIN-06"),
        ("set", ckr.DATA_INVALID, True, "normal", "E-PIN-06"),
        ("set", ckr.DEVICE_REMOVED, False, "normal", "E-PIN-05"),
        ("set", ckr.FUNCTION_NOT_SUPPORTED, True, "normal", "E-TOK-08"),
        ("set", ckr.SESSION_READ_ONLY, True, "normal", "E-TOK-08"),
        ("set", ckr.TOKEN_WRITE_PROTECTED, True, "normal", "E-TOK-08"),
        ("set", ckr.ARGUMENTS_BAD, True, "normal", "E-TOK-08"),
        ("set", ckr.SESSION_COUNT, True, "normal", "E-TOK-08"),
        ("set", ckr.USER_NOT_LOGGED_IN, True, "normal", "E-TOK-08"),
        ("set", ckr.TOKEN_WRITE_PROTECTED, False, "normal", "E-PIN-05"),
        ("set", ckr.DEVICE_ERROR, True, "normal", "E-PIN-05"),
        ("set", 0x80000123, True, "normal", "E-PIN-05"),
        ("confirm", ckr.SESSION_COUNT, True, "normal", "E-PIN-05"),
        ("confirm", ckr.PIN_INCORRECT, True, "low", "E-PIN-05"),
        ("confirm", ckr.GENERAL_ERROR, False, "normal", "E-PIN-05"),
        ("check", ckr.MECHANISM_INVALID, True, "normal", "E-SIG-05"),
        ("context", ckr.PIN_INCORRECT, True, "low", "E-SIG-08"),
        ("context", ckr.PIN_INCORRECT, True, "locked", "E-SIG-08"),
        ("context", ckr.PIN_INCORRECT, False, "normal", "E-TOK-01b"),
        ("context", ckr.PIN_LOCKED, True, "normal", "E-SIG-08"),
        ("context", ckr.GENERAL_ERROR, True, "normal", "E-PIN-08"),
        ("sign", ckr.KEY_HANDLE_INVALID, True, "normal", "E-SIG-02"),
        ("sign", ckr.KEY_FUNCTION_NOT_PERMITTED, True, "normal", "E-SIG-03"),
        ("sign", ckr.MECHANISM_INVALID, True, "normal", "E-SIG-05"),
        ("sign", ckr.PIN_INCORRECT, True, "low", "E-SIG-06"),
        ("sign", ckr.DEVICE_REMOVED, True, "normal", "E-TOK-01"),
        ("sign", ckr.KEY_HANDLE_INVALID, False, "normal", "E-TOK-01"),
    ],
)
def test_what_an_answer_means(step: rules.Step, rv: int, present: bool, state: str, code: str) -> None:
    error = rules.error(step, rules.outcome(step, rv, present=present), rv, PinHealth(PinState(state)))
    assert error.code == code
    error.body()


@pytest.mark.parametrize(("left", "code"), [(5, "E-PIN-01n"), (1, "E-PIN-01n"), (0, "E-PIN-02")])
def test_an_exact_count_is_told(left: int, code: str) -> None:
    error = rules.error("login", Outcome.WRONG, ckr.PIN_INCORRECT, PinHealth(PinState.LOW, left, 6))
    assert error.code == code
    assert left == 0 or str(left) in error.body()["what"]


def test_every_step_and_outcome_has_an_error_in_the_catalogue() -> None:
    steps: tuple[rules.Step, ...] = ("check", "login", "set", "confirm", "context", "sign")
    for step, present in itertools.product(steps, (True, False)):
        values = {*rules._MEANING[step], ckr.GENERAL_ERROR}
        for rv, state in itertools.product(values, PinState):
            result = rules.outcome(step, rv, present=present)
            if result is not Outcome.ACCEPTED:
                assert rules.error(step, result, rv, PinHealth(state)).code in messages.error_codes()


def test_vendor_codes_are_shown_as_hexadecimal() -> None:
    error = rules.error("check", Outcome.FAILED, 0x80000123, PinHealth(PinState.NORMAL))
    assert "0x80000123" in error.body()["what"]


@pytest.mark.parametrize("before", [None, *PinState])
@pytest.mark.parametrize("after", PinState)
def test_reset_elsewhere(before: PinState | None, after: PinState) -> None:
    out_of_use = {PinState.LOCKED, PinState.UNSET}
    counted = {PinState.LOW, PinState.FINAL}
    expected = (before in out_of_use and after != before) or (before in counted and after is PinState.NORMAL)
    assert rules.reset_elsewhere(before, after) is expected


class TestProvenWrong:
    def test_per_token(self) -> None:
        wrong = rules.ProvenWrong()
        wrong.add("a", Secret("111111"))
        assert wrong.has("a", Secret("111111"))
        assert not wrong.has("a", Secret("222222"))
        assert not wrong.has("b", Secret("111111"))

    def test_forgotten_after_a_change(self) -> None:
        wrong = rules.ProvenWrong()
        wrong.add("a", Secret("111111"))
        wrong.add("b", Secret("111111"))
        wrong.forget("a")
        assert not wrong.has("a", Secret("111111"))
        assert wrong.has("b", Secret("111111"))

    def test_keeps_no_pin(self) -> None:
        wrong = rules.ProvenWrong()
        wrong.add("a", Secret("canary-4711"))
        assert b"canary" not in repr(vars(wrong)).encode()
        other = rules.ProvenWrong()
        other.add("a", Secret("canary-4711"))
        assert wrong._tokens != other._tokens
