"""A publisher is told what clients would find out about a Debian package, by the real dpkg."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.apps.native.computer import package
from tests.content.service_double import real_now
from tests.service.content.releases import PROGRAM
from xieka_service.content.publishers.signing import sign_release
from xieka_service.content.source.mistakes import SourceErrors, text

HEAD = PROGRAM.partition("[[packages]]")[0].format(version="1.0")
RIGHT = {"package": "xieka-lianxi", "entry": "/opt/xieka-lianxi/程序"}


def sign(folder: Path, *, platform: str = "linux-x86_64", architecture: str = "all", **install: str) -> None:
    source = folder / "programs" / "lianxi"
    source.mkdir(parents=True)
    (folder / "built").mkdir()
    package(folder / "built", architecture=architecture).rename(source / "lianxi.deb")
    if install.pop("content", None):
        (source / "lianxi.deb").write_bytes(b"!<arch>\n")
    recipe = {"kind": "native", "format": "deb", **RIGHT, **install}
    words = ", ".join(f'{name} = "{value}"' for name, value in recipe.items())
    lines = ["[[packages]]", f'platform = "{platform}"', 'file = "lianxi.deb"', f"install = {{{words}}}"]
    (source / "program.toml").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    sign_release(folder / "programs", "demo", folder / "keys", folder / "out", real_now())


@pytest.mark.parametrize(
    ("platform", "architecture"), [("linux-x86_64", "all"), ("linux-x86_64", "amd64"), ("linux-aarch64", "arm64")]
)
def test_one_that_clients_take(platform: str, architecture: str, tmp_path: Path) -> None:
    sign(tmp_path, platform=platform, architecture=architecture)
    assert (tmp_path / "out" / "pub-demo.json").is_file()


@pytest.mark.parametrize(
    ("wrong", "line", "told"),
    [
        ({"content": "none"}, 13, text("package_broken", value="lianxi.deb")),
        ({"package": "another"}, 14, text("package_name", value="xieka-lianxi")),
        ({"architecture": "arm64"}, 12, text("package_platform", value="arm64")),
        ({"entry": "/opt/xieka-lianxi/none"}, 14, text("package_entry", value="/opt/xieka-lianxi/none")),
        ({"entry": "/opt/xieka-lianxi"}, 14, text("package_entry", value="/opt/xieka-lianxi")),
    ],
)
def test_one_that_clients_refuse(wrong: dict[str, str], line: int, told: str, tmp_path: Path) -> None:
    with pytest.raises(SourceErrors) as errors:
        sign(tmp_path, **wrong)  # type: ignore[arg-type]
    assert [str(mistake) for mistake in errors.value] == [f"lianxi/program.toml:{line}: {told}"]
    assert not (tmp_path / "out").exists()
