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
from typing import NamedTuple

import psycopg
import pytest

from kneetrack.store import server
from kneetrack.store.server import Server

PATIENCE_S = 120
_SOCKET = ".s.PGSQL.5432"
_SETTINGS = "-c listen_addresses= -c shared_buffers=32MB -c max_connections=120"
_NUMBERS = count()


class Running(NamedTuple):
    """A server that runs, and the folder that it is in."""

    folder: Path

    def address(self, diary: str, user: str = "postgres", host: Path | None = None) -> str:
        """Return what --db takes for a diary."""
        return f"postgresql:///postgres?host={host or self.folder}&user={user}&diary={diary}"

    def diary(self) -> Server:
        """Return where a diary is that nobody had before."""
        return server.read(self.address(f"diary{next(_NUMBERS)}"))

    def sql(self, statements: str) -> list[tuple[object, ...]]:
        """Run statements as the superuser, and return what the last of them finds."""
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            cursor = connection.execute(statements.encode())
            while cursor.nextset():
                pass
            return cursor.fetchall() if cursor.description else []

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


def need_postgres() -> None:
    """Skip a test without a server to start; fail it where KNEETRACK_REQUIRE names postgres."""
    if _programs() is None:
        required = os.environ.get("KNEETRACK_REQUIRE", "").split(",")
        (pytest.fail if "postgres" in required else pytest.skip)("PostgreSQL is not installed")


@contextmanager
def running(*, durable: bool = False) -> Iterator[Running]:
    """Make a server, start it, and end it with the block."""
    need_postgres()
    folder = Path(mkdtemp(prefix="kneetrack-pg-"))
    here = Running(folder)
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        folder.chmod(0o755)
        words = ("-D", folder / "data", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        _run("initdb", *words)
        here.start(durable=durable)
        try:
            yield here
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                here.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """Return the folder of the newest server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    return Path(on_path).parent if on_path else None


def _run(program: str, *words: object) -> None:
    """Run a program of the server, which refuses to be run by root."""
    folder = _programs()
    assert folder is not None
    other = ("/usr/sbin/runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    subprocess.run(
        [*other, str(folder / program), *map(str, words)],
        check=True,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=PATIENCE_S,
    )


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
