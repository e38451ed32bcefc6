"""Time stamps (RFC 3161) as an independent program makes them: they are told from another's, and never called ok."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable

import pytest

from tests.seal.make import NOW, bound_seal
from xieka.seal import reader, time_stamp
from xieka.seal.verify import Circumstances, verify

CONFIG = """
[tsa]
default_tsa = one
[one]
serial = serial
digests = sha256
default_policy = 1.2.3.4
signer_digest = sha256
[req]
distinguished_name = name
x509_extensions = stamping
[name]
[stamping]
extendedKeyUsage = critical, timeStamping
"""


@pytest.fixture(scope="module")
def stamp(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], bytes]:
    """`openssl ts` as a time-stamping authority."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl command here")
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(CONFIG, "ascii")
    (folder / "serial").write_text("01", "ascii")

    def run(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=30)

    new = ["-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "tsa.pem", "-subj", "/CN=TSA"]
    run("req", "-x509", "-config", "tsa.cnf", *new)

    def made(stamped: bytes) -> bytes:
        (folder / "stamped").write_bytes(stamped)
        run("ts", "-query", "-data", "stamped", "-sha256", "-cert", "-out", "query")
        answer = ["-queryfile", "query", "-signer", "tsa.pem", "-inkey", "key.pem", "-config", "tsa.cnf"]
        run("ts", "-reply", *answer, "-token_out", "-out", "token")
        return (folder / "token").read_bytes()

    return made


def stamped_seal(stamp: Callable[[bytes], bytes], other: bytes | None = None) -> bytes:
    value = reader.parse(bound_seal("sm2", 5))
    value["timeStamp"] = stamp(other or value["signedValue"].native)
    return bytes(value.dump(force=True))


def result(der: bytes) -> tuple[str, str, str]:
    found = next(step for step in verify(der, Circumstances(NOW)).steps if step.name == "time_stamp")
    return found.state, found.why, found.error.code if found.error else ""


def test_it_is_the_seals_but_nobody_knows_whose(stamp: Callable[[bytes], bytes]) -> None:
    der = stamped_seal(stamp)
    state, why, _ = result(der)
    assert (state, "还没有核验是谁盖的" in why) == ("unchecked", True)
    assert reader.parse(der).dump(force=True) == der


def test_a_stamp_of_something_else(stamp: Callable[[bytes], bytes]) -> None:
    assert result(stamped_seal(stamp, b"another signature"))[::2] == ("failed", "E-SEA-33")


def test_a_stamp_nobody_can_read(stamp: Callable[[bytes], bytes]) -> None:
    token = stamp(b"signature")
    for broken in (b"", b"token", token[:-1], token[:40], b"\x30\x00", token.replace(b"\x18\x0f", b"\x17\x0f")):
        (found,) = time_stamp.step(broken, b"signature")
        assert (found.state, found.why) == ("unchecked", "带有时间戳，协卡助手读不懂它")
