"""The known hazards of python-pkcs11 and of vendors' libraries, each shown to be harmless here."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.token.conftest import COMPANY, Start, until
from tests.tokens.shim import Shim
from tests.tokens.softhsm import PIN, Object, SoftHsm, certificate
from xieka.core.errors import XiekaError
from xieka.core.secret import Secret
from xieka.token import ckr
from xieka.token.modules import pkcs11 as binding

GBK = "测试"


def test_leaked_session_on_wrong_pin(shim: Shim, start: Start) -> None:
    """The binding forgets the session of a failed login, so it never logs in: every session opened is closed."""
    running = start(shim.driver())
    token = running.token()
    shim.forget_calls()
    with pytest.raises(XiekaError):
        running.service.verify_pin(token.id, Secret("000000"))
    functions = [call.function for call in shim.calls()]
    assert functions.count("C_OpenSession") == 1
    after = functions[functions.index("C_Login") :]
    assert "C_CloseSession" in after
    assert "C_CloseAllSessions" in after


def test_shrinking_slot_list(shim: Shim, start: Start) -> None:
    """A slot that vanishes between the two calls of the listing costs a repetition, not the tokens."""
    shim.control("overcount=3")
    running = start(shim.driver())
    assert set(running.labels()) == {"沪申示例", "second"}
    assert running.problems() == []


def test_vendor_class_object_does_not_hide_the_token(shim: Shim, start: Start) -> None:
    """The library ignores search templates and has an object of a vendor class among the certificates."""
    shim.control("vendorclass=1")
    token = start(shim.driver()).token()
    assert {item.label for item in token.certificates} == {"签名证书", "加密证书"}
    assert token.data == ()


def test_gbk_labels_from_the_library(shim: Shim, start: Start) -> None:
    shim.control("gbk=1")
    for token in start(shim.driver()).service.tokens().tokens:
        assert token.label == GBK
        assert {item.label for item in token.certificates} == {GBK}


def test_gbk_labels_stored_on_the_token(tmp_path: Path, start: Start) -> None:
    hsm = SoftHsm(tmp_path / "gbk")
    seal = Object("合同专用章".encode("gbk"), b"seal")
    hsm.make("gbk", "沪申".encode("gbk"), [Object("签名".encode("gbk"), certificate(COMPANY), id=b"\x01")], [seal])
    token = start(hsm.driver()).token("沪申")
    assert token.certificates[0].label == "签名"
    assert token.data[0].label == "合同专用章"


def test_one_thread_calls_the_library(shim: Shim, start: Start) -> None:
    """Libraries initialised without locking die when two threads call them. Many callers, one thread inside."""
    running = start(shim.driver())
    token = running.token()
    callers = [threading.Thread(target=running.service.verify_pin, args=(token.id, Secret(PIN))) for _ in range(8)]
    callers += [threading.Thread(target=running.service.refresh) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len({(call.pid, call.tid) for call in shim.calls()}) == 1
    assert len(shim.calls("C_Login")) == 8
    threads = list(Path(f"/proc/{running.worker_pid()}/task").iterdir())
    assert len(threads) == 1


def test_searches_do_not_overlap(shim: Shim, start: Start) -> None:
    """A search must end before the next begins, else the library answers CKR_OPERATION_ACTIVE."""
    start(shim.driver())
    searching = False
    for call in shim.calls():
        if call.function == "C_FindObjectsInit":
            assert not searching
            searching = True
        elif call.function == "C_FindObjectsFinal":
            searching = False
    assert not searching
    assert shim.calls("C_FindObjectsInit")


def test_stale_cache_after_a_pull(shim: Shim, start: Start) -> None:
    """Another token sits in the slot of the one the user means: its PIN must not be presented there."""
    running = start(shim.driver(watch=None, relist="list"))
    token = running.token()
    serial = shim.hsm.serials["one"]
    shim.control(f"serial.{serial}=FEEDFEEDFEEDFEED")
    shim.forget_calls()
    with pytest.raises(XiekaError) as caught:
        running.service.verify_pin(token.id, Secret(PIN))
    assert caught.value.code == "E-TOK-01"
    assert shim.calls("C_Login") == []
    until(lambda: [t.serial for t in running.service.tokens().tokens if t.serial.startswith("FEED")])


def test_slot_is_asked_before_every_use(shim: Shim, start: Start) -> None:
    """Some libraries serve a removed token's objects from a cache until C_GetSlotInfo is called."""
    running = start(shim.driver())
    shim.forget_calls()
    running.service.verify_pin(running.token().id, Secret(PIN))
    functions = [call.function for call in shim.calls()]
    opened = functions.index("C_OpenSession")
    assert {"C_GetSlotList", "C_GetSlotInfo", "C_GetTokenInfo"} <= set(functions[:opened])


def test_uninitialised_extra_slot_is_skipped(hsm: SoftHsm, start: Start) -> None:
    """SoftHSM always shows one more, uninitialised token."""
    running = start(hsm.driver())
    assert set(running.labels()) == {"沪申示例", "second"}
    assert running.problems() == []


def test_same_serial_twice(shim: Shim, start: Start) -> None:
    one, two = (shim.hsm.serials[name] for name in ("one", "two"))
    shim.control(f"serial.{two}={one}")
    running = start(shim.driver())
    assert {token.id for token in running.service.tokens().tokens} == {f"softhsm:{one}#1", f"softhsm:{one}#2"}
    with pytest.raises(XiekaError) as caught:
        running.service.get(one)
    assert caught.value.code == "E-TOK-09"
    assert running.service.get(f"softhsm:{one}#2").serial == one


_RENAMED = {
    "USER_ANOTHER_ALREADY_LOGGED_IN": "AnotherUserAlreadyLoggedIn",
    "SLOT_ID_INVALID": "SlotIDInvalid",
    "TOKEN_NOT_RECOGNIZED": "TokenNotRecognised",
}
_VALUES = {
    name: value
    for name, value in vars(ckr).items()
    # The binding has no exception of its own for a buffer that is too small and a key that may not do it.
    if name.isupper()
    and isinstance(value, int)
    and not name.startswith(("FLAG_", "BUFFER_", "KEY_FUNCTION_"))
    and value
}


@pytest.mark.parametrize("name", _VALUES)
def test_return_values_survive_the_binding(name: str) -> None:
    """The binding's exceptions carry no number; each must lead back to it."""
    exception = getattr(binding.pkcs11, _RENAMED.get(name, name.title().replace("_", "")))
    assert binding._rv(exception()) == _VALUES[name]


def test_unmapped_return_value_survives_the_binding() -> None:
    assert binding._rv(binding.pkcs11.PKCS11Error("Unmapped error code 0x80000123")) == 0x80000123
