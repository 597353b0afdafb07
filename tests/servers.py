"""A real PostgreSQL server in a temporary folder, reached by a socket there and ended with the tests."""

import os
import select
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from threading import Thread
from time import monotonic, sleep
from typing import NamedTuple

import psycopg
import pytest

from kneetrack.store import server
from kneetrack.store.server import Server

PATIENCE_S = 120
PASSWORD = "of the superuser"  # noqa: S105 - of a server that ends with its test
_SOCKET = ".s.PGSQL.5432"
_SETTINGS = "-c listen_addresses= -c shared_buffers=32MB -c max_connections=120"
_NUMBERS = count()
_AS_SOMEBODY = ("/usr/sbin/runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
"""Neither the server nor the pooler lets itself be run by root."""


_WATCH = """
while kill -0 "$1" 2>/dev/null; do sleep 1; done
first=$(head -n 1 "$2/data/postmaster.pid") && kill -CONT "$first" && kill -QUIT "$first"
rm -rf "$2"
"""
"""Ends a server whose test was killed and could not do so."""


class Running(NamedTuple):
    """A server that runs, and the folder that it is in."""

    folder: Path

    def address(self, diary: str, user: str = "postgres", host: Path | None = None) -> str:
        """Return what --db takes for a diary."""
        return f"postgresql:///postgres?host={host or self.folder}&user={user}&diary={diary}"

    def diary(self) -> Server:
        """Return where a diary is that nobody had before."""
        return server.read(self.address(f"diary{next(_NUMBERS)}"))

    def sql(self, statements: str, user: str = "postgres", password: str = "") -> list[tuple[object, ...]]:
        """Run statements, as the superuser unless told otherwise, and return what the last of them finds."""
        where = f"host={self.folder} user={user} dbname=postgres password='{password}'"
        with psycopg.connect(where, autocommit=True) as connection:
            cursor = connection.execute(statements.encode())
            while cursor.nextset():
                pass
            return cursor.fetchall() if cursor.description else []

    def psql(self, *words: object) -> None:
        """Run the server's own client as the superuser."""
        client = str(_programs() / "psql")
        where = ("-X", "-q", "-h", self.folder, "-U", "postgres", "-d", "postgres")
        subprocess.run([client, *map(str, (*where, *words))], check=True, timeout=PATIENCE_S)

    def start(self, *, durable: bool = False) -> None:
        """Start it; one that is not `durable` may lose what it was told when the machine ends."""
        fsync = "" if durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        options = f"-k {self.folder} {_SETTINGS}{fsync}"
        _run("pg_ctl", "-D", self.folder / "data", "-w", "-o", options, "-l", self.folder / "log", "start")

    def stop(self, how: str = "fast") -> None:
        """End it: `fast` takes back what is open, `immediate` is as if the machine ended."""
        _run("pg_ctl", "-D", self.folder / "data", "-w", "-m", how, "stop")

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all of its processes."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for process in (first, *map(int, children)):
            os.kill(process, number)


def _programs() -> Path:
    """Return the folder of the newest server's programs.

    Without a server the test is skipped; it fails where KNEETRACK_REQUIRE names postgres.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = [Path(each) for each in [shutil.which("initdb")] if each]
    return _needed("postgres", [*on_path, *found]).parent


def _needed(tool: str, found: list[Path]) -> Path:
    """Return the last of some programs; skip or fail the test where there is none."""
    if not found:
        required = os.environ.get("KNEETRACK_REQUIRE", "").split(",")
        (pytest.fail if tool in required else pytest.skip)(f"{tool} is not installed")
    return found[-1]


@contextmanager
def running(*, durable: bool = False, auth: str = "trust") -> Iterator[Running]:
    """Make a server, start it, and end it with the block; with another `auth` its superuser has PASSWORD."""
    _programs()
    folder = Path(mkdtemp(prefix="kneetrack-pg-"))
    here = Running(folder)
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        folder.chmod(0o755)
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o644)
        words = ("-D", folder / "data", "-A", auth, "--pwfile", folder / "password", "-U", "postgres", "--no-sync")
        _run("initdb", *words, "-E", "UTF8", "--locale=C.UTF-8")
        here.start(durable=durable)
        try:
            with subprocess.Popen(["/bin/sh", "-c", _WATCH, "sh", str(os.getpid()), str(folder)]) as watching:
                try:
                    yield here
                finally:
                    watching.terminate()
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                here.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def copied(server: Running) -> Iterator[Running]:
    """Put a read-only replica beside a server, and end it with the block."""
    folder = server.folder / "copy"
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    made = Running(folder)
    where = ("-h", server.folder, "-U", "postgres", "-D", folder / "data")
    _run("pg_basebackup", *where, "-R", "-X", "fetch", "-c", "fast", "--no-sync")
    made.start()
    try:
        yield made
    finally:
        made.stop("immediate")


def _run(program: str, *words: object) -> None:
    """Run a program of the server, which refuses to be run by root."""
    subprocess.run(
        [*_AS_SOMEBODY, str(_programs() / program), *map(str, words)],
        check=True,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=PATIENCE_S,
    )


POOLER = """\
[databases]
postgres = host={server} user=postgres
[pgbouncer]
unix_socket_dir = {folder}
listen_port = 5432
pool_mode = transaction
default_pool_size = 2
auth_type = any
auth_file =
logfile = {folder}/log
pidfile = {folder}/pid
"""


@contextmanager
def pooled(server: Running) -> Iterator[Running]:
    """Put a pooler before a server that gives out its connections for one transaction at a time."""
    program = _needed("pgbouncer", [path for path in [Path("/usr/sbin/pgbouncer")] if path.exists()])
    with TemporaryDirectory(prefix="kneetrack-pool-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "ini").write_text(POOLER.format(server=server.folder, folder=folder))
        with subprocess.Popen([*_AS_SOMEBODY, str(program), "-q", str(folder / "ini")], cwd="/") as started:
            until = monotonic() + PATIENCE_S
            while not (folder / _SOCKET).exists() and monotonic() < until:
                sleep(0.05)
            try:
                yield Running(folder)
            finally:
                os.kill(int((folder / "pid").read_text()), signal.SIGTERM)
                started.wait(PATIENCE_S)


class Cutting:
    """A proxy before a server, by a socket in a folder of its own, that ends one connection at one message.

    The messages of the driver are counted from `begin` on; the one of the number is cut off before it reaches the
    server, or after the server answered it and before the answer reaches the driver.
    """

    def __init__(self, server: Running, folder: Path) -> None:
        """Take the server, and an empty folder with a short name."""
        self.folder = folder
        self._target = str(server.folder / _SOCKET)
        self._left: int | None = None
        self._answered = False
        self.has_cut = False
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / _SOCKET))
        self._listening.listen()
        Thread(target=self._accept, daemon=True).start()

    def begin(self, number: int, *, answered: bool) -> None:
        """Cut at a message from now on: before it arrives, or once it is `answered`."""
        self._left, self._answered, self.has_cut = number, answered, False

    def close(self) -> None:
        """Listen no longer."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                driver, _ = self._listening.accept()
                Thread(target=self._serve, args=(driver,), daemon=True).start()

    def _serve(self, driver: socket.socket) -> None:
        """Pass on what a driver and the server say."""
        target = socket.socket(socket.AF_UNIX)
        with driver, target, suppress(OSError):
            target.connect(self._target)
            while True:
                ready, _, _ = select.select([driver, target], [], [])
                for here, there in ((driver, target), (target, driver)):
                    if here in ready:
                        said = here.recv(1 << 16)
                        if not said or not self._passes(said, there, target, from_driver=here is driver):
                            return

    def _passes(self, said: bytes, there: socket.socket, target: socket.socket, *, from_driver: bool) -> bool:
        """Pass on what was said; return False where the connection is to be cut."""
        if from_driver and self._left is not None:
            self._left -= 1
            if self._left < 0:
                self._left, self.has_cut = None, True
                if self._answered:
                    target.sendall(said)
                    target.recv(1 << 16)
                return False
        there.sendall(said)
        return True


@contextmanager
def cutting(server: Running) -> Iterator[Cutting]:
    """Put a proxy before a server."""
    with TemporaryDirectory(prefix="kneetrack-cut-") as folder:
        proxy = Cutting(server, Path(folder))
        try:
            yield proxy
        finally:
            proxy.close()
