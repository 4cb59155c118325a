"""An account's server that answers pushes just as a test tells it, over bare sockets, so that also broken answers are possible."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Optional, Union
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Push:
    """One attempt as it arrived."""

    query: Dict[str, str]
    body: bytes
    headers: Dict[str, str]
    at: float


@dataclass(frozen=True)
class Said:
    """An answer; `raw` replaces the whole HTTP response, `cut` closes without a word, `after` waits seconds first."""

    body: Union[str, bytes] = b"success"
    status: int = 200
    after: float = 0.0
    cut: bool = False
    raw: bytes = b""

    def as_http(self) -> bytes:
        body = self.body.encode() if isinstance(self.body, str) else self.body
        head = f"HTTP/1.1 {self.status} X\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        return self.raw or head.encode() + body


Script = Callable[[Push], Said]


@dataclass
class ScriptedAccount:
    """Answers by `scripts[openid]`, a list of answers to one attempt after the other (the last stays) or a function."""

    scripts: Dict[str, Union[Script, List[Said]]] = field(default_factory=dict)
    echo: Optional[Callable[[Dict[str, str]], Said]] = None  # answer to the check of the address; None: as it should be
    pushes: List[Push] = field(default_factory=list)
    hung_up: List[str] = field(default_factory=list)  # whose connections the platform had closed before the answer
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> "ScriptedAccount":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/wechat"
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def stop(self) -> None:
        self._listener.close()

    def of(self, openid: str) -> List[Push]:
        """Attempts for one person, in the order they came."""
        return [push for push in self.pushes if push.query.get("openid") == openid]

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            method, push = _read(connection)
            if method == "GET":
                said = self.echo(push.query) if self.echo else Said(push.query.get("echostr", ""))
            else:
                self.pushes.append(push)
                said = self._said(push)
            time.sleep(said.after)
            if _closed(connection):
                self.hung_up.append(push.query.get("openid", ""))
            if said.cut:
                return
            try:
                connection.sendall(said.as_http())
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # cut by the platform

    def _said(self, push: Push) -> Said:
        openid = push.query["openid"]
        script = self.scripts.get(openid, [Said()])
        if callable(script):
            return script(push)
        with self._lock:
            return script.pop(0) if len(script) > 1 else script[0]


def _closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def _read(connection: socket.socket) -> "tuple[str, Push]":
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    method, target, _ = first.split(" ")
    return method, Push(dict(parse_qsl(urlsplit(target).query, keep_blank_values=True)), body, headers, time.monotonic())
