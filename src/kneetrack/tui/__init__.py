"""Screens that stay: the guided session."""
