"""Make the fixture of this program's export: `python tests/make_export.py` once when a format is released.

It takes the fixture of this program's schema, adds what no command wrote when that was made, and exports it. The
fixtures of formats before this one are never made again.
"""

import shutil
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from kneetrack.domain.dose import Dose
from kneetrack.domain.plan import DAILY, Prescription
from kneetrack.domain.records import Session
from kneetrack.exchange.form import FORMAT
from kneetrack.store import ddl
from kneetrack.store.sqlite import open_store
from make_schema import DATA, NOW
from taking import as_json

if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        made = Path(shutil.copy(DATA / f"schema-{ddl.REVISION}.db", folder))
        done = Session("", NOW, "bridge", NOW.date(), NOW, None, Dose(1, 12, None), None, None, None, None)
        with open_store(made, write=True) as store:
            first, gone = store.append("start bridge", NOW, [done, done._replace(note="purged")])
            store.append("set", NOW, [done], part_of=first.uid)
            store.edit("closing", NOW, [first._replace(pain=2)], part_of=first.uid)
            with_tempo = Prescription("bridge", NOW.date(), Dose(3, 12, 2), DAILY, 3, 4, 45)
            store.prescribe("plan set bridge 3x12x2s", NOW, [with_tempo])
            store.purge([gone.uid], NOW + timedelta(minutes=1))
        (DATA / f"export-{FORMAT}.json").write_text(as_json(made), "ascii")
