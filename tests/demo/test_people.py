"""The made-up organisations have numbers that a form would accept."""

from __future__ import annotations

import pytest

from xieka.gm import identifiers
from xieka_demo.people import PEOPLE, Person


def registration_check_digit(body: str) -> str:
    """Check digit of the 14 digits before it in a 工商注册号 (ISO 7064 MOD 11,10)."""
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: str(person.number))
def test_check_digits(person: Person) -> None:
    assert registration_check_digit("11010800000001") == "6"
    subject = person.subject
    assert identifiers.is_uscc(subject.uscc)
    assert identifiers.is_org_code(subject.org_code)
    assert subject.uscc[8:17] == subject.org_code
    if subject.registration is not None:
        assert registration_check_digit(subject.registration[:14]) == subject.registration[14:]
