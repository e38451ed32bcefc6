from __future__ import annotations

import stat
from pathlib import Path

import pytest

from xieka.core.errors import XiekaError
from xieka.core.proxy import Mode, ProxySettings
from xieka.settings.early import theme
from xieka.settings.models import Settings
from xieka.settings.service import SettingsService, load_profile


def test_changes_survive_a_restart(tmp_path: Path) -> None:
    service = SettingsService(tmp_path)
    assert service.value == Settings()
    service.change(theme="dark", preferred_token="softhsm:1", remind_days=[60, 1], remind_expiry=False)
    kept = SettingsService(tmp_path).value
    assert kept == Settings(theme="dark", preferred_token="softhsm:1", remind_days=[60, 1], remind_expiry=False)
    service.change(remind_days=[90, 30, 7], remind_expiry=True)
    service.change(preferred_token=None)
    assert SettingsService(tmp_path).value == Settings(theme="dark")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("theme = ", id="broken TOML"),
        pytest.param("theme = 'pink'", id="unknown value"),
        pytest.param("colour = 'red'", id="unknown key"),
        pytest.param("popup_on_insert = 'yes'", id="wrong type"),
        pytest.param("theme = " + "[" * 20_000, id="deep"),
        pytest.param("remind_days = [400]", id="reminder more than a year ahead"),
        pytest.param("remind_days = [-1]", id="reminder after the end"),
        pytest.param("remind_days = " + str(list(range(11))), id="too many reminders"),
        pytest.param("proxy_url = 'http://user:geheim@proxy.cn:1'", id="proxy with a password"),
        pytest.param("proxy_exceptions = ['a b']", id="wrong proxy exception"),
    ],
)
def test_a_broken_file_costs_the_settings_not_the_start(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    assert theme(tmp_path) == "system"
    service = SettingsService(tmp_path)
    assert service.value == Settings()
    assert (tmp_path / "settings.broken").read_text(encoding="utf-8") == text
    service.change(size="large")
    assert SettingsService(tmp_path).value.size == "large"


def test_bytes_that_are_not_text(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"\xff\xfe\x00")
    assert SettingsService(tmp_path).value == Settings()


@pytest.mark.parametrize(
    ("mode", "address", "exception", "outcome"),
    [
        pytest.param("manual", " Proxy.cn:8080", "*.inside.cn", ("http://proxy.cn:8080", "inside.cn"), id="typed"),
        pytest.param("manual", "", "*.inside.cn", "V-PRX-02", id="manual without an address"),
        pytest.param("manual", "ftp://nowhere", "*.inside.cn", "V-PRX-02", id="no HTTP proxy"),
        pytest.param("system", "ftp://no", "*.inside.cn", ("http://kept.cn:1", "inside.cn"), id="does not count"),
        pytest.param("system", "", "a!b", "V-PRX-03", id="no exception"),
        pytest.param("none", "ftp://no", "a!b", ("http://kept.cn:1", "kept.cn"), id="neither counts"),
    ],
)
def test_the_proxy_as_it_is_typed(
    tmp_path: Path, mode: Mode, address: str, exception: str, outcome: tuple[str, str] | str
) -> None:
    service = SettingsService(tmp_path)
    assert service.value.proxy == ProxySettings("system")
    kept = service.change(proxy_url="http://kept.cn:1", proxy_exceptions=["kept.cn"])
    if isinstance(outcome, str):
        with pytest.raises(XiekaError) as refused:
            service.set_proxy(mode, address, [exception])
        assert refused.value.code == outcome
        assert SettingsService(tmp_path).value == kept
    else:
        service.set_proxy(mode, address, [exception])
        url, direct = outcome
        assert SettingsService(tmp_path).value.proxy == ProxySettings(mode, url, (direct,))


def test_only_the_user_reads_them_and_a_link_stays_a_link(tmp_path: Path) -> None:
    kept = tmp_path / "elsewhere.toml"
    kept.write_text("theme = 'dark'", encoding="utf-8")
    (tmp_path / "settings.toml").symlink_to(kept)
    SettingsService(tmp_path).change(size="large")
    assert (tmp_path / "settings.toml").is_symlink()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert SettingsService(tmp_path).value == Settings(theme="dark", size="large")
    assert theme(tmp_path) == "dark"


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


def test_what_another_process_has_changed_is_seen_when_it_is_read_again(tmp_path: Path) -> None:
    window, command = SettingsService(tmp_path), SettingsService(tmp_path)
    command.change(import_signing_certificate=False)
    assert window.value.import_signing_certificate is True
    assert window.reread().import_signing_certificate is False
    assert window.value.import_signing_certificate is False
    (tmp_path / "settings.toml").write_text("theme = ", "utf-8")
    assert window.reread().import_signing_certificate is False


def test_a_change_does_not_undo_what_another_process_has_changed(tmp_path: Path) -> None:
    window, command = SettingsService(tmp_path), SettingsService(tmp_path)
    command.change(import_signing_certificate=False)
    window.change(theme="dark")
    assert SettingsService(tmp_path).value == Settings(theme="dark", import_signing_certificate=False)
    # A file that somebody has broken meanwhile is kept beside the fresh one.
    (tmp_path / "settings.toml").write_text("theme = ", "utf-8")
    window.change(size="large")
    assert (tmp_path / "settings.broken").read_text("utf-8") == "theme = "
    assert SettingsService(tmp_path).value == Settings(theme="dark", size="large", import_signing_certificate=False)


def test_every_default_again_and_back(tmp_path: Path) -> None:
    service = SettingsService(tmp_path)
    with pytest.raises(XiekaError) as refused:
        service.restore()
    assert refused.value.code == "E-SET-02"
    chosen = service.change(theme="dark", preferred_token="a:1", remind_days=[10], proxy_mode="none", size="large")
    assert service.reset() == (chosen, Settings())
    assert SettingsService(tmp_path).value == Settings()
    assert service.restore() == chosen == SettingsService(tmp_path).value
    with pytest.raises(XiekaError):
        service.restore()


def test_whoever_listens_is_told_of_every_change(tmp_path: Path) -> None:
    window, command = SettingsService(tmp_path), SettingsService(tmp_path)
    told: list[tuple[Settings, Settings]] = []

    def faulty(before: Settings, after: Settings) -> None:
        raise RuntimeError("a listener's fault")

    window.on_change(faulty)
    window.on_change(lambda before, after: told.append((before, after)))
    dark = window.change(theme="dark")
    assert window.change(theme="dark") == dark
    command.change(size="large")
    both = window.reread()
    assert told == [(Settings(), dark), (dark, both)]
    assert both == Settings(theme="dark", size="large")
