"""Signing on a real (soft) token: which key is taken, by which mechanism, and what is told when there is none."""

from __future__ import annotations

import pytest

from tests.token.conftest import Running, Start
from tests.token.signing_tokens import DATA, LABEL, Signer, sign, unknown_certificate
from tests.tokens.shim import Shim
from tests.tokens.softhsm import PIN
from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.core.secret import Secret
from xieka.token import mechanisms, signing


@pytest.fixture
def shim(signing_shim: Shim) -> Shim:
    return signing_shim


@pytest.fixture
def running(shim: Shim, start: Start) -> Running:
    shim.control("max=3")
    return start(shim.driver())


def logins(shim: Shim) -> tuple[int, int]:
    """Logins to the token, and those for a key."""
    return len(shim.calls("C_Login")), len(shim.calls("C_Login-context"))


@pytest.mark.parametrize(
    "name",
    ["rsa", "ec", "ec, by id alone", "another id", "ec, another id", "swapped", "twice", "no id"],
)
def test_signs_with_one_login(running: Running, shim: Shim, signer: Signer, name: str) -> None:
    shim.forget_calls()
    outcome, _ = sign(running, signer.der[name])
    assert outcome == "signed"
    assert logins(shim) == (1, 0)
    functions = [call.function for call in shim.calls()]
    assert functions.count("C_Sign") == 1
    after = functions[functions.index("C_Sign") :]
    assert after.index("C_Logout") < after.index("C_CloseSession") < after.index("C_CloseAllSessions")


@pytest.mark.parametrize(
    ("name", "code", "presentations"),
    [
        pytest.param("no key", "E-SIG-02", 1, id="no private key"),
        pytest.param("not for signing", "E-SIG-03", 1, id="CKA_SIGN is false"),
        pytest.param("foreign, unseen", "E-SIG-07", 1, id="another's key under its id: the signature tells"),
        pytest.param("sm2", "E-SIG-04", 0, id="SM2"),
        pytest.param("p384", "E-SIG-04", 0, id="P-384"),
    ],
)
def test_certificates_that_cannot_sign(
    running: Running, shim: Shim, signer: Signer, name: str, code: str, presentations: int
) -> None:
    assert sign(running, signer.der[name])[0] == code
    assert logins(shim) == (presentations, 0)
    assert shim.tries("one") in (None, 3)
    functions = [call.function for call in shim.calls()]
    if presentations:
        assert "C_Logout" in functions[functions.index("C_Login") :]


def test_names_the_algorithm_it_does_not_know(running: Running, signer: Signer) -> None:
    with pytest.raises(XiekaError) as caught:
        running.service.sign(running.token(LABEL).id, signer.der["sm2"], DATA, Secret(PIN))
    assert "SM2" in caught.value.body()["what"]
    assert mechanisms.ALGORITHMS[mechanisms.SM2] == ()
    assert set(mechanisms.ALGORITHMS) <= set(messages.names("key_algorithm"))


def test_certificate_that_the_token_does_not_show(running: Running, shim: Shim) -> None:
    """Though its key is there."""
    shim.forget_calls()
    assert sign(running, unknown_certificate())[0] == "E-SIG-01"
    assert shim.calls("C_OpenSession") == []


@pytest.mark.parametrize("der", [b"", b"\x30\x03abc", b"\x30\x82\xff\xff", b"\xff" * 40])
def test_hostile_certificate(der: bytes) -> None:
    with pytest.raises(XiekaError) as caught:
        signing.certificate_key(der)
    assert caught.value.code == "E-SIG-04"
    caught.value.body()


@pytest.mark.parametrize(
    ("missing", "name", "code"),
    [
        pytest.param("", "rsa", "signed", id="RSA: the token hashes"),
        pytest.param("nomech=0x40", "rsa", "signed", id="RSA: we hash and build the DigestInfo"),
        pytest.param("nomech=0x1", "rsa", "signed", id="RSA: the bare mechanism is not needed"),
        pytest.param("nomech=0x40,0x1", "rsa", "E-SIG-05", id="RSA: neither"),
        pytest.param("nomech=0x1041", "ec", "E-SIG-05", id="EC: no ECDSA"),
        pytest.param("nomech=0x40,0x1", "ec", "signed", id="EC does not need them"),
        pytest.param("fault=C_GetMechanismList:rv:0x54", "rsa", "E-TOK-08", id="no list"),
    ],
)
def test_mechanisms(running: Running, shim: Shim, signer: Signer, missing: str, name: str, code: str) -> None:
    shim.control("max=3", missing)
    assert sign(running, signer.der[name])[0] == code
    assert logins(shim) == (int(code == "signed"), 0)


