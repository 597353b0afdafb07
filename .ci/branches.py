"""Say how many of the branches of src the tests took, and fail when it is too few."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

LEAST = 96.5
"""Percent of the branches alone: those of lines and branches together look better than they are."""

with TemporaryDirectory() as folder:
    report = Path(folder) / "coverage.json"
    asked = [sys.executable, "-m", "coverage", "json", "-q", "-o", str(report)]
    subprocess.run(asked, check=True)  # noqa: S603 - coverage itself
    totals = json.loads(report.read_text("utf-8"))["totals"]
share = 100 * totals["covered_branches"] / totals["num_branches"]
sys.stdout.write(f"{share:.2f} % of {totals['num_branches']} branches, at least {LEAST:.1f} % are asked for\n")
sys.exit(share < LEAST)
