"""How fast kneetrack is, measured on whole processes: `python -m benchmarks`."""