def test_both_rsa_ways_give_the_same_signature(running: Running, shim: Shim, signer: Signer) -> None:
    """PKCS#1 v1.5 is deterministic (RFC 8017, 8.2.1)."""
    _, hashed_by_token = sign(running, signer.der["rsa"])
    shim.control("max=3", "nomech=0x40")
    _, hashed_by_us = sign(running, signer.der["rsa"])
    assert hashed_by_token == hashed_by_us != b""


@pytest.mark.parametrize("name", ["rsa", "ec"])
def test_wrong_signature_is_not_handed_out(running: Running, shim: Shim, signer: Signer, name: str) -> None:
    shim.control("max=3", "badsign=1")
    assert sign(running, signer.der[name]) == ("E-SIG-07", b"")
    shim.control("max=3")
    assert sign(running, signer.der[name])[0] == "signed"


@pytest.mark.parametrize("size", [0, 1, 117, signing.LIMIT])
def test_amounts_of_data(running: Running, signer: Signer, size: int) -> None:
    for name in ("rsa", "ec"):
        assert sign(running, signer.der[name], data=bytes(size))[0] == "signed"


def test_too_much_data(running: Running, shim: Shim, signer: Signer) -> None:
    with pytest.raises(ValueError, match="too much"):
        sign(running, signer.der["rsa"], data=bytes(signing.LIMIT + 1))
    assert logins(shim) == (0, 0)


class TestKeyThatWantsThePin:
    """CKA_ALWAYS_AUTHENTICATE: the PIN that the token has just accepted goes to the key, once."""

    @pytest.mark.parametrize("name", ["wants the PIN", "ec, wants the PIN"])
    def test_gets_it_once(self, running: Running, shim: Shim, signer: Signer, name: str) -> None:
        assert sign(running, signer.der[name])[0] == "signed"
        assert logins(shim) == (1, 1)
        order = [call.function for call in shim.calls() if call.function.startswith(("C_Login", "C_Sign"))]
        assert order == ["C_Login", "C_SignInit", "C_Login-context", "C_Sign"]

    def test_does_not_when_the_token_refuses_it(self, running: Running, shim: Shim, signer: Signer) -> None:
        assert sign(running, signer.der["wants the PIN"], "000000")[0] == "E-PIN-01b"
        assert logins(shim) == (1, 0)
        assert shim.tries("one") == 2

    @pytest.mark.parametrize("rv", ["0xa0", "0xa1", "0xa2"])
    def test_with_a_pin_of_its_own_is_asked_once(self, running: Running, shim: Shim, signer: Signer, rv: str) -> None:
        """The token's own PIN is not called wrong, and does not go to this key again."""
        shim.control("max=3", f"fault=C_Login-context:rv:{rv}")
        for _ in range(2):
            assert sign(running, signer.der["wants the PIN"])[0] == "E-SIG-08"
        assert logins(shim) == (1, 1)
        assert running.service.verify_pin(running.token(LABEL).id, Secret(PIN)).state == "normal"
        assert sign(running, signer.der["rsa"])[0] == "signed"

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            pytest.param("rv:0xa4", "E-SIG-08", id="locked"),
            pytest.param("rv:0x32", "E-TOK-01b", id="removed"),
            pytest.param("rv:0x30", "E-PIN-08", id="device error"),
            pytest.param("rv:0x54", "E-SIG-06", id="not supported"),
            pytest.param("segv", "E-PIN-08", id="crash"),
        ],
    )
    def test_failures(self, running: Running, shim: Shim, signer: Signer, fault: str, code: str) -> None:
        shim.control("max=3", f"fault=C_Login-context:{fault}")
        assert sign(running, signer.der["wants the PIN"])[0] == code
        assert logins(shim) == (1, 1)
        assert shim.calls("C_Sign") == []
