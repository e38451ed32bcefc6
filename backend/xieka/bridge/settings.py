"""The methods of 系统设置. The switch 导入签名证书 is in bridge/osstore.py: it does more than to be kept."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from xieka.app import App
from xieka.bridge.models import Nothing, Params
from xieka.bridge.rpc import Method
from xieka.core.proxy import Mode
from xieka.settings.early import Theme
from xieka.settings.models import RemindDays, Settings, Size

_MOST_LISTED = 1000
"""What crosses the border; how many exceptions count is decided by ProxySettings, in words for people (V-PRX-04)."""


class Change(Params):
    """Settings to change; absent ones stay."""

    theme: Theme | None = None
    size: Size | None = None
    popup_on_insert: bool | None = None
    hide_on_removal: bool | None = None
    ask_registration: bool | None = None
    remind_expiry: bool | None = None
    remind_days: RemindDays | None = None


class Proxy(Params):
    """The proxy as the user types it: `address` counts for `manual` alone, `exceptions` with every proxy."""

    mode: Mode
    address: Annotated[str, Field(max_length=300)]
    exceptions: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=_MOST_LISTED)]


class SettingsView(BaseModel):
    """All of them, and whether they are those of a fresh installation."""

    values: Settings
    default: bool


class Reset(SettingsView):
    """All of them after 恢复默认."""

    changed: bool
    """They were not those of a fresh installation."""


def methods(app: App) -> dict[str, Method]:
    """Bound to the services of this run."""
    settings = app.settings
    return {
        "settings.get": Method(Nothing, lambda _: _view(settings.reread())),
        "settings.change": Method(Change, lambda p: _view(settings.change(**p.model_dump(exclude_none=True)))),
        "settings.set_proxy": Method(Proxy, lambda p: _view(settings.set_proxy(p.mode, p.address, p.exceptions))),
        "settings.forget_ukey": Method(Nothing, lambda _: _view(settings.change(preferred_token=None))),
        "settings.reset": Method(Nothing, lambda _: _reset(*settings.reset())),
        "settings.restore": Method(Nothing, lambda _: _view(settings.restore())),
    }


def _view(values: Settings) -> SettingsView:
    return SettingsView(values=values, default=values == Settings())


def _reset(before: Settings, now: Settings) -> Reset:
    return Reset(values=now, default=now == Settings(), changed=before != now)
