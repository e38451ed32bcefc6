"""The words of the command line. Commands are imported only when they run."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import xieka
from xieka.cli.output import Output

Run = Callable[[argparse.Namespace, Output], int | None]


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse or exit with code 2; the result's `run` is the command to call."""
    return _parser().parse_args(list(arguments))


def _command(module: str, function: str) -> Run:
    def run(options: argparse.Namespace, output: Output) -> int | None:
        command: Run = getattr(import_module(f"xieka.cli.{module}"), function)
        return command(options, output)

    return run


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="xieka", description="协卡助手：Ukey 与数字证书助手。不带命令时打开窗口。")
    top.add_argument("--version", action="version", version=f"协卡助手 {xieka.__version__}")
    top.add_argument("--demo", action="store_true", help="先建立练习环境（两个练习 Ukey）")
    top.add_argument("--hidden", action="store_true", help="启动后只留在托盘")
    top.set_defaults(run=_command("desktop", "window"))
    commands = top.add_subparsers(title="命令", metavar="命令")

    serve = commands.add_parser("serve", help="不开窗口，在浏览器中使用同样的界面")
    serve.add_argument("--demo", action="store_true", help="先建立练习环境")
    serve.add_argument("--port", type=int, default=0, help="端口，默认由系统选择")
    serve.set_defaults(run=_command("desktop", "serve"))

    _token(commands)
    _certificate(commands)
    _seal(commands)
    _demo(commands)

    worker = commands.add_parser("worker")
    worker.set_defaults(run=_command("desktop", "worker"))
    return top


def _group(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    group = commands.add_parser(name, help=text, description=text)
    return group.add_subparsers(title="命令", metavar="命令", required=True)


def _leaf(
    group: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, run: Run
) -> argparse.ArgumentParser:
    leaf = group.add_parser(name, help=text, description=text)
    leaf.add_argument("--json", action="store_true", help="输出 JSON")
    leaf.set_defaults(run=run)
    return leaf


def _module(leaf: argparse.ArgumentParser, *, token: bool) -> argparse.ArgumentParser:
    leaf.add_argument("--module", type=Path, metavar="PATH", help="使用指定的 PKCS#11 驱动文件")
    if token:
        leaf.add_argument("--token", required=True, metavar="ID", help="Ukey 编号或序列号，见 xieka token list")
    return leaf


def _token(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = _group(commands, "token", "查看 Ukey，验证和修改口令（口令只从标准输入读取）")
    _module(_leaf(group, "list", "列出已插入的 Ukey", _command("token", "show_list")), token=False)
    for name, text, function in (
        ("verify-pin", "验证口令：标准输入一行", "verify_pin"),
        ("change-pin", "修改口令：标准输入两行，当前口令、新口令", "change_pin"),
    ):
        leaf = _module(_leaf(group, name, text, _command("token", function)), token=True)
        leaf.add_argument("--last-try", action="store_true", help="只剩最后一次机会时，仍然提交")


def _certificate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = _group(commands, "certificate", "查看和导出证书")
    show = _leaf(group, "show", "显示证书的全部内容", _command("certificate", "show"))
    show.add_argument("file", nargs="?", type=Path, metavar="FILE", help="证书文件（DER 或 PEM）")
    show.add_argument("--module", type=Path, metavar="PATH", help="使用指定的 PKCS#11 驱动文件")
    show.add_argument("--token", metavar="ID", help="Ukey 编号或序列号")
    show.add_argument("--role", choices=("signing", "encryption"), default="signing", help="签名或加密证书")
    export = _module(_leaf(group, "export", "导出证书为 .cer 文件", _command("certificate", "export")), token=True)
    export.add_argument("--role", choices=("signing", "encryption"), required=True, help="签名或加密证书")
    export.add_argument("out", type=Path, metavar="OUT.cer")


def _seal(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = _group(commands, "seal", "查看电子签章")
    _module(_leaf(group, "list", "列出 Ukey 中的签章", _command("seal", "show_list")), token=True)
    picture = _module(_leaf(group, "picture", "保存签章图片为 PNG", _command("seal", "picture")), token=True)
    picture.add_argument("--seal", type=int, required=True, metavar="N", help="签章序号，从 0 开始")
    picture.add_argument("out", type=Path, metavar="OUT.png")


def _demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("demo", help="练习环境", description="建立练习环境，插入、拔出练习 Ukey")
    group.add_argument("--json", action="store_true", help="输出 JSON")
    group.set_defaults(run=_command("demo", "up"))
    actions = group.add_subparsers(title="命令", metavar="命令")
    _leaf(actions, "status", "练习 Ukey 的状态", _command("demo", "status"))
    for name, text in (("plug", "插入练习 Ukey"), ("unplug", "拔出练习 Ukey")):
        _leaf(actions, name, text, _command("demo", name)).add_argument("number", type=int, metavar="N")
    pin = _leaf(actions, "pin", "让练习 Ukey 的口令处于某种状态", _command("demo", "pin"))
    pin.add_argument("number", type=int, metavar="N")
    pin.add_argument("state", choices=("normal", "low", "final", "locked", "off"))
    expire = _leaf(actions, "expire", "让练习 Ukey 的证书还剩若干天", _command("demo", "expire"))
    expire.add_argument("number", type=int, metavar="N")
    expire.add_argument("days", type=int, metavar="DAYS")
    _leaf(actions, "reset", "恢复练习环境的初始状态", _command("demo", "reset"))
    _leaf(actions, "remove", "删除练习环境", _command("demo", "remove"))
