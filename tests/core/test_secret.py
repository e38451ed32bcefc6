from __future__ import annotations

import copy
import json
import pickle

import pytest

from xieka.core.secret import Secret

PIN = "Kanarie-4711"


@pytest.mark.parametrize(
    "leak",
    [
        pytest.param(lambda s: str(s), id="str"),
        pytest.param(lambda s: f"{s}", id="f-string"),
        pytest.param(lambda s: format(s, "s"), id="format"),
        pytest.param(lambda s: "%s" % s, id="percent"),  # noqa: UP031 - this is the leak under test
        pytest.param(lambda s: json.dumps(s), id="json"),
        pytest.param(lambda s: pickle.dumps(s), id="pickle"),
        pytest.param(lambda s: copy.copy(s), id="copy"),
        pytest.param(lambda s: copy.deepcopy(s), id="deepcopy"),
        pytest.param(lambda s: hash(s), id="hash"),
    ],
)
def test_every_accidental_way_out_is_refused(leak) -> None:
    with pytest.raises(TypeError) as refusal:
        leak(Secret(PIN))
    assert PIN not in str(refusal.value)


def test_repr_shows_nothing_not_even_the_length() -> None:
    assert repr(Secret(PIN)) == repr(Secret("x")) == "Secret(…)"


def test_reveal_len_and_equality() -> None:
    assert Secret(PIN).reveal() == PIN
    assert len(Secret("口令1")) == 3
    assert Secret(PIN) == Secret(PIN.encode())
    assert Secret(PIN) != Secret(PIN + "x")
    assert Secret(PIN) != PIN


def test_wipe_overwrites_the_bytes_it_held() -> None:
    secret = Secret(PIN)
    held = secret._value
    secret.wipe()
    assert bytes(held) == bytes(len(PIN))
    assert secret.reveal() == ""


def test_fingerprint_depends_on_key_and_secret() -> None:
    assert Secret(PIN).fingerprint(b"k") == Secret(PIN).fingerprint(b"k")
    assert Secret(PIN).fingerprint(b"k") != Secret(PIN).fingerprint(b"q")
    assert Secret(PIN).fingerprint(b"k") != Secret("other").fingerprint(b"k")
