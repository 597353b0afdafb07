"""A real Chromium without a window, spoken to through a pipe: it shows a page, prints it, tells what it asked for."""

import base64
import json
import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from conftest import PATIENCE_S

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--remote-debugging-pipe",
)  # fmt: skip
_TOLD, _SAYS = 3, 4
"""The numbers of the files through which Chromium is told what to do, and says what it did."""


class Chromium:
    """One page of a Chromium that runs."""

    def __init__(self, told: int, says: int) -> None:
        """Take the ends of the pipes, and open an empty page."""
        self._told, self._says = told, says
        self._rest = b""
        self._number = 0
        self._page: str | None = None
        self.requests: list[str] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._page = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **given: object) -> dict[str, Any]:
        """Return what Chromium answers to a command of its protocol."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": given}
        if self._page:
            message["sessionId"] = self._page
        os.write(self._told, json.dumps(message).encode() + b"\0")
        while True:
            said = self._next()
            if said.get("id") == self._number:
                assert "error" not in said, said
                result: dict[str, Any] = said["result"]
                return result

    def show(self, path: Path, width: int = 1280) -> None:
        """Load a file into a window of some width, and wait until it and all that it asks for is there."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.requests.clear()
        self.ask("Page.navigate", url=path.as_uri())
        while self._next().get("method") != "Page.loadEventFired":
            pass
        self.evaluate("new Promise(done => setTimeout(done, 300))")

    def evaluate(self, script: str) -> Any:  # noqa: ANN401 - as JSON has it
        """Return what a script gives in the page."""
        found = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def printed(self) -> bytes:
        """Return the page as it is printed: a PDF."""
        return base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True)["data"])

    def picture(self) -> bytes:
        """Return the whole page as a PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def _next(self) -> dict[str, Any]:
        """Return the next message, once it is whole; what was asked for from the network is kept."""
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._says], [], [], PATIENCE_S)
            assert ready, "Chromium says nothing"
            more = os.read(self._says, 1 << 16)
            assert more, "Chromium ended"
            self._rest += more
        one, _, self._rest = self._rest.partition(b"\0")
        said: dict[str, Any] = json.loads(one)
        if said.get("method") == "Network.requestWillBeSent":
            self.requests.append(said["params"]["request"]["url"])
        return said


@contextmanager
def started(profile: Path) -> Iterator[Chromium]:
    """Start a Chromium whose profile is in a folder, and end it."""
    its_input, told = os.pipe()
    says, its_output = os.pipe()
    wrapped = f'exec chromium "$@" {_TOLD}<&{its_input} {_SAYS}>&{its_output}'
    process = subprocess.Popen(
        ["/bin/bash", "-c", wrapped, "chromium", *_FLAGS, f"--user-data-dir={profile}"],
        pass_fds=(its_input, its_output),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(its_input)
    os.close(its_output)
    try:
        yield Chromium(told, says)
    finally:
        os.close(told)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait(PATIENCE_S)
        os.close(says)
