"""The journal as files that can be taken along: JSON of everything, CSV of the sessions, and another app's export."""
