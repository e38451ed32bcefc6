"""The client's commands on Python for Windows, in a folder with a space and Chinese characters."""

from __future__ import annotations

import shutil

import pytest

from tests.conftest import SAMPLES
from tests.windows.computer import Windows

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def folder(windows: Windows) -> Windows:
    for name in ("certs/UCA_Root_SM2.der", "certs/UCA_Root_G2.der", "seals/ofdrw-gm__UserV4.esl"):
        shutil.copy(SAMPLES / name, windows.folder / f"样品 {name.partition('/')[2]}")
    return windows


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("certificate show 样品|UCA_Root_SM2.der", 0, "UCA Root SM2"),
        ("certificate check 样品|UCA_Root_G2.der", 0, "由本软件认定为受信任机构"),
        ("seal show 样品|ofdrw-gm__UserV4.esl", 0, "制作机构"),
        ("seal draw --kind company --name 上海沪申示例贸易有限公司 --code 3101150123456 公|章.png", 0, "公 章.png"),
        ("apps list", 0, "一证通升级应用"),
        ("settings list", 0, "import_signing_certificate = on"),
        ("settings set theme dark", 0, ""),
        ("certificate registered", 0, "Windows 的个人证书  CurrentUser\\My"),
        ("certificate registered off", 0, "导入签名证书：已关闭"),
        ("token list", 0, ""),
        ("certificate show 没有|这个.cer", 1, "E-FIL-01"),
    ],
)
def test_a_command(command: str, code: int, said: str, folder: Windows) -> None:
    done = folder.python("-m", "xieka", *(word.replace("|", " ") for word in command.split()))
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done
    assert "Traceback" not in done.stderr
