"""xieka-service serve | worker | publish | admin: the options. What a command needs is loaded when it runs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from xieka.core.errors import XiekaError
from xieka.core.paths import folders


def run(arguments: Sequence[str]) -> int:
    """Run one command. Returns the exit code: 0 done, 1 an error that was told on standard error, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except XiekaError as error:
        body = error.body()
        sys.stderr.write(f"✗ {body['what']}（{body['code']}）\n  {body['kept']}\n  {body['do']}\n")
        return 1


def say(value: dict[str, Any]) -> None:
    """One JSON line on standard output, at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="xieka-service", description="协卡助手在线服务")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)

    serve = _command(commands, "serve", "提供在线服务", "serving", "serve")
    serve.add_argument("--host", default="127.0.0.1", help="监听的地址，默认只限本机")
    serve.add_argument("--port", type=int, default=8443, help="端口，0 为任一空闲端口（默认 8443）")
    serve.add_argument("--public-url", default="", help="客户端访问服务所用的地址")
    serve.add_argument(
        "--trusted-proxy", action="append", default=[], metavar="地址", help="可信的反向代理，可多次给出"
    )
    serve.add_argument("--open-metrics", action="store_true", help="/metrics 也对其他计算机开放")
    serve.add_argument(
        "--operator", default="", metavar="名称", help="个人信息处理者，注册页面上写明；不写则不开放注册"
    )
    serve.add_argument("--operator-contact", default="", metavar="联系方式", help="个人信息处理者的联系方式")
    serve.add_argument("--practice", action="store_true", help="注册页面标明“练习”")
    serve.add_argument("--with-worker", action="store_true", help="同一进程也执行定期任务")

    _command(commands, "worker", "执行定期任务", "serving", "work")

    publish = _command(commands, "publish", "检查、签名并发布内容", "commands", "publish")
    publish.add_argument("source", type=Path, help="编辑者的内容文件夹")

    publisher = commands.add_parser("publisher", help="应用的发布者", description="应用的发布者")
    kinds = publisher.add_subparsers(title="命令", metavar="命令", required=True)
    sign = kinds.add_parser("sign", help="检查并签名自己的应用", description="检查并签名自己的应用")
    sign.add_argument("source", type=Path, help="应用文件夹：每个应用一个子文件夹，含 program.toml 和安装包")
    sign.add_argument("--name", required=True, help="发布者的名称（小写英文、数字、连字符）")
    sign.add_argument("--keys", type=Path, required=True, metavar="文件夹", help="发布者自己的密钥，没有时生成")
    sign.add_argument("--out", type=Path, required=True, metavar="文件夹", help="签好的文件夹，交给运营者")
    sign.add_argument("--last-version", type=_version, metavar="版本号", help="已交出的最后一版；密钥旁边没有记录时用")
    sign.set_defaults(run=_late("commands", "publisher_sign"))

    admin = commands.add_parser("admin", help="管理", description="管理")
    _admin(admin.add_subparsers(title="命令", metavar="命令", required=True))
    return parser


def _admin(commands: Any) -> None:
    _command(commands, "migrate", "把数据库升级到这个程序的版本", "commands", "migrate")

    trust = commands.add_parser("trust", help="信任的证书颁发机构", description="信任的证书颁发机构")
    kinds = trust.add_subparsers(title="命令", metavar="命令", required=True)
    add = _command(kinds, "add", "增加一张证书", "commands", "trust_add")
    add.add_argument("certificate", type=Path, help="证书文件（DER 或 PEM）")
    add.add_argument("--intermediate", action="store_true", help="中间证书：用来组成证书链，本身不被信任")
    _command(kinds, "list", "列出证书", "commands", "trust_list")

    content = commands.add_parser("content", help="发布内容所用的密钥", description="发布内容所用的密钥")
    kinds = content.add_subparsers(title="命令", metavar="命令", required=True)
    rotate = _command(kinds, "rotate", "更换一个角色的密钥（需要 root 的密钥）", "commands", "content_rotate")
    rotate.add_argument("role", choices=("root", "targets", "snapshot", "timestamp"), help="角色")
    renew = _command(kinds, "renew-root", "延长 root 的有效期（需要 root 的密钥）", "commands", "content_renew_root")
    for one in (rotate, renew):
        one.add_argument("--keys", type=Path, metavar="文件夹", help="密钥文件夹，默认在数据文件夹中")

    sessions = commands.add_parser("sessions", help="会话", description="会话")
    kinds = sessions.add_subparsers(title="命令", metavar="命令", required=True)
    revoke = _command(kinds, "revoke", "结束会话", "commands", "sessions_revoke")
    which = revoke.add_mutually_exclusive_group(required=True)
    which.add_argument("--certificate", type=Path, metavar="证书文件", help="这张证书的全部会话")
    which.add_argument("--all", action="store_true", help="全部会话")


def _command(commands: Any, name: str, help_text: str, module: str, function: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_text, description=help_text)
    parser.add_argument("--data", type=Path, default=folders().data / "service", metavar="文件夹", help="数据文件夹")
    parser.add_argument(
        "--database", default="", metavar="URL", help="postgresql://… 或 sqlite:///文件，默认在数据文件夹中"
    )
    parser.set_defaults(run=_late(module, function))
    return parser


def _version(text: str) -> int:
    value = int(text)
    if value < 0:
        raise ValueError(text)
    return value


def _late(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    def command(options: argparse.Namespace) -> int:
        from importlib import import_module

        done: int = getattr(import_module(f"xieka_service.{module}"), function)(options)
        return done

    return command
