from __future__ import annotations

from pathlib import Path

import pytest

from xieka.core import paths
from xieka.core.errors import XiekaError
from xieka.token.drivers import driver_for_module, load_drivers
from xieka.token.windows_keys import KeyLink

GOOD = 'id = "a"\nname = "甲"\n[module]\nlinux = ["{module}"]\n'
PROVIDER = "[windows] 的 provider 要是提供程序的名称，type 要是 0 到 999 的整数（KSP 写 0）"
CONTAINER = "[windows] 的 container 只能是 label、id-hex 或 id-text，key 只能是 signature 或 exchange"


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "module.so"
    path.touch()
    return path


def write(folder: Path, text: str, name: str = "a") -> Path:
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "driver.toml").write_text(text, "utf-8")
    return folder


def test_defaults(tmp_path: Path, module: Path) -> None:
    (driver,) = load_drivers(write(tmp_path, GOOD.format(module=module)))
    assert (driver.id, driver.name, driver.module) == ("a", "甲", module)
    assert (driver.env, driver.relist, driver.watch) == ({}, "list", None)
    assert (driver.pin_flags, driver.practice, driver.windows) == (False, False, None)


def test_everything_said(tmp_path: Path, module: Path) -> None:
    text = f"""
id = "a"
name = "甲"
relist = "reinitialize"
watch = "{tmp_path}"
pin_flags = true
practice = true
[module]
linux = ["/nowhere/first.so", "{module}"]
windows = ['C:\\x.dll']
[env]
SOFTHSM2_CONF = "/etc/x"
[windows]
provider = "Vendor CSP"
type = 24
container = "id-hex"
key = "exchange"
"""
    (driver,) = load_drivers(write(tmp_path, text))
    assert driver.module == module
    assert driver.env == {"SOFTHSM2_CONF": "/etc/x"}
    assert (driver.relist, driver.watch, driver.pin_flags, driver.practice) == ("reinitialize", tmp_path, True, True)
    assert driver.windows
    assert driver.windows.link("签名", "0a31") == KeyLink("0a31", "Vendor CSP", 24, 1)


@pytest.mark.parametrize(
    ("windows", "label", "object_id", "container"),
    [
        ('type = 1\ncontainer = "label"', "签名 1", "", ("签名 1", 2)),
        ('type = 0\ncontainer = "id-text"', "", "4b31", ("K1", 0)),
        ('type = 0\ncontainer = "id-text"', "", "4b00", None),
        ('type = 0\ncontainer = "id-text"', "", "e5", None),
        ('type = 1\ncontainer = "label"', "", "4b31", None),
        ('type = 1\ncontainer = "label"', "x" * 261, "4b31", None),
    ],
)
def test_the_container_of_a_key(
    tmp_path: Path, module: Path, windows: str, label: str, object_id: str, container: tuple[str, int] | None
) -> None:
    text = GOOD.format(module=module) + f'[windows]\nprovider = "P"\n{windows}\n'
    (driver,) = load_drivers(write(tmp_path, text))
    assert driver.windows
    link = driver.windows.link(label, object_id)
    assert (link and (link.container, link.key_spec)) == container


def test_module_that_is_nowhere_is_left_out(tmp_path: Path) -> None:
    assert load_drivers(write(tmp_path, GOOD.format(module="/nowhere/x.so"))) == ()


def test_later_folder_replaces(tmp_path: Path, module: Path) -> None:
    first = write(tmp_path / "1", GOOD.format(module=module))
    write(first, GOOD.format(module=module).replace('"a"', '"b"'), "b")
    second = write(tmp_path / "2", GOOD.format(module=module).replace("甲", "乙"), "any")
    assert [(driver.id, driver.name) for driver in load_drivers(first, second)] == [("b", "甲"), ("a", "乙")]


