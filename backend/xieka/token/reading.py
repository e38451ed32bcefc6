"""From a worker's answers to the values of the token room."""

from __future__ import annotations

from binascii import a2b_base64
from dataclasses import replace

from xieka.token import ckr
from xieka.token.drivers import Driver
from xieka.token.models import PinHealth, PinState, Token, TokenCertificate, TokenData
from xieka.token.protocol import Contents, TokenInfo


def token(driver: Driver, info: TokenInfo, contents: Contents) -> Token:
    """A token as it has just been read."""
    return Token(
        id=f"{driver.id}:{info['ref']}",
        driver=driver.id,
        driver_name=driver.name,
        label=info["label"],
        serial=info["serial"],
        manufacturer=info["manufacturer"],
        model=info["model"],
        pin=pin_health(driver, info),
        pin_min=info["pin_min"],
        pin_max=info["pin_max"],
        practice=driver.practice,
        certificates=tuple(
            TokenCertificate(a2b_base64(item["der"]), item["label"], item["id"]) for item in contents["certificates"]
        ),
        data=tuple(
            TokenData(item["label"], item["application"], a2b_base64(item["value"])) for item in contents["data"]
        ),
    )


def renewed(known: Token, driver: Driver, info: TokenInfo) -> Token:
    """A known token with what a listing tells anew; the same object when nothing changed."""
    pin = pin_health(driver, info)
    if known.pin == pin and known.label == info["label"]:
        return known
    return replace(known, pin=pin, label=info["label"])


def pin_health(driver: Driver, info: TokenInfo) -> PinHealth:
    """The retry counter as far as PKCS#11 tells: a state, never a number."""
    return PinHealth(PinState(ckr.pin_state(info["flags"], driver.pin_flags)))
