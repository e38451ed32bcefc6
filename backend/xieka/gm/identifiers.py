"""Identifiers of Chinese organisations: check digits and written forms."""

from __future__ import annotations

import re

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORG_FORM = re.compile(r"[0-9A-Z]{8}[0-9X]")
_REGISTRATION_FORM = re.compile(r"[0-9]{15}")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NOISE = re.compile(r"[\s\-－—]")


def normalize(value: str) -> str:
    """Without spaces and dashes, upper case, full-width characters as ASCII."""
    return _NOISE.sub("", value.translate(_HALF_WIDTH)).upper()


def uscc_check_digit(body: str) -> str:
    """Check character of the 17 characters before it (GB 32100-2015, annex B: weights 3^i mod 31)."""
    total = sum(_USCC_ALPHABET.index(char) * pow(3, i, 31) for i, char in enumerate(body))
    return _USCC_ALPHABET[-total % 31]


def org_code_check_digit(body: str) -> str:
    """Check character of the 8 characters before it (GB 11714-1997, 3.3: letters count from A = 10)."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORG_WEIGHTS, strict=True))
    remainder = 11 - total % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))


def registration_check_digit(body: str) -> str:
    """Check digit of the 14 digits before it (GS 15-2006, 工商注册号: ISO 7064 MOD 11,10)."""
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def is_uscc(value: str) -> bool:
    """True for a normalised 统一社会信用代码 with a right check character."""
    return _USCC_FORM.fullmatch(value) is not None and uscc_check_digit(value[:17]) == value[17]


def is_org_code(value: str) -> bool:
    """True for a normalised 组织机构代码 (9 characters) with a right check character."""
    return _ORG_FORM.fullmatch(value) is not None and org_code_check_digit(value[:8]) == value[8]


def is_registration_number(value: str) -> bool:
    """True for a normalised 工商注册号 of 15 digits with a right check digit. Those before 2007 had 13 and no check."""
    return _REGISTRATION_FORM.fullmatch(value) is not None and registration_check_digit(value[:14]) == value[14]


def written_org_code(value: str) -> str:
    """The written form of GB 11714, body and check character joined by a hyphen: MA1K0000-7."""
    return f"{value[:8]}-{value[8:]}"
