"""Syncing by real processes: power cuts, kills, a full disk, a folder that may only be read, git, and no network."""

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import powerloss
from conftest import PATIENCE_S, need
from devices import Device

pytestmark = pytest.mark.slow

KNEETRACK = [sys.executable, "-m", "kneetrack"]
NOW = datetime.now(UTC)


def type_(device: Device, *words: str, code: int = 0) -> str:
    """Run a command of a device, and return what it prints and complains of."""
    environment = {**os.environ, "KNEETRACK_DB": str(device.path)}
    ended = subprocess.run(
        [*KNEETRACK, *words], env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )
    assert ended.returncode == code, ended.stderr
    return ended.stdout + ended.stderr


@pytest.fixture
def two(tmp_path: Path) -> tuple[Device, Device]:
    """Give two devices that share a folder on one disk: each has logged something that the other lacks."""
    one, other = Device(tmp_path / "disk"), Device(tmp_path / "other")
    other.folder = one.folder
    for device, exercise in ((one, "bridge"), (other, "clamshell")):
        type_(device, "log", exercise)
        type_(device, "sync", str(one.folder))
    type_(one, "log", "side-plank", "2x20s")
    return one, other


def _end_alike(one: Device, other: Device) -> set[str]:
    """Let two devices sync once more, hold that they end alike, and return the exercises that they have."""
    for device in (one, other, one, other):
        device.set_up(NOW)
    assert one.exported == other.exported
    done = re.findall('"exercise": "([a-z_]+)", "day"', one.exported)
    assert len(done) == len(set(done))
    return set(done)


def test_whatever_a_power_cut_leaves_of_a_sync_both_ends_have_everything_once(
    two: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    need("strace")
    one, other = two
    monkeypatch.setenv("KNEETRACK_DB", str(one.path))
    kept = other.path.read_bytes()
    seen = set()
    for files, answered in powerloss.states([*KNEETRACK, "sync"], one.home, "Synced"):
        known = (answered, *sorted(files.items(), key=lambda item: item[0]))
        if known in seen:
            continue
        seen.add(known)
        with TemporaryDirectory() as folder:
            again, peer = Device(Path(folder) / "disk"), Device(Path(folder) / "peer")
            peer.folder = again.folder
            again.folder.rmdir()
            powerloss.write(files, again.home)
            again.folder.mkdir(exist_ok=True)
            peer.path.write_bytes(kept)
            assert _end_alike(again, peer) == {"bridge", "clamshell", "side_plank"}
    assert len(seen) > 20


@pytest.mark.parametrize("call", ["openat", "fsync,fdatasync", "rename", "pwrite64", "unlink"])
def test_a_sync_that_is_killed_at_any_moment_loses_and_doubles_nothing(call: str, two: tuple[Device, Device]) -> None:
    need("strace")
    one, other = two
    type_(other, "log", "mini-squat", "3x10")
    environment = {**os.environ, "KNEETRACK_DB": str(one.path)}
    for number in (1, 2, 3, 5, 8, 13):
        kill = ["strace", "-f", "-o", os.devnull, "-e", f"inject={call}:signal=KILL:when={number}"]
        place = ["-P", str(one.home)] if call == "openat" else []
        subprocess.run(
            [*kill, *place, *KNEETRACK, "sync"], env=environment, capture_output=True, check=False, timeout=PATIENCE_S
        )
    assert _end_alike(one, other) >= {"bridge", "clamshell", "side_plank"}


FULL = """
set -e
mount -t tmpfs -o size=$3 shared "$1"
"$2" -m kneetrack sync "$1" > "$4/first" 2>&1 || echo "code $?" >> "$4/first"
mount -o remount,size=1m shared "$1"
"$2" -m kneetrack sync "$1" > "$4/second" 2>&1
mount -o remount,ro shared "$1"
"$2" -m kneetrack log side-plank 2x20s > /dev/null
"$2" -m kneetrack sync > "$4/third" 2>&1 || echo "code $?" >> "$4/third"
mount -o remount,rw shared "$1"
"$2" -m kneetrack sync > "$4/fourth" 2>&1
"""
"""Sync into a folder that has no room, has room, may only be read, and may be written again."""


def test_a_full_folder_and_one_that_may_only_be_read_are_a_sentence_and_lose_nothing(tmp_path: Path) -> None:
    need("unshare", "-rm", "true")
    device = Device(tmp_path / "home")
    for exercise in ("bridge", "clamshell"):
        type_(device, "log", exercise, "--note", "x" * 2000)
    words = [str(device.folder), sys.executable, "4k", str(tmp_path)]
    environment = {**os.environ, "KNEETRACK_DB": str(device.path)}
    subprocess.run(
        ["unshare", "-rm", "sh", "-c", FULL, "sh", *words],  # noqa: S607
        env=environment,
        check=True,
        capture_output=True,
        timeout=PATIENCE_S,
    )
    first, second, third, fourth = ((tmp_path / name).read_text() for name in ("first", "second", "third", "fourth"))
    assert "No space left on device" in first
    assert re.search(r"code 74\n\Z", first)
    assert "sent 4 changes" in second
    assert re.search(r"code 77\n\Z", third)
    assert "sent 1 change" in fourth


GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def _git(folder: Path, *words: str) -> None:
    subprocess.run([*GIT, *words], cwd=folder, check=True, capture_output=True, timeout=PATIENCE_S)


def test_a_git_repository_carries_a_diary_without_a_conflict(tmp_path: Path) -> None:
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    _git(tmp_path, "init", "--bare", "-b", "main", "hub")
    devices = [Device(tmp_path / name) for name in ("one", "other")]
    for device in devices:
        device.folder.rmdir()
        _git(device.home, "clone", str(tmp_path / "hub"), "folder")
        _git(device.folder, "checkout", "-B", "main")
        type_(device, "log", "bridge", "3x10")
        type_(device, "sync", str(device.folder))
    for _ in range(2):
        for number, device in enumerate((*devices, *devices)):
            type_(device, "log", "clamshell", f"{number + 1}x10")
            type_(device, "sync")
            _git(device.folder, "add", "-A")
            _git(device.folder, "commit", "--allow-empty", "-m", "sync")
            if subprocess.run(["git", "ls-remote", "--exit-code", "origin", "main"], cwd=device.folder, check=False,  # noqa: S607
                              capture_output=True, timeout=PATIENCE_S).returncode == 0:  # fmt: skip
                _git(device.folder, "pull", "--rebase", "origin", "main")
            _git(device.folder, "push", "origin", "main")
            type_(device, "sync")
    _git(devices[0].folder, "pull", "--rebase", "origin", "main")
    type_(devices[0], "sync")
    assert devices[0].exported == devices[1].exported


@pytest.mark.parametrize("line", ["sync", "sync status", "today"])
def test_nothing_is_sent_over_a_network_by_syncing(line: str, two: tuple[Device, Device], tmp_path: Path) -> None:
    need("strace")
    one, _ = two
    type_(one, "sync", "--auto")
    out = tmp_path / "calls"
    strace = ["strace", "-f", "--seccomp-bpf", "-o", str(out), "-e", "trace=socket,connect,sendto"]
    environment = {**os.environ, "KNEETRACK_DB": str(one.path)}
    subprocess.run(
        [*strace, *KNEETRACK, *line.split()], env=environment, check=True, capture_output=True, timeout=PATIENCE_S
    )
    assert not re.search("AF_INET", out.read_text("utf-8"))
