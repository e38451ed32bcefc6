"""The methods of 导入签名证书: the list of what is registered with the system, and the switch."""

from __future__ import annotations

from xieka.app import App
from xieka.bridge.models import Nothing, Params
from xieka.bridge.rpc import Method


class Switch(Params):
    """On or off."""

    enabled: bool


def methods(app: App) -> dict[str, Method]:
    """Bound to the services of this run."""
    return {
        "osstore.list": Method(Nothing, lambda _: app.osstore().view()),
        "osstore.set": Method(Switch, lambda p: app.osstore().set(p.enabled)),
    }
