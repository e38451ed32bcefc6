"""From a worker's answers to the values of the token room."""

from __future__ import annotations

from binascii import a2b_base64
from dataclasses import replace

from xieka.core.text import plain
from xieka.token import ckr
from xieka.token.drivers import Driver
from xieka.token.models import PinHealth, PinState, Token, TokenCertificate, TokenData
from xieka.token.protocol import Contents, TokenInfo


def token(driver: Driver, info: TokenInfo, contents: Contents) -> Token:
    """A token as it has just been read."""
    return Token(
        id=plain(f"{driver.id}:{info['ref']}"),
        ref=info["ref"],
        driver=driver.id,
        driver_name=driver.name,
        label=plain(info["label"]),
        serial=plain(info["serial"]),
        manufacturer=plain(info["manufacturer"]),
        model=plain(info["model"]),
        pin=pin_health(driver, info),
        practice=driver.practice,
        certificates=tuple(
            TokenCertificate(a2b_base64(item["der"]), plain(item["label"]), item["id"])
            for item in contents["certificates"]
        ),
        data=tuple(
            TokenData(plain(item["label"]), plain(item["application"]), a2b_base64(item["value"]))
            for item in contents["data"]
        ),
    )


def renewed(known: Token, driver: Driver, info: TokenInfo) -> Token:
    """A known token with what a listing tells anew; the same object when nothing changed."""
    fresh = replace(known, pin=pin_health(driver, info), label=plain(info["label"]))
    return known if fresh == known else fresh


def pin_health(driver: Driver, info: TokenInfo) -> PinHealth:
    """The retry counter as far as PKCS#11 tells: a state, never a number."""
    return PinHealth(PinState(ckr.pin_state(info["flags"], driver.pin_flags)))
