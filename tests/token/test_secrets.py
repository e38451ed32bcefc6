"""A canary PIN goes through everything that can go wrong, and is then looked for everywhere."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.token.conftest import Running, Start, until
from tests.token.signing_tokens import LABEL, Signer
from tests.tokens.shim import Shim
from tests.tokens.softhsm import PIN
from xieka.core import log
from xieka.core.errors import XiekaError
from xieka.core.secret import Secret
from xieka.token import wire

CANARY = "canary-PIN-4711"
DATA = b"canary data to sign"


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "log").mkdir(exist_ok=True)
    yield log.configure(tmp_path / "log", verbose=True)
    logger = logging.getLogger("xieka")
    for handler in logger.handlers:
        handler.close()
    logger.handlers.clear()
    logger.propagate = True


class Hunt:
    """Goes through operations, and then looks for the canaries everywhere."""

    def __init__(self, running: Running, folder: Path, log_file: Path) -> None:
        self.running = running
        self.errors: list[XiekaError] = []
        self._folder = folder
        self._log_file = log_file

    def attempt(self, operation: Callable[[], object]) -> None:
        try:
            operation()
        except XiekaError as error:
            self.errors.append(error)
        cmdline = Path(f"/proc/{self.running.worker_pid()}/cmdline")
        if cmdline.exists():
            self._miss(cmdline.read_bytes(), cmdline)

    def end(self, captured: tuple[str, str]) -> None:
        self.running.service.refresh()
        until(lambda: "recovered" in self.running.driver_states())
        logging.getLogger("xieka").handlers[0].flush()
        assert self._log_file.stat().st_size > 0
        for path in self._folder.rglob("*"):
            if path.is_file():
                self._miss(path.read_bytes(), path)
        for error in self.errors:
            self._miss(repr((error, error.params, error.body(), error.__cause__)).encode(), error)
        self._miss(repr((self.running.events, captured)).encode(), "events or output")

    @staticmethod
    def _miss(content: bytes, where: object) -> None:
        for canary in (CANARY.encode(), DATA, base64.b64encode(DATA)):
            assert canary not in content, where


def test_canary_is_nowhere(
    shim: Shim, tmp_path: Path, log_file: Path, start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    running = start(shim.driver())
    token = running.token().id
    hunt = Hunt(running, tmp_path, log_file)

    def verify() -> None:
        running.service.verify_pin(token, Secret(CANARY))

    def change() -> None:
        running.service.change_pin(token, Secret(PIN), Secret(CANARY))
        running.service.change_pin(token, Secret(CANARY), Secret(PIN + PIN))

    for control, operation in (
        ("", verify),
        ("fault=C_Login:rv:0x30", verify),
        ("fault=C_SetPIN:rv:0x80000123", change),
        ("", change),
        ("fault=C_SetPIN:segv", change),
    ):
        shim.control("max=30", control)
        hunt.attempt(operation)
    assert len(hunt.errors) >= 4
    hunt.end(capfd.readouterr())


def test_canary_of_a_signature_is_nowhere(
    signing_shim: Shim,
    signer: Signer,
    tmp_path: Path,
    log_file: Path,
    start: Start,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The canary is the right PIN here, so that it goes all the way, also to a key that wants it for itself."""
    signing_shim.hsm.reset_pin("one", CANARY)
    running = start(signing_shim.driver())
    token = running.token(LABEL).id
    hunt = Hunt(running, tmp_path, log_file)
    signatures: list[bytes] = []

    def sign() -> None:
        signatures.append(running.service.sign(token, signer.der["wants the PIN"], DATA, Secret(CANARY)))

    for fault in ("", "C_Sign:rv:0x80000123", "C_Login:rv:0x30", "C_Sign:segv", "C_Login-context:rv:0xa0"):
        signing_shim.control("max=30", f"fault={fault}")
        hunt.attempt(sign)
    assert len(signatures) == 1
    assert [error.code for error in hunt.errors] == ["E-SIG-06", "E-PIN-08", "E-PIN-08", "E-SIG-08"]
    hunt.end(capfd.readouterr())


def test_worker_shows_its_memory_to_no_other_program(shim: Shim, start: Start) -> None:
    """From the first call into the library on, so before any PIN."""
    start(shim.driver())
    assert shim.calls()
    assert not [call for call in shim.calls() if call.dumpable]


def test_worker_writes_no_core_file(shim: Shim, start: Start) -> None:
    running = start(shim.driver())
    limits = Path(f"/proc/{running.worker_pid()}/limits").read_text()
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"]


def test_vendor_output_reaches_neither_pipe_nor_log(
    shim: Shim, start: Start, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shim.control(f"say={CANARY}")
    running = start(shim.driver())
    assert running.service.verify_pin(running.token().id, Secret(PIN))
    assert running.driver_states() == [], "the answers were not garbled"
    captured = capfd.readouterr()
    assert CANARY not in captured.out + captured.err
    assert CANARY not in "".join(path.read_text() for path in (tmp_path / "log").iterdir())


def test_frames_with_secrets_are_wiped() -> None:
    buffer = wire.frame(b"secret")
    assert buffer == b"\0\0\0\x06secret"
    wire.wipe(buffer)
    assert buffer == bytes(10)
