"""The wire between a program and PostgreSQL, which can be cut at a word."""

import select
import socket
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from types import TracebackType

from psycopg.conninfo import conninfo_to_dict

SOCKET = ".s.PGSQL.5432"


class Wire:
    """Passes everything on, until the program has said each word of `cut_after` in turn: the last one still reaches the
    server, whose answer is lost."""

    def __init__(self, url: str) -> None:
        self.cut_after: list[bytes] = []
        host = str(conninfo_to_dict(url)["host"])
        self._server = f"{host}/{SOCKET}"
        self._folder = TemporaryDirectory()
        self.url = url.replace(host, self._folder.name)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(Path(self._folder.name) / SOCKET))
        self._listener.listen()

    def __enter__(self) -> "Wire":
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._folder.cleanup()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                program = self._listener.accept()[0]
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                Thread(target=self._pass_on, args=(program, server), daemon=True).start()

    def _pass_on(self, program: socket.socket, server: socket.socket) -> None:
        with program, server, suppress(OSError):
            while True:
                for end in select.select([program, server], [], [])[0]:
                    said = end.recv(65536)
                    if not said:
                        return
                    (server if end is program else program).sendall(said)
                    if end is program and self._is_cut_after(said):
                        server.recv(65536)  # it has done what it was told
                        return

    def _is_cut_after(self, said: bytes) -> bool:
        if not self.cut_after or self.cut_after[0] not in said:
            return False
        self.cut_after.pop(0)
        return not self.cut_after
