"""A canary PIN goes through everything that can go wrong, and is then looked for everywhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.token.conftest import Start, until
from tests.tokens.shim import Shim
from tests.tokens.softhsm import PIN
from xieka.core import log
from xieka.core.errors import XiekaError
from xieka.core.secret import Secret
from xieka.token import wire

CANARY = "canary-PIN-4711"


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "log").mkdir(exist_ok=True)
    yield log.configure(tmp_path / "log", verbose=True)
    logger = logging.getLogger("xieka")
    for handler in logger.handlers:
        handler.close()
    logger.handlers.clear()
    logger.propagate = True


def test_canary_is_nowhere(
    shim: Shim, tmp_path: Path, log_file: Path, start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    running = start(shim.driver())
    token = running.token().id
    errors: list[XiekaError] = []

    def attempt(control: str, change: bool) -> None:
        shim.control("max=30", control)
        try:
            if change:
                running.service.change_pin(token, Secret(PIN), Secret(CANARY))
                running.service.change_pin(token, Secret(CANARY), Secret(PIN + PIN))
            else:
                running.service.verify_pin(token, Secret(CANARY))
        except XiekaError as error:
            errors.append(error)
        cmdline = Path(f"/proc/{running.worker_pid()}/cmdline")
        if cmdline.exists():
            assert CANARY.encode() not in cmdline.read_bytes()

    attempt("", change=False)
    attempt("fault=C_Login:rv:0x30", change=False)
    attempt("fault=C_SetPIN:rv:0x80000123", change=True)
    attempt("", change=True)
    attempt("fault=C_SetPIN:segv", change=True)
    running.service.refresh()
    until(lambda: "recovered" in running.driver_states())
    assert len(errors) >= 4
    logging.getLogger("xieka").handlers[0].flush()

    assert log_file.stat().st_size > 0
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path
    told = "".join(repr((error, error.params, error.body(), error.__cause__)) for error in errors)
    captured = capfd.readouterr()
    for text in (told, repr(running.events), captured.out, captured.err):
        assert CANARY not in text


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
