"""Check digits, on numbers of well-known organisations and the standards' examples."""

from __future__ import annotations

import pytest

from xieka.gm import identifiers


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("91310000631291289X", id="sheca"),
        pytest.param("91310106669433828F", id="company-in-sheca-test-certificate"),
        pytest.param("91310000132260250X", id="org-code-ending-in-0"),
        pytest.param("914403001922038216", id="huawei"),
        pytest.param("91100000100003962T", id="icbc"),
        pytest.param("91110000710925462X", id="petrochina"),
        pytest.param("11320500014150050B", id="civil-affairs-office-in-a-seal"),
        pytest.param("115300000151003540", id="housing-office-in-a-seal"),
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
    assert identifiers.normalize("ＭＡ１Ｋ００００-７") == "MA1K00007"
    assert identifiers.written_org_code("MA1K00007") == "MA1K0000-7"


@pytest.mark.parametrize("value", ["440301103097413", "440301103448669", "440301102900139"])
def test_registration_numbers(value: str) -> None:
    assert identifiers.is_registration_number(value)
    for place in range(15):
        other = str((int(value[place]) + 1) % 10)
        assert not identifiers.is_registration_number(value[:place] + other + value[place + 1 :])


@pytest.mark.parametrize("value", ["", "4403011030974", "44030110309741X", "４４０３０１１０３０９７４１３"])
def test_not_a_registration_number(value: str) -> None:
    assert not identifiers.is_registration_number(value)
