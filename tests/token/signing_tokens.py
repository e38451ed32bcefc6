"""A Ukey with keys of every kind, and signatures on it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.x509 import load_der_x509_certificate

from tests.tokens.softhsm import PIN, Key, Object, SoftHsm, certificate, ec_key, rsa_key
from xieka.core.errors import XiekaError
from xieka.core.secret import Secret

if TYPE_CHECKING:
    from tests.token.conftest import Running

DATA = b"what the service asked for"
LABEL = "signer"

KEYS = {
    "rsa": Key(rsa_key(0), b"\x01"),
    "ec": Key(ec_key(0), b"\x02", public=True),
    "ec, by id alone": Key(ec_key(1), b"\x03"),
    "another id": Key(rsa_key(1), b"\x41"),
    "ec, another id": Key(ec_key(2), b"\x42", public=True),
    "not for signing": Key(rsa_key(2), b"\x06", sign=False),
    # One key pair twice, for two purposes: the certificate has the name of the wrong one.
    "twice, not for signing": Key(rsa_key(7), b"\x0c", sign=False),
    "twice": Key(rsa_key(7), b"\x4c"),
    "wants the PIN": Key(rsa_key(3), b"\x07", always=True),
    "ec, wants the PIN": Key(ec_key(3), b"\x08", always=True),
    # Its name is that of the certificate "swapped", whose own key is the one after it.
    "foreign": Key(rsa_key(4), b"\x09"),
    "swapped": Key(rsa_key(5), b"\x49"),
    # An EC key tells nothing of its public half: it can only be found out by its signatures.
    "foreign, unseen": Key(ec_key(4), b"\x0b"),
}
CERTIFICATES = {
    "rsa": (rsa_key(0), b"\x01"),
    "ec": (ec_key(0), b"\x02"),
    "ec, by id alone": (ec_key(1), b"\x03"),
    "another id": (rsa_key(1), b"\x04"),
    "ec, another id": (ec_key(2), b"\x05"),
    "not for signing": (rsa_key(2), b"\x06"),
    "wants the PIN": (rsa_key(3), b"\x07"),
    "ec, wants the PIN": (ec_key(3), b"\x08"),
    "swapped": (rsa_key(5), b"\x09"),
    "twice": (rsa_key(7), b"\x0c"),
    "no key": (rsa_key(6), b"\x0a"),
    "foreign, unseen": (ec_key(5), b"\x0b"),
    # No CKA_ID at all: no key of the same emptiness may be taken for its own.
    "no id": (rsa_key(0), b""),
}


@dataclass(frozen=True)
class Signer:
    """The token folder and the certificates on it by name."""

    hsm: SoftHsm
    der: dict[str, bytes]


def make(root: Path) -> Signer:
    """A token named `signer` with all of these, and two certificates that nothing can sign for."""
    der = {name: certificate(name, key) for name, (key, _) in CERTIFICATES.items()}
    der |= {"sm2": openssl_certificate(root, "SM2"), "p384": openssl_certificate(root, "secp384r1")}
    ids = {name: id for name, (_, id) in CERTIFICATES.items()}
    hsm = SoftHsm(root / "hsm")
    objects = [Object(name, value, id=ids.get(name, b"\x7f")) for name, value in der.items()]
    hsm.make("one", LABEL, objects, keys=KEYS.values())
    return Signer(hsm, der)


def openssl_certificate(folder: Path, curve: str) -> bytes:
    """A self-signed certificate on a curve that python's cryptography need not know."""
    key, out = folder / f"{curve}.key", folder / f"{curve}.der"
    subprocess.run(["openssl", "ecparam", "-name", curve, "-genkey", "-noout", "-out", key], check=True)
    subject = ["-subj", "/CN=示例", "-utf8", "-days", "30", "-outform", "DER", "-out", out]
    subprocess.run(["openssl", "req", "-x509", "-new", "-key", key, *subject], check=True, capture_output=True)
    return out.read_bytes()


@cache
def unknown_certificate() -> bytes:
    """Of a key that is on the token, but not itself there."""
    return certificate("unknown", rsa_key(0))


def sign(
    running: Running, der: bytes, pin: str = PIN, *, data: bytes = DATA, last_try: bool = False
) -> tuple[str, bytes]:
    """Code of the error and nothing, or `signed` and the signature, which an independent check has accepted."""
    try:
        signature = running.service.sign(running.token(LABEL).id, der, data, Secret(pin), last_try=last_try)
    except XiekaError as error:
        error.body()
        return error.code, b""
    check(der, signature, data)
    return "signed", signature


def check(der: bytes, signature: bytes, data: bytes) -> None:
    """Raises InvalidSignature."""
    key = load_der_x509_certificate(der).public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        return
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert len(signature) == 64
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    key.verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
