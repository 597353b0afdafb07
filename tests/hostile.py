"""Text that steers a terminal, or that another program would take for more than text."""

HOSTILE = {
    "colour": "\x1b[31mred\x1b[0m",
    "clear the screen": "\x1b[2J\x1b[H",
    "write the clipboard": "\x1b]52;c;cm0gLXJm\x07",
    "link": "\x1b]8;;http://example.org\x1b\\here\x1b]8;;\x1b\\",
    "title": "\x1b]0;title\x07",
    "eight-bit colour": "\x9b31mred",
    "eight-bit clipboard": "\x9d52;c;cm0gLXJm\x9c",
    "right to left": "abc\u202edef",
    "isolates": "\u2066abc\u2069",
    "tags": "flag\U000e0067\U000e007f",
    "carriage return": "good\rbad",
    "newline": "one\ntwo",
    "backspace": "abc\x08\x08\x08",
    "line separator": "one\u2028two",
    "markup": "[red]x[/red]",
    "closing markup": "[/nope]",
    "link markup": "[link=http://example.org]x[/link]",
    "emoji name": ":smile:",
    "format": "%s %(x)s {0} {x}",
    "quote": "'; DROP TABLE session; --",
}

STEERS = {chr(code) for code in (*range(32), *range(0x7F, 0xA0))} - {"\n"} | set(
    "\u202e\u2066\u2069\u2028\U000e0067\U000e007f"
)
"""The characters that no output of ours may hold: those that steer a terminal or turn the direction of text."""
