"""The worker process: one vendor library, one thread, requests on a pipe. Ends when the pipe does.

It imports little, so that the first Ukey shows soon. A Python error here is not caught: the process ends like
after a vendor's crash, and the host starts another one.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final

from xieka.token import wire
from xieka.token.protocol import ModuleError, SignRequest, TokenInfo, TokenModule

_GRACE: Final = 5.0
"""Seconds a call may take beyond the host's own time-out before the process ends itself (its host is gone)."""
_PR_SET_DUMPABLE: Final = 4


def main() -> None:
    """Serve until the other side closes."""
    requests, answers = _take_over_pipes()
    _keep_secrets_in()
    module: TokenModule | None = None
    while (body := wire.read(requests)) is not None:
        request = json.loads(body)
        secrets = [_secret(requests) for _ in range(request["secrets"])]
        _limit(request["timeout"] + _GRACE)
        try:
            if request["method"] == "load":
                module = _load(request["params"])
                result: Any = None
            elif module is None:
                raise ModuleError(0, "load")
            else:
                result = _METHODS[request["method"]](module, secrets, **request["params"])
            answer = {"result": result}
        except ModuleError as error:
            answer = {"error": {"rv": error.rv, "at": error.at}}
        _limit(0)
        wire.write(answers, wire.encode(answer))


def _load(params: dict[str, Any]) -> TokenModule:
    # Imported here: the binding takes most of the start, and the pipe is already ours.
    from xieka.token.modules.pkcs11 import Pkcs11Module

    return Pkcs11Module(params["module"], params["relist"] == "reinitialize")


def _snapshot(module: TokenModule, secrets: list[str], known: list[str]) -> dict[str, Any]:
    """All tokens, with contents for those not in `known`; a token that cannot be read has an `error` instead."""
    listing = module.tokens()
    return {
        "tokens": [
            {"info": info} | ({} if info["ref"] in known else _contents(module, info)) for info in listing["tokens"]
        ],
        "unreadable": listing["unreadable"],
    }


def _contents(module: TokenModule, info: TokenInfo) -> dict[str, Any]:
    try:
        return {"contents": module.contents(info)}
    except ModuleError as error:
        return {"error": error.rv}


def _verify_pin(module: TokenModule, secrets: list[str], ref: str, last_try: bool) -> Any:
    return module.verify_pin(ref, secrets[0], last_try)


def _change_pin(module: TokenModule, secrets: list[str], ref: str, last_try: bool) -> Any:
    return module.change_pin(ref, secrets[0], secrets[1], last_try)


def _sign(module: TokenModule, secrets: list[str], ref: str, request: SignRequest, last_try: bool) -> Any:
    return module.sign(ref, secrets[0], request, last_try)


_METHODS: Final[dict[str, Callable[..., Any]]] = {
    "snapshot": _snapshot,
    "verify_pin": _verify_pin,
    "change_pin": _change_pin,
    "sign": _sign,
}


def _secret(fd: int) -> str:
    """The next frame as text. The buffer is wiped; the text lives until the request is done."""
    buffer = wire.read(fd)
    if buffer is None:
        sys.exit(0)
    text = buffer.decode("utf-8")
    wire.wipe(buffer)
    return text


def _take_over_pipes() -> tuple[int, int]:
    """Move the pipes away from file descriptors 0 and 1, so that a vendor's printf cannot garble the answers.

    Vendors' output goes nowhere (it may hold anything); descriptor 2 is kept for our own crash reports.
    """
    requests, answers, report = os.dup(0), os.dup(1), os.dup(2)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)
    os.close(nowhere)

    def report_crash(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        """Where, but no values: an exception's text might quote a PIN."""
        lines = [f"worker {os.getpid()}: {kind.__name__}"]
        while trace:
            lines.append(f"  {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
            trace = trace.tb_next
        os.write(report, ("\n".join(lines) + "\n").encode())

    sys.excepthook = report_crash
    return requests, answers


def _keep_secrets_in() -> None:
    """No core file with a PIN in it, no other program of the user looking into our memory (prctl(2), proc(5)).

    And Ctrl+C in the terminal is for the client alone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # Here, before any request is read; the binding needs ctypes anyway.
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _limit(seconds: float) -> None:
    """End this process if the current call hangs longer, even in vendor code and without a host; 0 = off."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
