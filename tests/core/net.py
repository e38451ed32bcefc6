"""A network on this computer: a scripted server, an authority, a proxy that tunnels and one that reads along."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = bytes | Callable[[socket.socket], None]


def reply(body: bytes, status: str = "200 OK", kind: str = "application/json", **headers: str) -> bytes:
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Server:
    """Answers by path; keeps every request's head. `connections` counts accepted ones."""

    def __init__(self, answers: dict[str, Answer], context: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.answers = answers
        self.requests: list[bytes] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", port))
        self._open: list[socket.socket] = []
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path: str = "/") -> str:
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}{path}"

    def close(self) -> None:
        # shutdown first: close alone would leave the accept in the kernel, and the port open.
        for sock in (self._socket, *self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            self.talk(connection)
            connection.close()

    def talk(self, connection: socket.socket) -> None:
        while head := read_head(connection):
            self.requests.append(head)
            length = next(
                (int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"), 0
            )
            body = b""
            while len(body) < length:
                body += connection.recv(65536)
            self.bodies.append(body)
            path = head.split(b" ")[1].decode()
            answer = self.answers.get(path, reply(b"{}", "404 Not Found"))
            if callable(answer):
                answer(connection)
                return
            connection.sendall(answer)


def read_head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        byte = connection.recv(1)
        if not byte:
            return b""
        head += byte
    return head


class Authority:
    """A certificate authority and what it signs."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._sign(self._subject, self._key.public_key(), authority=True)
        self.pem = folder / f"{name}.pem"
        self.pem.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, host: str, days: tuple[int, int] = (-1, 30)) -> ssl.SSLContext:
        """A server's TLS context with a fresh certificate for `host`, valid from day to day counted from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = self._sign(subject, key.public_key(), host=host, days=days)
        file = self.folder / f"{host}-{days[0]}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _sign(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey,
        *,
        host: str | None = None,
        days: tuple[int, int] = (-1, 30),
        authority: bool = False,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if host:
            try:
                name: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
            except ValueError:
                name = x509.DNSName(host)
            builder = builder.add_extension(x509.SubjectAlternativeName([name]), critical=False)
        return builder.sign(self._key, hashes.SHA256())


class Proxy(Server):
    """Takes CONNECT. With an authority it reads along, as an office's TLS inspection does; else it tunnels.

    `route` is where all connections really go. `refuse`: this answer instead of a connection.
    """

    def __init__(self, route: int, authority: Authority | None = None, refuse: bytes | None = None) -> None:
        self.route, self.authority, self.refuse = route, authority, refuse
        self.read_along: list[bytes] = []
        super().__init__({})

    def talk(self, connection: socket.socket) -> None:
        head = read_head(connection)
        if not head:
            return
        self.requests.append(head)
        if self.refuse is not None:
            connection.sendall(self.refuse)
            return
        host = head.split(b" ")[1].decode().rsplit(":", 1)[0]
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        onward = socket.create_connection(("127.0.0.1", self.route))
        if self.authority is None:
            _pump_both(connection, onward, [])
            return
        inside = self.authority.context(host).wrap_socket(connection, server_side=True)
        _pump_both(inside, onward, self.read_along)


def _pump_both(here: socket.socket, there: socket.socket, seen: list[bytes]) -> None:
    back = threading.Thread(target=_pump, args=(there, here, []), daemon=True)
    back.start()
    _pump(here, there, seen)
    back.join(5)


def _pump(source: socket.socket, sink: socket.socket, seen: list[bytes]) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            seen.append(data)
            sink.sendall(data)
    for sock in (source, sink):
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def running(*servers: Server) -> Iterator[None]:
    try:
        yield
    finally:
        for server in servers:
            server.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
