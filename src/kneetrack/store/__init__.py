"""The journal on disk: one file, two doors. `daily` serves the daily commands, `journal` everything else."""
