"""The words of the command line. Commands are imported only when they run; texts are keys of the catalogue."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from xieka.cli.output import Output
from xieka.cli.usage import Parser

Run = Callable[[argparse.Namespace, Output], int | None]
Group: TypeAlias = "argparse._SubParsersAction[Parser]"


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command as given; its `run` is what to call. Raises XiekaError E-CLI-04."""
    return _parser().parse_args(list(arguments))


def _command(module: str, function: str) -> Run:
    def run(options: argparse.Namespace, output: Output) -> int | None:
        command: Run = getattr(import_module(f"xieka.cli.{module}"), function)
        return command(options, output)

    return run


def _parser() -> Parser:
    top = Parser(prog="xieka", description="cli_xieka")
    top.add_argument("--version", action="version", version="cli_version", help="cli_version_help")
    top.add_argument("--demo", action="store_true", help="cli_opt_demo")
    top.add_argument("--hidden", action="store_true", help="cli_opt_hidden")
    top.set_defaults(run=_command("desktop", "window"))
    commands = top.add_subparsers(title="cli_commands", metavar="COMMAND")

    serve = commands.add_parser("serve", help="cli_serve", description="cli_serve")
    serve.add_argument("--demo", action="store_true", help="cli_opt_demo")
    serve.add_argument("--port", type=_port, default=0, metavar="N", help="cli_opt_port")
    serve.set_defaults(run=_command("desktop", "serve"))

    _token(_group(commands, "token"))
    _certificate(_group(commands, "certificate"))
    _seal(_group(commands, "seal"))
    _apps(_group(commands, "apps"))
    _settings(_group(commands, "settings"))
    _demo(commands)

    worker = commands.add_parser("worker")
    worker.set_defaults(run=_command("desktop", "worker"))
    return top


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 0xFFFF:
        raise ValueError
    return number


def _group(commands: Group, name: str) -> Group:
    group = commands.add_parser(name, help=f"cli_{name}", description=f"cli_{name}")
    return group.add_subparsers(title="cli_commands", metavar="COMMAND", required=True)


def _leaf(group: Group, name: str, text: str, run: Run) -> Parser:
    leaf = group.add_parser(name, help=text, description=text)
    leaf.add_argument("--json", action="store_true", help="cli_opt_json")
    leaf.set_defaults(run=run)
    return leaf


def _on_ukey(leaf: Parser, *, required: bool = True) -> Parser:
    _module(leaf)
    leaf.add_argument("--token", required=required, metavar="ID", help="cli_opt_token")
    return leaf


def _module(leaf: Parser) -> None:
    leaf.add_argument("--module", type=Path, metavar="PATH", help="cli_opt_module")


def _role(leaf: Parser, **how: object) -> None:
    leaf.add_argument("--role", choices=("signing", "encryption"), help="cli_opt_role", **how)  # type: ignore[arg-type]


def _token(group: Group) -> None:
    _module(_leaf(group, "list", "cli_token_list", _command("token", "show_list")))
    for name in ("verify", "change"):
        leaf = _on_ukey(_leaf(group, f"{name}-pin", f"cli_token_{name}", _command("token", f"{name}_pin")))
        leaf.add_argument("--last-try", action="store_true", help="cli_opt_last_try")


def _certificate(group: Group) -> None:
    show = _on_ukey(_leaf(group, "show", "cli_certificate_show", _command("certificate", "show")), required=False)
    show.add_argument("file", nargs="?", type=Path, metavar="FILE", help="cli_arg_certificate")
    _role(show, default="signing")
    check = _on_ukey(_leaf(group, "check", "cli_certificate_check", _command("certificate", "check")), required=False)
    check.add_argument("file", nargs="?", type=Path, metavar="FILE", help="cli_arg_certificate")
    _role(check, default="signing")
    check.add_argument("--fresh", action="store_true", help="cli_opt_fresh")
    check.add_argument("--html", type=Path, metavar="OUT.html", help="cli_opt_html")
    compare = _leaf(group, "compare", "cli_certificate_compare", _command("certificate", "compare"))
    for name in ("first", "second"):
        compare.add_argument(name, type=Path, metavar="FILE", help="cli_arg_certificate")
    export = _on_ukey(_leaf(group, "export", "cli_certificate_export", _command("certificate", "export")))
    _role(export, required=True)
    export.add_argument("out", type=Path, metavar="OUT.cer", help="cli_arg_out")
    registered = _leaf(group, "registered", "cli_certificate_registered", _command("osstore", "registered"))
    _module(registered)
    registered.add_argument("switch", nargs="?", choices=("on", "off"), help="cli_arg_registered")


