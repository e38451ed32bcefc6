"""SoftHSM tokens in a folder: made once, copied per test, plugged and unplugged by moving a folder."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.tokens.fill import MODULE
from xieka.token.drivers import Driver

REPOSITORY = Path(__file__).resolve().parents[2]
PIN = "123456"
SO_PIN = "87654321"


@cache
def rsa_key(number: int) -> rsa.RSAPrivateKey:
    """One of a few keys shared by all tests, because making them is slow."""
    return rsa.generate_private_key(65537, 2048)


@cache
def ec_key(number: int) -> ec.EllipticCurvePrivateKey:
    """One of a few P-256 keys."""
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Key:
    """A private key to put on a token."""

    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    id: bytes
    sign: bool = True
    always: bool = False
    public: bool = False
    """Whether a public key object stands beside it."""


def certificate(
    name: str, key: int | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = 0, *, encryption: bool = False
) -> bytes:
    """A self-signed certificate, DER."""
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    usage = x509.KeyUsage(not encryption, not encryption, encryption, encryption, False, False, False, False, False)
    private = rsa_key(key) if isinstance(key, int) else key
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=300))
        .add_extension(usage, critical=True)
        .sign(private, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.DER)


@dataclass
class Object:
    """A certificate (`der`) or data object to put on a token."""

    label: str | bytes
    value: bytes
    id: bytes = b""
    application: str = "xieka-test"
    key: int | None = None

    @property
    def raw_label(self) -> bytes:
        return self.label if isinstance(self.label, bytes) else self.label.encode()


@dataclass
class SoftHsm:
    """A SoftHSM token folder of its own, with its configuration."""

    root: Path
    serials: dict[str, str] = field(default_factory=dict)
    """Name given at creation → serial number."""

    def __post_init__(self) -> None:
        self.tokens.mkdir(parents=True, exist_ok=True)
        self.away.mkdir(exist_ok=True)
        for folder in (self.tokens, self.away):
            self._conf(folder).write_text(
                f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n"
                "slots.removable = true\n"
            )

    @property
    def tokens(self) -> Path:
        return self.root / "tokens"

    @property
    def away(self) -> Path:
        return self.root / "away"

    @property
    def conf(self) -> Path:
        return self._conf(self.tokens)

    @property
    def env(self) -> dict[str, str]:
        return {"SOFTHSM2_CONF": str(self.conf)}

    def make(
        self,
        name: str,
        label: str | bytes,
        certificates: Iterable[Object] = (),
        data: Iterable[Object] = (),
        pin: str = PIN,
        keys: Iterable[Key] = (),
    ) -> str:
        """Initialise a token and put objects on it. Returns its serial number."""
        before = set(self._serials_on_disk())
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", SO_PIN],
            env={**os.environ, **self.env},
            check=True,
            capture_output=True,
        )
        (serial,) = set(self._serials_on_disk()) - before
        self.serials[name] = serial
        certificates = list(certificates)
        keys = [*keys, *(Key(rsa_key(item.key), item.id) for item in certificates if item.key is not None)]
        spec: dict[str, Any] = {
            "serial": serial,
            "pin": pin,
            "keys": [
                {
                    "id": key.id.hex(),
                    "private": _traditional(key).hex(),
                    "public": _public(key).hex() if key.public else "",
                    "ec": isinstance(key.private, ec.EllipticCurvePrivateKey),
                    "sign": key.sign,
                    "always": key.always,
                }
                for key in keys
            ],
            "certificates": [
                {
                    "id": item.id.hex(),
                    "label": item.raw_label.hex(),
                    "der": item.value.hex(),
                    "subject": x509.load_der_x509_certificate(item.value).subject.public_bytes().hex(),
                }
                for item in certificates
            ],
            "data": [
                {
                    "label": item.raw_label.hex(),
                    "application": item.application.encode().hex(),
                    "value": item.value.hex(),
                }
                for item in data
            ],
        }
        subprocess.run(
            [sys.executable, "-m", "tests.tokens.fill"],
            input=json.dumps(spec).encode(),
            env={**os.environ, **self.env},
            cwd=REPOSITORY,
            check=True,
        )
        return serial

    def copy(self, root: Path) -> SoftHsm:
        """The same tokens in another folder."""
        shutil.copytree(self.tokens, root / "tokens")
        return SoftHsm(root, dict(self.serials))

    def unplug(self, name: str) -> None:
        """Take the token away, as the practice environment does."""
        folder = self._folder(self.tokens, name)
        folder.rename(self.away / folder.name)

    def plug(self, name: str) -> None:
        """Bring it back."""
        folder = self._folder(self.away, name)
        folder.rename(self.tokens / folder.name)

    def reset_pin(self, name: str, pin: str) -> None:
        """Set another user PIN with the administrator's, in another process, wherever the token is."""
        place = next(folder for folder in (self.tokens, self.away) if self._find(folder, name))
        script = (
            "import sys, pkcs11\n"
            "module, serial, so_pin, pin = sys.argv[1:]\n"
            "token = next(pkcs11.lib(module).get_tokens(token_serial=serial.encode()))\n"
            "with token.open(rw=True, so_pin=so_pin) as session:\n"
            "    session.init_pin(pin)\n"
        )
        subprocess.run(
            [sys.executable, "-c", script, MODULE, self.serials[name], SO_PIN, pin],
            env={**os.environ, "SOFTHSM2_CONF": str(self._conf(place))},
            check=True,
        )

    def driver(self, **changes: Any) -> Driver:
        """Plain SoftHSM on this folder."""
        values: dict[str, Any] = {
            "id": "softhsm",
            "name": "SoftHSM 软件令牌",
            "module": Path(MODULE),
            "env": self.env,
            "relist": "reinitialize",
            "watch": self.tokens,
            "pin_flags": False,
            "practice": True,
        }
        return Driver(**(values | changes))

    def _conf(self, folder: Path) -> Path:
        return self.root / f"softhsm2-{folder.name}.conf"

    def _folder(self, place: Path, name: str) -> Path:
        (folder,) = self._find(place, name)
        return folder

    def _find(self, place: Path, name: str) -> list[Path]:
        return [folder for folder in place.iterdir() if folder.name.replace("-", "").endswith(self.serials[name])]

    def _serials_on_disk(self) -> list[str]:
        return [re.sub("-", "", folder.name)[-16:] for folder in self.tokens.iterdir()]


def _traditional(key: Key) -> bytes:
    return key.private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )


def _public(key: Key) -> bytes:
    """SubjectPublicKeyInfo for EC, PKCS#1 for RSA: as python-pkcs11 reads them."""
    is_ec = isinstance(key.private, ec.EllipticCurvePrivateKey)
    form = serialization.PublicFormat.SubjectPublicKeyInfo if is_ec else serialization.PublicFormat.PKCS1
    return key.private.public_key().public_bytes(serialization.Encoding.DER, form)
