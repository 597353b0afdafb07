"""The reminder in a systemd of the person's own, played by a script that takes what systemctl is told."""

from datetime import time
from pathlib import Path

import pytest

from conftest import NOW, Run
from kneetrack.domain.errors import MissingProgramError, NoPermissionError, StorageError
from kneetrack.domain.installed import Job
from kneetrack.reminder import systemd

SYSTEMCTL = """\
#!/bin/sh
# Keeps what it is asked, refuses what the file `refuses` names, and knows whether the timer was started.
shift
echo "$*" >> "$0.asked"
[ -e "$0.silent" ] && exec sleep 60
case " $(cat "$0.refuses" 2>/dev/null) " in *" $1 "*) echo "Failed to $1 it: for a test" >&2; exit 1 ;; esac
case $1 in
restart) : > "$0.started" ;;
disable) rm -f "$0.started" ;;
is-active) [ -e "$0.started" ] ;;
esac
"""


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a systemd that works, a crontab that is empty, and a kneetrack that runs; returns the systemctl."""
    folder = tmp_path / "bin"
    folder.mkdir()
    crontab = "#!/bin/sh\necho 'no crontab for me' >&2\nexit 1\n"
    for name, content in (("systemctl", SYSTEMCTL), ("crontab", crontab), ("kneetrack", "#!/bin/sh\n")):
        (folder / name).write_text(content)
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder / "systemctl"


def asked(systemctl: Path) -> list[str]:
    """Return what was asked since it was last looked at."""
    kept = Path(f"{systemctl}.asked")
    lines = kept.read_text().splitlines() if kept.exists() else []
    kept.unlink(missing_ok=True)
    return lines


def units() -> list[str]:
    """Return the names of the units that there are."""
    return sorted(path.name for path in systemd.folder().glob("*"))


INSTALL = "remind install --via systemd --at 18:00"


@pytest.mark.usefixtures("clock", "db")
def test_install_writes_two_units_and_starts_the_timer_and_again_changes_nothing(run: Run, systemctl: Path) -> None:
    assert run(INSTALL).code == 0
    assert units() == [systemd.SERVICE, systemd.TIMER]
    assert asked(systemctl)[-4:] == [
        "daemon-reload", f"enable {systemd.TIMER}", f"restart {systemd.TIMER}", f"is-active --quiet {systemd.TIMER}"
    ]  # fmt: skip
    before = [(systemd.folder() / name).read_bytes() for name in units()]
    assert "Already installed" in run(INSTALL).out
    assert [(systemd.folder() / name).read_bytes() for name in units()] == before
    assert not any(line.startswith("restart") for line in asked(systemctl))


@pytest.mark.usefixtures("clock", "db")
def test_uninstall_stops_the_timer_and_takes_the_units_away(run: Run, systemctl: Path) -> None:
    run(INSTALL)
    asked(systemctl)
    assert "systemd" in run("remind uninstall").out
    assert units() == []
    assert f"disable --now {systemd.TIMER}" in asked(systemctl)
    assert run("remind uninstall").out.startswith("Not installed")


@pytest.mark.usefixtures("clock", "db")
def test_a_timer_that_was_stopped_is_told_and_started_by_installing_again(run: Run, systemctl: Path) -> None:
    run(INSTALL)
    Path(f"{systemctl}.started").unlink()
    assert "stopped" in run("remind status").out
    assert run(INSTALL).code == 0
    assert Path(f"{systemctl}.started").exists()


@pytest.mark.usefixtures("clock", "db")
@pytest.mark.parametrize("word", ["daemon-reload", "enable", "restart", "is-active"])
def test_units_that_systemd_does_not_take_are_put_back_as_they_were(run: Run, systemctl: Path, word: str) -> None:
    Path(f"{systemctl}.refuses").write_text(word)
    said = run(INSTALL)
    assert (said.out, said.code, said.err.count("\n")) == ("", 74, 1)
    assert f"Failed to {word} it: for a test" in said.err
    assert units() == []


@pytest.mark.usefixtures("clock", "db")
def test_a_systemd_that_does_not_answer_names_the_other_ways(run: Run, systemctl: Path) -> None:
    Path(f"{systemctl}.refuses").write_text("show-environment")
    said = run(INSTALL)
    assert (said.out, said.code) == ("", 69)
    assert "--via cron" in said.err
    assert "--via print" in said.err
    assert units() == []


@pytest.mark.usefixtures("clock", "db")
def test_a_systemd_that_is_not_there_names_the_other_ways(run: Run, systemctl: Path) -> None:
    systemctl.unlink()
    # Whatever this machine has comes after the folder of the test.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(systemctl.parent))
        said = run(INSTALL)
        assert (said.out, said.code) == ("", 69)
        assert said.err.startswith("There is no systemd here.")
        assert not systemd.active()


@pytest.mark.usefixtures("clock", "db")
def test_a_systemd_that_is_too_slow_is_said_in_a_sentence(
    run: Run, systemctl: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systemd, "_TIMEOUT_S", 0.2)
    Path(f"{systemctl}.silent").touch()
    said = run(INSTALL)
    assert (said.out, said.code, said.err.count("\n")) == ("", 74, 1)
    assert "systemctl did not answer within 0.2 seconds" in said.err


@pytest.mark.usefixtures("clock", "db")
def test_a_systemctl_that_cannot_be_started_is_said(systemctl: Path) -> None:
    systemctl.write_bytes(b"\x7fELF")
    with pytest.raises(StorageError, match="Your systemd units"):
        systemd.install(Job(("/opt/kneetrack",), (time(18),)), NOW)


@pytest.mark.usefixtures("clock", "db")
def test_units_whose_place_is_no_folder_are_said_to_be_closed(run: Run, systemctl: Path) -> None:
    assert systemctl.exists()
    systemd.folder().parent.mkdir(parents=True)
    systemd.folder().write_text("no folder")
    with pytest.raises(NoPermissionError):
        systemd.installed()
    said = run(INSTALL)
    assert (said.out, said.code) == ("", 77)


def test_units_that_were_changed_by_hand_are_no_job() -> None:
    assert systemd.read("ExecStart=:kneetrack", "OnCalendar=daily").job is None
    assert systemd.read("ExecStart=:'", "OnCalendar=*-*-* 18:00").job is None
    assert systemd.read("", "").job is None


def test_uninstall_takes_units_away_where_systemd_is_gone(systemctl: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    systemd.folder().mkdir(parents=True)
    (systemd.folder() / systemd.TIMER).write_text("")
    systemctl.unlink()
    monkeypatch.setenv("PATH", str(systemctl.parent))
    with pytest.raises(MissingProgramError):
        systemd._ask("daemon-reload")  # noqa: SLF001 - what uninstall puts up with
    assert systemd.uninstall()
    assert units() == []


def test_who_has_no_name_does_not_linger(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert not systemd.lingers()
