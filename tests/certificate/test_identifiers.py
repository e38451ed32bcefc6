"""Check digits, on numbers of well-known organisations and the standards' examples."""

from __future__ import annotations

import pytest

from xieka.certificate import identifiers


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("91310000631291289X", id="sheca"),
        pytest.param("91310106669433828F", id="company-in-sheca-test-certificate"),
        pytest.param("91310000132260250X", id="org-code-ending-in-0"),
        pytest.param("91310115MA1K00007Q", id="practice-1"),
        pytest.param("91310104MA1FR0042N", id="practice-2"),
    ],
)
def test_uscc(value: str) -> None:
    assert identifiers.is_uscc(value)
    assert identifiers.is_org_code(value[8:17])
    for place in (0, 8, 17):
        other = "1" if value[place] != "1" else "2"
        assert not identifiers.is_uscc(value[:place] + other + value[place + 1 :])


@pytest.mark.parametrize("value", ["", "9131000063129128", "91310000631291289x", "I1310000631291289X"])
def test_not_a_uscc(value: str) -> None:
    assert not identifiers.is_uscc(value)


def test_org_code_forms() -> None:
    assert identifiers.is_org_code("MA1K00007")
    assert identifiers.is_org_code("D2143569X")
    assert not identifiers.is_org_code("MA1K00008")
    assert not identifiers.is_org_code("MA1K0000-7")
    assert identifiers.normalize(" ma1k0000－7 ") == "MA1K00007"
    assert identifiers.written_org_code("MA1K00007") == "MA1K0000-7"
