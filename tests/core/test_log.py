"""What the log says of an unexpected error: enough to find the fault, nothing of what a person typed."""

from __future__ import annotations

import logging

import pytest

from xieka.core.log import report

CANARY = "Kanarie-9021"


def fail() -> None:
    try:
        int(CANARY)
    except ValueError as cause:
        raise KeyError(CANARY) from cause


def test_an_error_is_reported_by_type_and_places_and_never_by_its_message(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(KeyError) as caught:
        fail()
    reference = report(caught.value, "certificate.detail")
    assert len(reference) == 8
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info is None
    message = record.getMessage()
    assert message.startswith(f"certificate.detail failed, ref {reference}: KeyError at test_log.py:")
    assert "from ValueError at test_log.py:" in message
    assert CANARY not in caplog.text


def test_an_error_that_was_never_raised_has_no_place(caplog: pytest.LogCaptureFixture) -> None:
    report(RuntimeError(CANARY), "x")
    assert "RuntimeError at no place" in caplog.text


def test_every_report_has_a_number_of_its_own() -> None:
    error = RuntimeError()
    assert len({report(error, "x") for _ in range(20)}) == 20
