"""SM2 on the standard's examples and against what must not be taken."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xieka.gm import curve, encoding, libcrypto, sm2, sm3, sm4

# GB/T 32918.5-2017, annexes A and C.
PRIVATE = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
PUBLIC = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
K = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
DIGEST = bytes.fromhex("F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640")
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
CIPHER = bytes.fromhex(
    "04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73"
    "E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0"
    "59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766"
    "21886CA989CA9C7D58087307CA93092D651EFA"
)


@pytest.fixture(params=["libcrypto", "own"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "own":
        monkeypatch.setattr(libcrypto, "verifier", lambda: None)
    elif libcrypto.verifier() is None:
        pytest.skip("no libcrypto 3 with SM2 here")
    return str(request.param)


def test_the_standards_signature() -> None:
    assert sm2.public_key(PRIVATE) == PUBLIC
    assert sm2.message_digest(PUBLIC, b"message digest") == DIGEST
    assert sm2.sign_digest(PRIVATE, DIGEST, K) == (R, S)
    assert sm2.verify_digest(PUBLIC, DIGEST, R, S)
    assert not sm2.verify_digest(PUBLIC, DIGEST, R, S + 1)


def test_the_standards_ciphertext() -> None:
    c1, check, text = sm2.encrypt_with(PUBLIC, b"encryption standard", K) or pytest.fail("no ciphertext")
    assert encoding.point_bytes(c1)[1:] + check + text == CIPHER
    assert sm2.decrypt(PRIVATE, encoding.cipher_der(c1, check, text)) == b"encryption standard"


def test_sm3_and_sm4() -> None:
    # GB/T 32905-2016, A.1; GB/T 32907-2016, A.1
    assert sm3.digest(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    assert sm4.encrypt(key, key).hex() == "681edf34d206965e86b3e94f536e4246"
    for iv in (None, bytes(16)):
        assert sm4.decrypt(key, sm4.encrypt(key, b"sixteen bytes..." * 3, iv), iv) == b"sixteen bytes..." * 3


DER = encoding.signature_der(R, S)
RAW = R.to_bytes(32, "big") + S.to_bytes(32, "big")


@pytest.mark.parametrize("signature", [pytest.param(DER, id="der"), pytest.param(RAW, id="raw")])
def test_taken(engine: str, signature: bytes) -> None:
    assert sm2.verify(PUBLIC, b"message digest", signature)
    assert sm2.verify(bytes([2 + (PUBLIC[64] & 1)]) + PUBLIC[1:33], b"message digest", signature)


OTHER = sm2.public_key(PRIVATE + 1)
REFUSED = {
    "other message": (PUBLIC, b"message digest.", DER, sm2.DEFAULT_ID),
    "other key": (OTHER, b"message digest", DER, sm2.DEFAULT_ID),
    "other identity": (PUBLIC, b"message digest", DER, b"ALICE123@YAHOO.COM"),
    "identity too long": (PUBLIC, b"message digest", DER, bytes(8192)),
    "empty signature": (PUBLIC, b"message digest", b"", sm2.DEFAULT_ID),
    "cut short": (PUBLIC, b"message digest", DER[:-1], sm2.DEFAULT_ID),
    "bytes after it": (PUBLIC, b"message digest", DER + b"\0", sm2.DEFAULT_ID),
    "r and s swapped": (PUBLIC, b"message digest", encoding.signature_der(S, R), sm2.DEFAULT_ID),
    "r zero": (PUBLIC, b"message digest", encoding.signature_der(0, S), sm2.DEFAULT_ID),
    "s zero": (PUBLIC, b"message digest", encoding.signature_der(R, 0), sm2.DEFAULT_ID),
    "r plus the order": (PUBLIC, b"message digest", encoding.signature_der(R + curve.N, S), sm2.DEFAULT_ID),
    "s is minus r": (PUBLIC, b"message digest", encoding.signature_der(R, curve.N - R), sm2.DEFAULT_ID),
    "r without its leading zero": (PUBLIC, b"message digest", b"\x30\x45\x02\x20" + DER[5:], sm2.DEFAULT_ID),
    "r with one zero more": (PUBLIC, b"message digest", b"\x30\x47\x02\x22\x00" + DER[4:], sm2.DEFAULT_ID),
    "long form of a short length": (PUBLIC, b"message digest", b"\x30\x81" + DER[1:], sm2.DEFAULT_ID),
    "three numbers": (PUBLIC, b"message digest", b"\x30\x49" + DER[2:] + b"\x02\x01\x00", sm2.DEFAULT_ID),
    "key off the curve": (PUBLIC[:-1] + b"\x14", b"message digest", DER, sm2.DEFAULT_ID),
    "key at infinity": (b"\0", b"message digest", DER, sm2.DEFAULT_ID),
    "key with a coordinate over p": (b"\x04" + b"\xff" * 64, b"message digest", DER, sm2.DEFAULT_ID),
    "key compressed without a root": (b"\x02" + b"\xff" * 32, b"message digest", DER, sm2.DEFAULT_ID),
    "key empty": (b"", b"message digest", DER, sm2.DEFAULT_ID),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(engine: str, name: str) -> None:
    assert sm2.verify(*REFUSED[name]) is False


@pytest.mark.parametrize("length", [1, 31, 32, 33, 1000])
def test_own_round_trip(engine: str, length: int) -> None:
    private, public = sm2.generate()
    message = bytes(range(256)) * 4
    assert sm2.verify(public, message[:length], sm2.sign(private, message[:length], b"me"), b"me")
    sealed = sm2.encrypt(public, message[:length])
    assert sm2.decrypt(private, sealed) == message[:length]
    for place in (10, 50, 80, len(sealed) - 1):
        broken = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(ValueError):
            sm2.decrypt(private, broken)


@pytest.mark.parametrize("name", [name for name in REFUSED if name.startswith("key")])
def test_what_is_no_key(name: str) -> None:
    assert not sm2.is_public_key(REFUSED[name][0])
    assert sm2.is_public_key(PUBLIC)
    with pytest.raises(ValueError, match="point"):
        sm2.encrypt(REFUSED[name][0], b"x")


def test_a_ciphertext_off_the_curve_tells_nothing_about_the_key() -> None:
    (x, y), check, text = encoding.cipher(sm2.encrypt(PUBLIC, b"x"))
    with pytest.raises(ValueError, match="curve"):
        sm2.decrypt(PRIVATE, encoding.cipher_der((x, y ^ 1), check, text))


def test_multiples_agree_with_each_other() -> None:
    base = (curve.GX, curve.GY)
    for factor in (1, 2, 15, 16, 17, 2**255, curve.N - 1, PRIVATE):
        assert curve.affine(curve.multiple(factor, base)) == curve.affine(curve.base_multiple(factor))
    assert curve.affine(curve.multiple(curve.N, base)) is None
    assert curve.affine(curve.add(curve.base_multiple(curve.N - 1), base)) is None
    assert curve.affine(curve.add((*base, 1), base)) == curve.affine(curve.base_multiple(2))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80), st.binary(max_size=70))
def test_hostile_bytes_verify_nothing(signature: bytes, key: bytes) -> None:
    assert not sm2.verify(PUBLIC, b"message digest", signature)
    assert not sm2.verify(key, b"message digest", DER)


def _always(*answers: bool | None) -> libcrypto.Verifier:
    given_ = iter(answers * 9)
    return lambda *_: next(given_)


@pytest.mark.parametrize("answer", [True, False, None])
def test_a_library_that_answers_wrongly_is_not_used(answer: bool | None) -> None:
    assert libcrypto.probed(lambda: _always(answer)) is None


def test_no_library_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libcrypto, "_names", lambda: ["libcrypto.so.none"])
    assert libcrypto.probed(libcrypto._open) is None
    monkeypatch.setattr(libcrypto, "_names", list)
    assert libcrypto.probed(libcrypto._open) is None
