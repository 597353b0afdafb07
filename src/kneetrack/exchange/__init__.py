"""Files in and out: JSON of everything, CSV of the sessions, other programs' exports, calendars."""
