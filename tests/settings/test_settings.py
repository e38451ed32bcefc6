from __future__ import annotations

from pathlib import Path

import pytest

from xieka.core.errors import XiekaError
from xieka.settings.models import Settings
from xieka.settings.service import SettingsService, load_profile


def test_changes_survive_a_restart(tmp_path: Path) -> None:
    service = SettingsService(tmp_path)
    assert service.value == Settings()
    service.change(theme="dark", preferred_token="softhsm:1")
    assert SettingsService(tmp_path).value == Settings(theme="dark", preferred_token="softhsm:1")
    service.change(preferred_token=None)
    assert SettingsService(tmp_path).value == Settings(theme="dark")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("theme = ", id="broken TOML"),
        pytest.param("theme = 'pink'", id="unknown value"),
        pytest.param("colour = 'red'", id="unknown key"),
        pytest.param("popup_on_insert = 'yes'", id="wrong type"),
    ],
)
def test_a_broken_file_costs_the_settings_not_the_start(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    service = SettingsService(tmp_path)
    assert service.value == Settings()
    assert (tmp_path / "settings.broken").read_text(encoding="utf-8") == text
    service.change(size="large")
    assert SettingsService(tmp_path).value.size == "large"


def test_bytes_that_are_not_text(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"\xff\xfe\x00")
    assert SettingsService(tmp_path).value == Settings()


def test_a_failed_write_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.write_text("a file where the folder should be", encoding="utf-8")
    service = SettingsService(folder)
    with pytest.raises(XiekaError) as error:
        service.change(theme="dark")
    assert error.value.code == "E-SET-01"
    assert service.value.theme == "system"


def test_profiles_are_complete() -> None:
    assert load_profile("demo").practice is True
    assert load_profile("sheca").practice is False
    assert "练习" in load_profile("demo").name
    assert load_profile("sheca").note == ""
