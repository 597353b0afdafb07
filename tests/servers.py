"""A real PostgreSQL server in a temporary folder, reached by a socket there and ended with the tests."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import psycopg
import pytest

from kneetrack.store import server
from kneetrack.store.server import Server

PATIENCE_S = 120
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
