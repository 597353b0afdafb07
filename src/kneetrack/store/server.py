"""A diary on a PostgreSQL server: what its address says, and what of that may be shown.

It knows no driver. A password is passed on to the driver and never shown: not in an error, not by settings or doctor.
"""

import re
from typing import Any
from urllib.parse import unquote
from zlib import crc32

from kneetrack.domain.errors import WrongUseError
from kneetrack.domain.value import Value

DEFAULT_SCHEMA = "kneetrack"
"""The schema of a diary whose address names none."""

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_SCHEMES = {"postgresql", "postgres", "postgresql+psycopg"}
_PORT = re.compile(r"^(\[[^\]]*\]?|[^:]*):?")
"""What stands before the port of a host, which may be an IPv6 address."""
_DEFAULT_PORT = 5432
_SECRETS = {"password", "sslpassword"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,62}")
_ITS_OWN = ("pg_", "information_schema")


class Server(Value):
    """Where a diary is on a server: what the driver is told, the schema that holds it, and what may be shown of it.

    `place` is the same for every spelling of an address of one diary. `idle` holds connections that wait for the next
    transaction.
    """

    url: str
    schema: str
    shown: str
    has_password: bool
    place: str
    idle: list[Any]

    def __str__(self) -> str:
        """Return the address without a password."""
        return self.shown

    def __repr__(self) -> str:
        """Return the address without a password, also where a program shows what it works with."""
        return self.shown

    @property
    def file_name(self) -> str:
        """Return the name under which a machine keeps what belongs to the diary."""
        words = "-".join(re.findall(r"[A-Za-z0-9._]+", self.place))
        return f"{words[:80]}-{crc32(self.place.encode()):08x}"

    def close(self) -> None:
        """Let go of the server."""
        while self.idle:
            self.idle.pop().close()


def read(address: str) -> Server:
    """Return the diary that an address names. Raises WrongUseError, which never holds a part of a password."""
    found = _ADDRESS.fullmatch(address)
    if found is None or found[1].lower() not in _SCHEMES:
        raise WrongUseError("--db takes a path, or the address of a PostgreSQL server: postgresql://HOST/DATABASE.")
    place, _, query = found[2].partition("?")
    options = [_option(item) for item in query.split("&") if item]
    user, at, host = place.partition("@")
    name, colon, _ = user.partition(":") if at else ("", "", "")
    if (at and "/" in user) or "@" in host:
        raise WrongUseError(
            "In an address of a server @ is %40 and / is %2F in a password; ~/.pgpass takes it as it is."
        )
    _check_ports(host if at else place, dict(options))
    schemas = [value for key, value in options if key == "diary"]
    schema = unquote(schemas[0]) if schemas else DEFAULT_SCHEMA
    if len(schemas) > 1 or not _NAME.fullmatch(schema) or schema.startswith(_ITS_OWN):
        raise WrongUseError("?diary= names one diary by letters, digits, _ and -, as in ?diary=anna.")
    passed = [f"{key}={value}" for key, value in options if key != "diary"]
    public_options = [f"{key}={value}" for key, value in options if key not in _SECRETS]
    return Server(
        _joined(place, passed),
        schema,
        _joined(f"{name}@{host}" if name else host if at else place, public_options),
        bool(colon) or any(key in _SECRETS for key, _ in options),
        f"{_database(host if at else place, name, dict(options))}/{schema}",
        [],
    )


def _database(location: str, user: str, options: dict[str, str]) -> str:
    """Return which database an address names: its service, host and port, and its name, which is the user's if none is.

    What the driver takes from its environment is left as it is.
    """
    server, _, name = location.partition("/")
    host, colon, port = server.rpartition(":")
    if not colon or port.endswith("]"):  # no port, or the end of an IPv6 address
        host, port = server, ""
    host = host or options.get("host") or options.get("hostaddr") or ""
    name = name or options.get("dbname") or user or options.get("user") or ""
    return f"{options.get('service', '')}/{host.lower()}:{port or options.get('port') or _DEFAULT_PORT}/{name}"


def _check_ports(location: str, options: dict[str, str]) -> None:
    """Hold that ports are numbers. Raises WrongUseError, which shows none: after a forgotten host it is a password."""
    hosts = location.partition("/")[0].split(",")
    ports = [_PORT.sub("", host) for host in hosts] + options.get("port", "").split(",")
    if not all(re.fullmatch(r"[0-9]{0,5}", port) and int(port or 1) in range(1, 65536) for port in map(unquote, ports)):
        raise WrongUseError("The port of a server is a number from 1 to 65535, as in postgresql://HOST:5432/DATABASE.")


def _option(item: str) -> tuple[str, str]:
    """Return the key and the value of an option. Raises WrongUseError."""
    key, sign, value = item.partition("=")
    if not sign or not key.isidentifier() or "@" in value:
        raise WrongUseError("After the ? of a server’s address stand options such as diary=anna, with & between them.")
    return key, value


def _joined(place: str, options: list[str]) -> str:
    """Return an address."""
    return f"postgresql://{place}{'?' if options else ''}{'&'.join(options)}"
