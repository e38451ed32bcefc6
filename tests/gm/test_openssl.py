"""What we sign and encrypt the `openssl` command takes, and the other way round."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from xieka.gm import libcrypto, sm2

_IDENTITY = ["-pkeyopt", "distid:1234567812345678"]
_DIGEST = ["-rawin", "-digest", "sm3"]


@dataclass(frozen=True)
class Pair:
    folder: Path
    private: int
    public: bytes

    def run(self, *arguments: str) -> bytes:
        done = subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, check=False, timeout=30)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl command here")
    folder = tmp_path_factory.mktemp("sm2")
    empty = Pair(folder, 0, b"")
    try:
        empty.run("genpkey", "-algorithm", "SM2", "-out", "key.pem")
    except AssertionError:
        pytest.skip("the openssl command has no SM2")
    empty.run("pkey", "-in", "key.pem", "-pubout", "-out", "public.pem")
    empty.run("pkey", "-in", "key.pem", "-outform", "DER", "-traditional", "-out", "key.der")
    # ECPrivateKey (RFC 5915): version, then 32 bytes of the private key.
    der = (folder / "key.der").read_bytes()
    private = int.from_bytes(der[7:39], "big")
    return Pair(folder, private, sm2.public_key(private))


@pytest.mark.parametrize("own", [True, False], ids=["own", "libcrypto"])
def test_openssl_signs_we_verify(pair: Pair, own: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if own:
        monkeypatch.setattr(libcrypto, "verifier", lambda: None)
    (pair.folder / "text").write_bytes(b"from openssl")
    for _ in range(5):
        sign = ["pkeyutl", "-sign", "-inkey", "key.pem", "-in", "text", *_DIGEST, *_IDENTITY]
        signature = pair.run(*sign)
        assert sm2.verify(pair.public, b"from openssl", signature)
        assert not sm2.verify(pair.public, b"from openssl!", signature)


def test_we_sign_openssl_verifies(pair: Pair) -> None:
    (pair.folder / "text").write_bytes(b"from us")
    verify = ["pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", "-in", "text", "-sigfile", "signature"]
    for _ in range(5):
        (pair.folder / "signature").write_bytes(sm2.sign(pair.private, b"from us"))
        assert b"Successfully" in pair.run(*verify, *_DIGEST, *_IDENTITY)
    (pair.folder / "signature").write_bytes(sm2.sign(pair.private, b"from them"))
    with pytest.raises(AssertionError, match="1 == 0"):
        pair.run(*verify, *_DIGEST, *_IDENTITY)


def test_we_encrypt_openssl_decrypts(pair: Pair) -> None:
    (pair.folder / "sealed").write_bytes(sm2.encrypt(pair.public, b"sixteen byte key"))
    assert pair.run("pkeyutl", "-decrypt", "-inkey", "key.pem", "-in", "sealed") == b"sixteen byte key"


def test_openssl_encrypts_we_decrypt(pair: Pair) -> None:
    (pair.folder / "text").write_bytes(b"sixteen byte key")
    sealed = pair.run("pkeyutl", "-encrypt", "-pubin", "-inkey", "public.pem", "-in", "text")
    assert sm2.decrypt(pair.private, sealed) == b"sixteen byte key"
