"""A front end of another kind needs nothing of the command line: a whole day through `app` alone, in a new process."""

import subprocess
import sys
from pathlib import Path

from conftest import PATIENCE_S

DAY = """
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from kneetrack.app import changes, log, maintenance, overview, pauses, plan, plan_input, reminders, today
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Place, Workspace

path, morning = Path(sys.argv[1]), datetime(2026, 11, 25, 7, 41, tzinfo=timezone(timedelta(hours=1)))

def workspace(minutes=0):
    return Workspace(Place(path, named=True), morning + timedelta(minutes=minutes))

first = log.log(workspace(), ["bridge", "3x10"], Options(pain=2))
assert first.new and first.wrote and not path.with_name("other.db").exists()
assert log.log(workspace(1), ["all"], Options()).progress.left_today == {}
assert changes.undo(workspace(2)).command.startswith("log clamshell")
assert list(today.show(workspace(3)).progress.left_today) == ["clamshell"]
assert list(reminders.open_today(workspace(4)).exercises) == ["clamshell"]
changed = plan.prescribe(workspace(5), ["clamshell", "2x15"], plan_input.Options())
assert changed.wrote
assert pauses.skip(workspace(6), "clamshell").wrote
assert list(reminders.open_today(workspace(7)).exercises) == []
figures = overview.stats(workspace(8))
assert figures.progress.streak().current == 1
assert maintenance.make_backup(workspace(9)).sessions == 1
found = overview.history(workspace(10), None, overview.Range())
assert [session.pain for session in found.sessions] == [2]
loaded = sorted(name for name in ("typer", "rich", "sqlalchemy", "pydantic", "kneetrack.cli") if name in sys.modules)
print("loaded", loaded)
"""


def test_a_whole_day_goes_through_app_alone_without_typer_rich_or_an_orm(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", DAY, str(tmp_path / "diary.db")],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert (ended.stderr, ended.stdout) == ("", "loaded []\n")
