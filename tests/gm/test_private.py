"""Private SM2 keys in the system's OpenSSL: what it makes the openssl command takes, and nothing unproven is used."""

from __future__ import annotations

import base64
import ctypes
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from xieka.core.errors import XiekaError
from xieka.gm import libcrypto, private, sm2
from xieka.gm.libcrypto import KEY_INFO


@pytest.fixture(autouse=True)
def here() -> None:
    if not private.available():
        pytest.skip("no libcrypto with SM2 here")


def test_it_signs_with_a_new_number_each_time_and_comes_back_from_its_file() -> None:
    key = private.generate()
    again = private.load(key.pkcs8())
    assert again.public == key.public != private.generate().public
    signatures = {key.sign(b"text"), key.sign(b"text"), again.sign(b"text")}
    assert len(signatures) == 3
    assert all(sm2.verify(key.public, b"text", one) for one in signatures)
    assert not any(sm2.verify(key.public, b"texts", one) for one in signatures)
    assert sm2.verify(key.public, b"", key.sign(b""))


def test_the_openssl_command_reads_the_key_and_verifies(tmp_path: Path) -> None:
    key = private.generate()
    pem = b"-----BEGIN PRIVATE KEY-----\n" + base64.encodebytes(key.pkcs8()) + b"-----END PRIVATE KEY-----\n"
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "text").write_bytes(b"from us")
    (tmp_path / "signature").write_bytes(key.sign(b"from us"))
    how = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
    commands = [
        ["pkey", "-in", "key.pem", "-check", "-pubout", "-outform", "DER", "-out", "public.der"],
        ["pkeyutl", "-verify", "-inkey", "key.pem", "-in", "text", "-sigfile", "signature", *how],
    ]
    for command in commands:
        done = subprocess.run(["openssl", *command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "public.der").read_bytes() == b"Key is valid\n" + KEY_INFO + key.public


def encoded(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.mark.parametrize(
    "pkcs8",
    [
        pytest.param(lambda: encoded(ec.generate_private_key(ec.SECP256R1())), id="p-256"),
        pytest.param(lambda: encoded(rsa.generate_private_key(public_exponent=65537, key_size=2048)), id="rsa"),
        pytest.param(lambda: b"", id="nothing"),
        pytest.param(lambda: b"\x30\x03\x02\x01\x00", id="short"),
        pytest.param(lambda: private.generate().pkcs8()[:-20], id="cut-short"),
        pytest.param(lambda: KEY_INFO + private.generate().public, id="public"),
    ],
)
def test_other_keys_are_none(pkcs8: Callable[[], bytes]) -> None:
    with pytest.raises(ValueError, match="key"):
        private.load(pkcs8())


def signs_otherwise(library: Any) -> None:
    library.EVP_sha256.restype = ctypes.c_void_p
    library.EVP_sm3 = library.EVP_sha256


def knows_another_identity(library: Any) -> None:
    library.EVP_PKEY_CTX_set1_id = lambda *_: 1


def old(library: Any) -> None:
    library.OPENSSL_version_major = lambda: 1


def without_sm2(library: Any) -> None:
    library.d2i_AutoPrivateKey = lambda *_: None


def repeats_itself(library: Any) -> None:
    """A library whose numbers repeat: two signatures with one would tell the key."""
    sign, first = library.EVP_DigestSign, []

    def same(digest: Any, buffer: Any, size: Any, message: bytes, length: int) -> int:
        done = int(sign(digest, buffer, size, message, length))
        if buffer is not None:
            first.append(buffer.raw)
            ctypes.memmove(buffer, first[0], len(first[0]))
        return done

    library.EVP_DigestSign = same


@pytest.mark.parametrize("fault", [signs_otherwise, knows_another_identity, old, without_sm2, repeats_itself])
def test_a_library_that_does_not_prove_itself_is_not_used(
    fault: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    declare = libcrypto.declare

    def faulty(library: ctypes.CDLL, functions: Any) -> None:
        declare(library, functions)
        # Each function once, when it has been declared.
        if (functions is private._FUNCTIONS) is not (fault is old):
            fault(library)

    assert private.probed(libcrypto.load) is not None
    monkeypatch.setattr(libcrypto, "declare", faulty)
    assert private.probed(libcrypto.load) is None


def test_without_a_library_there_is_no_key_and_never_our_own_arithmetic(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = private.generate().pkcs8()
    monkeypatch.setattr(private, "_found", [None])
    monkeypatch.setattr(sm2, "sign", lambda *_: pytest.fail("not constant-time"))
    for attempt in (private.generate, lambda: private.load(kept)):
        with pytest.raises(XiekaError) as error:
            attempt()
        assert error.value.code == "E-SRV-05"