def test_missing_folder_is_empty(tmp_path: Path) -> None:
    assert load_drivers(tmp_path / "none") == ()


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        pytest.param(("id =", "extra = 1\nid ="), "多余的键 extra", id="unknown key"),
        pytest.param(("linux =", "linus = []\nlinux ="), "多余的键 module.linus", id="unknown platform"),
        pytest.param(('id = "a"\n', ""), "缺少键 id", id="no id"),
        pytest.param(('name = "甲"\n', ""), "缺少键 name", id="no name"),
        pytest.param(('"a"', '"A/b"'), "键 id 只能用小写字母、数字和连字符", id="bad id"),
        pytest.param(('"甲"', '" "'), "键 name 是空的", id="blank name"),
        pytest.param(("id =", "practice = 1\nid ="), "键 practice 的类型不对", id="wrong type"),
        pytest.param(("id =", 'relist = "never"\nid ='), "键 relist 只能是 list 或 reinitialize", id="bad relist"),
        pytest.param(("id =", 'watch = "tokens"\nid ='), "键 watch 要写绝对路径", id="relative watch"),
        pytest.param(('["', '["lib/'), "键 module.linux 要是绝对路径的列表", id="relative module"),
        pytest.param(('["', '[1, "'), "键 module.linux 要是绝对路径的列表", id="module not text"),
        pytest.param(("id =", "env = {A = 1}\nid ="), "键 env 的值都要是文本", id="env not text"),
        *(
            pytest.param(("[module]", f"[windows]\n{table}\n[module]"), detail, id=table.replace("\n", ", "))
            for table, detail in {
                'provider = "P"\ncontainer = "label"': "缺少键 type",
                'provider = "P"\ntype = 1\ncontainer = "label"\nflags = 1': "多余的键 windows.flags",
                'provider = "P"\ntype = true\ncontainer = "label"': PROVIDER,
                'provider = "P"\ntype = -1\ncontainer = "label"': PROVIDER,
                'provider = " "\ntype = 1\ncontainer = "label"': PROVIDER,
                'provider = "P"\ntype = 1\ncontainer = "id"': CONTAINER,
                'provider = "P"\ntype = 1\ncontainer = "label"\nkey = "sign"': CONTAINER,
            }.items()
        ),
        pytest.param(("id =", "id"), "不是可读的 TOML 文件", id="not TOML"),
    ],
)
def test_wrong_manifest_names_file_and_fault(
    tmp_path: Path, module: Path, change: tuple[str, str], detail: str
) -> None:
    text = GOOD.format(module=str(module).lstrip("/") if "lib/" in change[1] else module).replace(*change, 1)
    with pytest.raises(XiekaError) as caught:
        load_drivers(write(tmp_path, text))
    assert caught.value.code == "E-MOD-05"
    assert caught.value.params["detail"] == detail
    assert str(tmp_path) in caught.value.body()["kept"]


def test_shipped_manifests_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", "/etc/softhsm2.conf")
    assert "softhsm" in [driver.id for driver in load_drivers(paths.bundled("drivers"))]


def test_only_when_its_user_has_configured_it(tmp_path: Path, module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 'only_with_env = ["XIEKA_TEST_CONF"]\n' + GOOD.format(module=module))
    assert load_drivers(tmp_path) == ()
    monkeypatch.setenv("XIEKA_TEST_CONF", "x")
    assert [driver.id for driver in load_drivers(tmp_path)] == ["a"]


def test_a_wrong_manifest_costs_only_itself(tmp_path: Path, module: Path) -> None:
    write(tmp_path, GOOD.format(module=module))
    write(tmp_path, "id = 7", "b")
    faults: list[tuple[str, str]] = []
    loaded = load_drivers(tmp_path, on_fault=lambda path, error: faults.append((path.parent.name, error.code)))
    assert [driver.id for driver in loaded] == ["a"]
    assert faults == [("b", "E-MOD-05")]


def test_module_by_path(module: Path) -> None:
    driver = driver_for_module(module)
    assert (driver.id, driver.module, driver.env, driver.pin_flags) == ("module", module, {}, False)


def test_module_by_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(XiekaError) as caught:
        driver_for_module(tmp_path / "none.so")
    assert caught.value.code == "E-MOD-01"
