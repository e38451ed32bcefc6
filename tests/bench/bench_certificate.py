"""One certificate read, described and verified, RSA and SM2, against the openssl command doing the same per process.

Ratios of one run: below 1 we are quicker. The command's time is mostly its start, which is what a script would pay.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.bench_token import microseconds
from tests.bench.stage import Targets
from tests.conftest import SAMPLES
from xieka.certificate import service
from xieka.certificate.trust import signatures
from xieka.certificate.trust.parsed import parse
from xieka.certificate.trust.path import Store, find
from xieka.certificate.trust.verdict import decide, evidence
from xieka.core.clock import SystemClock
from xieka.gm import libcrypto, sm2

PAIRS = {"RSA": ("SHECA_G2", "UCA_Root_G2"), "SM2": ("SHECA_SM2_by_UCA_Root_SM2", "UCA_Root_SM2")}
COMMANDS = 30
SM2_ID = ["-vfyopt", "distid:1234567812345678"]


def ours(der: bytes, store: Store) -> None:
    """Everything, nothing remembered from the time before."""
    signatures.remembered.cache_clear()
    now = SystemClock().now()
    service.detail(der, now)
    decide(evidence(find(parse(der), store), now))


def command(*words: str | Path) -> float:
    return microseconds(lambda: subprocess.run(["openssl", *words], check=True, capture_output=True), COMMANDS)


def main() -> int:
    targets = Targets()
    with tempfile.TemporaryDirectory() as folder:
        for kind, (leaf, root) in PAIRS.items():
            files = []
            for name in (leaf, root):
                source, pem = SAMPLES / "certs" / f"{name}.der", Path(folder, f"{name}.pem")
                subprocess.run(["openssl", "x509", "-inform", "DER", "-in", source, "-out", pem], check=True)
                files.append(pem)
            der = (SAMPLES / "certs" / f"{leaf}.der").read_bytes()
            store = Store((parse((SAMPLES / "certs" / f"{root}.der").read_bytes()),))
            own = microseconds(lambda der=der, store=store: ours(der, store))  # type: ignore[misc]
            text = command("x509", "-text", "-noout", "-in", files[0])
            verify = command(
                "verify", *(SM2_ID if kind == "SM2" else ()), "-partial_chain", "-trusted", files[1], files[0]
            )
            print(f"{kind}: read, described and verified in {own:.0f} µs")
            targets.hold(f"{kind} / (openssl x509 -text + openssl verify)", own / (text + verify), 1.0, "x")
    _raw(targets)
    return targets.missed


def _raw(targets: Targets) -> None:
    private, public = sm2.generate()
    message, signature = b"m" * 1000, sm2.sign(private, b"m" * 1000)
    fast = libcrypto.verifier()
    whole = microseconds(lambda: sm2.verify(public, message, signature))
    if fast is None:
        print(f"SM2 verify in {whole:.0f} µs; no libcrypto here to compare with")
        return
    raw = microseconds(lambda: fast(public, message, signature, sm2.DEFAULT_ID))
    targets.hold("sm2.verify / libcrypto's own call", whole / raw, 1.5, "x")
    digest = sm2.message_digest(public, message)
    numbers = _numbers(signature)
    pure = microseconds(lambda: sm2.verify_digest(public, digest, *numbers))
    print(f"SM2 verify: libcrypto {raw:.0f} µs, ours over it {whole:.0f} µs, own arithmetic {pure:.0f} µs")


def _numbers(signature: bytes) -> tuple[int, int]:
    from xieka.gm import encoding

    return encoding.signature(signature)


if __name__ == "__main__":
    sys.exit(main())
