"""Whole processes: what one costs, and what it costs against another.

The standard library alone: on Linux a process begins with the peak memory of the one that started it, so
whoever measures small processes must be small itself.
"""

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

_NOTHING = "/dev/null"


def _leave_as_is() -> None:
    """Prepare nothing."""


class Subject(NamedTuple):
    """A process: its command line, its environment, and what is done before each run, which is not measured."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    prepare: Callable[[], None] = _leave_as_is


class Cost(NamedTuple):
    """What one run cost: processor time (user and system) and wall clock in milliseconds, peak memory in MB."""

    cpu_ms: float
    wall_ms: float
    peak_mb: float


class Spread(NamedTuple):
    """The median of some figures and the quartiles on either side of it."""

    median: float
    low: float
    high: float


class Comparison(NamedTuple):
    """A subject against its floor: ratios of each pair of runs, and the median cost of either."""

    cpu: Spread
    wall: Spread
    peak: Spread
    cost: Cost
    floor: Cost


class FailedError(Exception):
    """A process that was to be measured did not end well."""


def run(subject: Subject) -> Cost:
    """Run a process once, its output thrown away, and return its cost. Raises FailedError."""
    subject.prepare()
    with tempfile.TemporaryFile() as complaints:
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, _NOTHING, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, _NOTHING, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, complaints.fileno(), 2),
        ]
        started = time.perf_counter()
        child = os.posix_spawn(subject.command[0], subject.command, subject.environment, file_actions=actions)
        _, status, usage = os.wait4(child, 0)
        wall = time.perf_counter() - started
        if status:
            complaints.seek(0)
            said = complaints.read().decode(errors="replace").strip()
            raise FailedError(f"{' '.join(subject.command)}: {said or os.waitstatus_to_exitcode(status)}")
    return Cost((usage.ru_utime + usage.ru_stime) * 1000, wall * 1000, usage.ru_maxrss / 1024)


def compare(subject: Subject, floor: Subject, runs: int) -> Comparison:
    """Run a floor and a subject in turn, after one run of either that is not counted. Raises FailedError."""
    run(floor), run(subject)
    pairs = [(run(floor), run(subject)) for _ in range(runs)]
    cpu, wall, peak = (
        _spread(mine[figure] / its[figure] for its, mine in pairs) for figure in range(len(Cost._fields))
    )
    return Comparison(cpu, wall, peak, _typical(mine for _, mine in pairs), _typical(its for its, _ in pairs))


def repeat(subject: Subject, runs: int) -> Cost:
    """Return the median cost of a process, after one run that is not counted. Raises FailedError."""
    run(subject)
    return _typical(run(subject) for _ in range(runs))


def renewed(path: Path, original: Path | None) -> Callable[[], None]:
    """Return what makes a file a copy of the original again, or takes it away when there is none.

    The copy is on the disk before the run begins, so that the run's own fsync does not wait for it.
    """

    def _renew() -> None:
        if original is None:
            path.unlink(missing_ok=True)
            return
        shutil.copyfile(original, path)
        with path.open("rb") as copy:
            os.fsync(copy.fileno())

    return _renew


def _spread(figures: Iterable[float]) -> Spread:
    """Return the median and the quartiles of some figures."""
    low, median, high = statistics.quantiles(figures, n=4, method="inclusive")
    return Spread(median, low, high)


def _typical(costs: Iterable[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(*map(statistics.median, zip(*costs, strict=True)))
