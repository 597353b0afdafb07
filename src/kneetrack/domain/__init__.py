"""Values and rules: the standard library only; no clock, no file, no output."""