def _seal(group: Group) -> None:
    _on_ukey(_leaf(group, "list", "cli_seal_list", _command("seal", "show_list")))
    show = _leaf(group, "show", "cli_seal_show", _command("seal", "show"))
    picture = _leaf(group, "picture", "cli_seal_picture", _command("seal", "picture"))
    for leaf in (show, picture):
        _on_ukey(leaf, required=False)
        leaf.add_argument("--seal", type=int, metavar="N", help="cli_opt_seal")
        leaf.add_argument("file", nargs="?", type=Path, metavar="FILE", help="cli_arg_seal")
    picture.add_argument("out", type=Path, metavar="OUT.png", help="cli_arg_out")
    verify = _leaf(group, "verify", "cli_seal_verify", _command("seal", "verify"))
    verify.add_argument("file", type=Path, metavar="FILE", help="cli_arg_signature")
    verify.add_argument("--data", type=Path, metavar="FILE", help="cli_opt_data")
    for leaf in (show, verify):
        leaf.add_argument("--certificate", type=Path, metavar="FILE.cer", help="cli_opt_certificate")
    draw = _leaf(group, "draw", "cli_seal_draw", _command("seal_draw", "draw"))
    # The values of seal.drawing.Kind, which is not loaded for the words alone.
    kinds = ("company", "contract", "finance", "invoice", "person")
    draw.add_argument("--kind", choices=kinds, required=True, help="cli_opt_seal_kind")
    draw.add_argument("--name", required=True, metavar="TEXT", help="cli_opt_seal_name")
    draw.add_argument("--size-mm", type=float, default=0.0, metavar="MM", help="cli_opt_seal_size")
    draw.add_argument("--center", default="", metavar="TEXT", help="cli_opt_seal_center")
    draw.add_argument("--code", default="", metavar="TEXT", help="cli_opt_seal_code")
    draw.add_argument("--yes", action="store_true", help="cli_opt_seal_yes")
    draw.add_argument("out", type=Path, metavar="OUT.png", help="cli_arg_new")


def _settings(group: Group) -> None:
    _leaf(group, "list", "cli_settings_list", _command("settings", "show"))
    change = _leaf(group, "set", "cli_settings_set", _command("settings", "change"))
    # Not the switch 导入签名证书 (`certificate registered`), nor what is more than one value (the proxy).
    names = ("theme", "size", "popup_on_insert", "hide_on_removal", "ask_registration", "remind_expiry", "remind_days")
    change.add_argument("name", choices=names, metavar="NAME", help="cli_arg_setting")
    change.add_argument("value", metavar="VALUE", help="cli_arg_setting_value")
    _leaf(group, "reset", "cli_settings_reset", _command("settings", "reset"))


def _apps(group: Group) -> None:
    _leaf(group, "list", "cli_apps_list", _command("apps", "show_list"))
    info = _leaf(group, "info", "cli_apps_info", _command("apps", "info"))
    install = _leaf(group, "install", "cli_apps_install", _command("apps", "install"))
    for leaf in (info, install):
        leaf.add_argument("program", metavar="PUBLISHER/ID", help="cli_arg_program")
    install.add_argument("--folder", type=Path, metavar="PATH", help="cli_opt_folder")
    install.add_argument("--yes", action="store_true", help="cli_opt_yes")
    remove = _leaf(group, "remove", "cli_apps_remove", _command("apps", "remove"))
    remove.add_argument("--delete-data", action="store_true", help="cli_opt_delete_data")
    opening = _leaf(group, "open", "cli_apps_open", _command("apps", "open_entry"))
    for leaf in (remove, opening):
        leaf.add_argument("entry", metavar="ID", help="cli_arg_entry")


def _demo(commands: Group) -> None:
    # Without a further word it builds the environment: a command and a group at once.
    actions = _leaf(commands, "demo", "cli_demo", _command("demo", "up")).add_subparsers(
        title="cli_commands", metavar="COMMAND"
    )
    for name in ("status", "plug", "unplug", "pin", "expire", "revoke", "reset", "remove", "service", "sm2"):
        leaf = _leaf(actions, name, f"cli_demo_{name}", _command("demo", name))
        if name in ("plug", "unplug", "pin", "expire", "revoke"):
            leaf.add_argument("number", type=int, metavar="N", help="cli_arg_number")
        if name == "pin":
            leaf.add_argument("state", choices=("normal", "low", "final", "locked", "off"), help="cli_arg_state")
        if name == "service":
            leaf.add_argument("action", choices=("start", "stop", "status"), help="cli_arg_service")
        if name == "sm2":
            leaf.add_argument("action", choices=("issue", "revoke"), help="cli_arg_demo_sm2")
            leaf.add_argument("folder", type=Path, metavar="FOLDER", help="cli_arg_demo_folder")
        if name == "expire":
            leaf.add_argument("days", type=int, metavar="DAYS", help="cli_arg_days")
