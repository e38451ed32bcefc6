"""One seal parsed and verified, RSA and SM2: against the library's bare signature check, and an openssl process."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto.pem import armor
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tests.bench.stage import Targets
from tests.conftest import SAMPLES
from tests.seal.make import bound_seal
from xieka.certificate.structure import PublicKeyInfo
from xieka.certificate.trust.parsed import parse
from xieka.gm import sm2
from xieka.seal import picture, reader
from xieka.seal.structure import Seal
from xieka.seal.verify import Circumstances, verify

REPEATS, PROCESSES = 200, 30
NOW = datetime(2026, 6, 1, tzinfo=UTC)
_SM2 = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
_RSA = ["-rawin", "-digest", "sha256"]


def milliseconds(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median duration."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e3


def whole(der: bytes) -> float:
    """Everything `seal show` does but the path: the reader's memory emptied, the picture decoded."""

    def once() -> None:
        reader.read.cache_clear()
        found = verify(der, Circumstances(NOW))
        assert next(step for step in found.steps if step.name == "signature").state == "ok"

    return milliseconds(once)


def bare(seal: reader.Seal) -> float:
    """Key loaded and signature checked by the library, nothing read."""
    info = parse(seal.maker).key_info

    def with_rsa() -> None:
        key = load_der_public_key(info)
        assert isinstance(key, rsa.RSAPublicKey)
        key.verify(seal.signature, seal.signed, padding.PKCS1v15(), hashes.SHA256())

    if seal.algorithm != sm2.SIGNATURE_OID:
        return milliseconds(with_rsa)
    public = PublicKeyInfo.load(info)["public_key"].native
    return milliseconds(lambda: sm2.verify(public, seal.signed, seal.signature))


def process(seal: reader.Seal, folder: Path) -> float:
    """`openssl pkeyutl -verify` on what the signature covers, key and signature taken out of the seal beforehand."""
    (folder / "key.pem").write_bytes(armor("PUBLIC KEY", parse(seal.maker).key_info))
    (folder / "text").write_bytes(seal.signed)
    (folder / "signature").write_bytes(seal.signature)
    algorithm = _SM2 if seal.algorithm == sm2.SIGNATURE_OID else _RSA
    files = ["-inkey", "key.pem", "-in", "text", "-sigfile", "signature"]
    command = ["openssl", "pkeyutl", "-verify", "-pubin", *files, *algorithm]
    return milliseconds(lambda: subprocess.run(command, cwd=folder, check=True, capture_output=True), PROCESSES)


def main() -> int:
    """Print the figures of each kind of key."""
    targets = Targets()
    seals = {"RSA": bound_seal("rsa", 4), "SM2": (SAMPLES / "seals" / "ofdrw-gm__UserV4.esl").read_bytes()}
    for name, der in seals.items():
        seal = reader.read(der)
        with tempfile.TemporaryDirectory(prefix="xieka-bench-") as folder:
            ours, library, program = whole(der), bare(seal), process(seal, Path(folder))
        content = seal.content
        decoding = milliseconds(lambda content=content: picture.look(content.picture, content.picture_type))  # type: ignore[misc]
        reading = milliseconds(lambda der=der: (reader.read.cache_clear(), reader.read(der)))  # type: ignore[misc]
        parser = milliseconds(lambda der=der: Seal.load(der, strict=True).native)  # type: ignore[misc]
        print(f"{name}, {len(der)} bytes: whole {ours:.2f} ms (reading {reading:.2f}, picture {decoding:.2f})")
        print(f"  bare signature {library:.2f} ms, asn1crypto's values {parser:.2f} ms, openssl {program:.2f} ms")
        targets.hold(f"{name}: whole to openssl process", ours / program, 2, "×")
    return targets.missed


if __name__ == "__main__":
    sys.exit(main())
