"""`xieka settings`: the switches of 系统设置 for scripts. An open window sees a change at the next happening."""

from __future__ import annotations

import argparse

from pydantic import ValidationError

from xieka.cli.output import Output
from xieka.cli.session import open_folders
from xieka.core.errors import XiekaError
from xieka.settings.models import Settings
from xieka.settings.service import SettingsService

_SWITCH = {"on": True, "off": False}


def show(options: argparse.Namespace, output: Output) -> None:
    """All settings and their values."""
    _tell(_service().value, output)


def change(options: argparse.Namespace, output: Output) -> None:
    """Set one. Raises XiekaError E-CLI-10 for a value that it cannot have, E-SET-01."""
    service = _service()
    try:
        changed = service.change(**{options.name: _value(options.name, options.value)})
    except (ValueError, ValidationError) as unfit:
        raise XiekaError("E-CLI-10", name=options.name, value=options.value[:80]) from unfit
    _tell(changed, output)


def reset(options: argparse.Namespace, output: Output) -> None:
    """Every default again; certificates are registered at the next insertion."""
    _tell(_service().reset()[1], output)


def _service() -> SettingsService:
    return SettingsService(open_folders().config)


def _value(name: str, text: str) -> object:
    if name == "remind_days":
        return [int(day) for day in text.split(",") if day.strip()]
    return _SWITCH.get(text, text)


def _tell(values: Settings, output: Output) -> None:
    fields = values.model_dump(mode="json")
    words = {True: "on", False: "off", None: "-"}

    def line(name: str) -> str:
        value = fields[name]
        if isinstance(value, list):
            return f"{name} = {','.join(map(str, value)) or '-'}"
        return f"{name} = {words.get(value, value)}"

    output.data({"settings": fields}, lambda: "\n".join(map(line, fields)))
