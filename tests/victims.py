"""Programs that are killed, or that run at once, each in a fresh Python: `python tests/victims.py NAME WORDS`.

They fork, which a process with threads such as a test runner must not, and print as JSON what came of it.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kneetrack import cli
from kneetrack.domain.dose import Dose
from kneetrack.domain.records import Session
from kneetrack.store import backup, ddl, schema, sqlite
from kneetrack.store.sqlite import open_store

NOW = datetime(2026, 11, 25, 6, 41, tzinfo=UTC)
A_CHANGE = 5
ENOUGH = 20
PATIENCE_S = 60
NEXT = f"{int(ddl.REVISION) + 1:04}"


def upgraded(db: Path, revisions: Path) -> None:
    """Upgrade a diary with revisions made for a test, the last of which is the next after ours, and say so."""
    know(revisions)
    schema.upgrade(db, NOW)
    _say("upgraded")


def killed_upgrades(db: Path, revisions: Path, every: str) -> None:
    """Kill an upgrade before every n-th statement that it runs; print what each left."""
    know(revisions)
    connect = sqlite3.connect
    left: list[tuple[str, list[str], list[str]]] = []
    at, ended = 0, False
    while not ended:
        at += int(every)
        copy = db.with_name(f"{at}.db")
        shutil.copy(db, copy)
        if (pid := _fork()) == 0:
            sqlite3.connect = _killing(connect, at)  # type: ignore[assignment]
            schema.upgrade(copy, NOW)
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        left.append((*_seen(copy), [name.name for name in backup.backups(copy)]))
        if not ended:
            schema.upgrade(copy, NOW)
            assert _seen(copy)[0] == NEXT
    _say({"left": left, "whole": _seen(db)[1]})


def killed_writers(db: Path, seconds: str, seed: str) -> None:
    """Kill a writer at random moments; print what it acknowledged and what is there, by change."""
    chance = random.Random(int(seed))  # noqa: S311 - moments, not secrets
    acked, kills, leftovers = set[str](), 0, 0
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end or (len(acked) <= ENOUGH and time.monotonic() < end + PATIENCE_S):
        reader, writer = os.pipe()
        if (pid := _fork()) == 0:
            _write_on(db, writer)
        os.close(writer)
        time.sleep(chance.uniform(0.005, 0.06 + kills / 2000))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        kills += 1
        leftovers += Path(sqlite.leftover(db)).exists()
        with os.fdopen(reader, encoding="ascii") as pipe:
            acked |= {line.strip() for line in pipe if line.endswith("\n")}
    copies = backup.backups(db)
    for copy in copies:
        backup.verify(copy.path)
    with closing(sqlite.connect(db, write=False)) as opened:
        there = dict(opened.execute("SELECT note, count(*) FROM session GROUP BY note"))
        whole = opened.execute("PRAGMA integrity_check").fetchone()[0]
    _say(
        {
            "acked": sorted(acked),
            "there": there,
            "kills": kills,
            "leftovers": leftovers,
            "whole": whole,
            "backups": len(copies),
        }
    )


def crowd(db: Path, writers: str, readers: str) -> None:
    """Let many `log` at once, and some read all the while; print their exit codes.

    Where this process may, the readers become a user who cannot write the diary at all.
    """
    os.environ["KNEETRACK_DB"] = str(db)
    _type("today")
    done = os.pipe()
    reading = [_forked(lambda: _read_until(done)) for _ in range(int(readers))]
    gate = os.pipe()
    writing = [_forked(lambda reps=reps: _write_one(gate, reps)) for reps in range(1, int(writers) + 1)]  # type: ignore[misc]
    os.close(gate[0])
    os.close(gate[1])
    wrote = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in writing]
    os.close(done[0])
    os.close(done[1])
    read = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in reading]
    _say({"wrote": wrote, "read": read})


def _say(value: object) -> None:
    """Print what came of it, as JSON."""
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()


def know(revisions: Path) -> None:
    """Let this program be a kneetrack of the next schema, which some revisions leave."""
    schema.OLDER[ddl.REVISION] = columns()
    schema.MIGRATIONS, ddl.REVISION = str(revisions), NEXT
    ddl.STATEMENTS = statements(revisions)


def columns() -> dict[str, set[str]]:
    """Return our tables with their columns."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        for statement in ddl.STATEMENTS:
            made.execute(statement)
        tables = [name for (name,) in made.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        its = {table: {name for _, name, *_ in made.execute(f"PRAGMA table_info({table})")} for table in tables}
        return {table: names for table, names in its.items() if not table.startswith("sqlite_")}


def statements(revisions: Path) -> tuple[str, ...]:
    """Return the schema that some revisions leave, but for what is SQLite's own in it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        schema.migrate(made, str(revisions), NEXT)
        found = made.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'")
        return tuple(sql for (sql,) in found)


def _killing(connect: Callable[..., sqlite3.Connection], at: int) -> Callable[..., sqlite3.Connection]:
    """Return a connect whose connections kill this process before the statement of a number, and spill at once."""
    said = 0

    def count(_statement: str) -> None:
        nonlocal said
        said += 1
        if said == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def connect_to_be_killed(*words: Any, **options: Any) -> sqlite3.Connection:  # noqa: ANN401 - as sqlite3 has it
        connection = connect(*words, **options)
        connection.execute("PRAGMA cache_size = 1")
        connection.set_trace_callback(count)
        return connection

    return connect_to_be_killed


def _seen(db: Path) -> tuple[str, list[str]]:
    """Return the schema of a sound diary, and its sessions and changes."""
    with closing(sqlite.connect(db, write=False)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not opened.execute("PRAGMA foreign_key_check").fetchall()
        sessions = opened.execute("SELECT uid, exercise, day, note, current FROM session ORDER BY id").fetchall()
        changes = opened.execute("SELECT uid, at, command FROM change ORDER BY id").fetchall()
        return sqlite.revision_of(opened, db), [str(row) for row in (*sessions, *changes)]


def _write_on(db: Path, writer: int) -> None:
    """Write changes of some sessions each until killed, acknowledge each, and make a backup now and then."""
    for number in range(1_000_000):
        name = f"{os.getpid()}-{number}"
        dose = Dose(1, 15, None)
        sessions = [Session("", NOW, "bridge", NOW.date(), None, None, dose, None, None, None, name)] * A_CHANGE
        with open_store(db, write=True) as store:
            store.append("log", NOW, sessions)
        os.write(writer, f"{name}\n".encode())
        if number % 5 == 1:
            backup.make(db, datetime.now(UTC) - timedelta(days=1))


def _fork() -> int:
    """Fork as os.fork does; a child ends after a while even when nobody waits for it any more."""
    if not (pid := os.fork()):
        signal.alarm(2 * PATIENCE_S)
    return pid


def _forked(run: Callable[[], int]) -> int:
    """Run a function in a child, whose exit code it gives; return the child."""
    if pid := _fork():
        return pid
    code = 1
    try:
        code = run()
    finally:
        os._exit(code)


def _write_one(gate: tuple[int, int], reps: int) -> int:
    """Wait until the gate opens, log so many repetitions, and return the exit code."""
    os.close(gate[1])
    os.read(gate[0], 1)
    return _type(f"log bridge --reps {reps}")


def _read_until(done: tuple[int, int]) -> int:
    """Read today again and again until the others are done; return the first exit code that is not 0."""
    os.close(done[1])
    os.set_blocking(done[0], False)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    while True:
        if code := _type("today"):
            return code
        try:
            os.read(done[0], 1)
        except BlockingIOError:
            continue
        return 0


def _type(line: str) -> int:
    """Type a line at the command line, without showing its answer, and return its exit code."""
    sys.argv = ["kneetrack", *line.split()]
    shown = sys.stdout
    try:
        with Path(os.devnull).open("w", encoding="utf-8") as sys.stdout:
            cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        sys.stdout = shown
    return 0


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]), *map(str, sys.argv[3:]))
