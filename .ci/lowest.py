"""Print, as constraints for pip, the lowest version of each library that pyproject.toml allows to run with."""

import re
import sys
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
asked = project["dependencies"]
for requirement in sorted(asked):
    bound = re.fullmatch(r"([\w.-]+)(?:\[[\w,-]+\])?>=([\d.]+)(?:,<[\d.]+)?", requirement)
    if bound is None:
        sys.exit(f"{requirement} has no lowest version")
    sys.stdout.write(f"{bound[1]}=={bound[2]}\n")
