from __future__ import annotations

from pathlib import Path

import pytest

from xieka.core import log, paths


def test_home_puts_all_folders_under_one_and_keeps_them_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "我的 家"
    monkeypatch.setenv("XIEKA_HOME", str(home))
    folders = paths.folders().create()
    assert folders.data == home / "data"
    for folder in (folders.config, folders.data, folders.cache, folders.log, folders.run):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_without_home_the_systems_own_folders_are_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XIEKA_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/someone")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert paths.folders().config.is_relative_to("/home/someone")
    assert paths.folders().config.name == "xieka"


def test_the_frontend_is_found_in_the_checkout() -> None:
    assert (paths.bundled("frontend") / "index.html").is_file()
    with pytest.raises(FileNotFoundError):
        paths.bundled("nothing")


def test_tokens_in_a_log_message_become_dots(tmp_path: Path) -> None:
    import logging

    root = logging.getLogger("xieka")
    before = root.handlers[:], root.propagate
    try:
        file = log.configure(tmp_path)
        logging.getLogger("xieka.x").warning("Bearer %s and %s", "A" * 43, "http://127.0.0.1:1/#t=" + "B" * 43)
        text = file.read_text(encoding="utf-8")
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers[:], root.propagate = before
    assert "AAAA" not in text
    assert "BBBB" not in text
    assert "Bearer …" in text
