"""The whole site, as an operator runs it: `consilium migrate`, then `consilium serve`, on a data folder of its own."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.processes import environment
from tests.shared import copy_prepared_site


@dataclass(slots=True)
class Site:
    """A site in `folder`; with `database_url` on PostgreSQL, else on SQLite in the folder."""

    folder: Path
    database_url: str = ""
    port: int = 0
    _process: "subprocess.Popen[str] | None" = field(default=None, init=False)

    def prepare(self, **wanted: int) -> dict[str, Any]:
        """Set up the database and fill it; see tests/promises/content.py for what can be wanted and what comes back."""
        if self.database_url:
            self._run("consilium.cli", "migrate")
        else:
            copy_prepared_site(self.folder)
        made: dict[str, Any] = json.loads(self._run("tests.promises.content", json.dumps(wanted)))
        return made

    def start(self, *options: str) -> None:
        """Serve; returns when the site answers. A later start uses the port of the first."""
        command = [sys.executable, "-m", "consilium.cli", "serve", "--port", str(self.port), *options]
        log = (self.folder / "server.log").open("a")
        with log:
            self._process = subprocess.Popen(
                command, env=self._environment(), stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert "http://" in line, (self.folder / "server.log").read_text()
        self.port = int(line.strip().rpartition(":")[2])

    def fail_to_serve(self, *options: str, **settings: str) -> tuple[int, str]:
        """Try to serve where that cannot work; the exit status and what was said on stderr."""
        command = [sys.executable, "-m", "consilium.cli", "serve", *options]
        done = subprocess.run(
            command, env=self._environment() | settings, capture_output=True, text=True, check=False, timeout=240
        )
        return done.returncode, done.stderr

    def kill(self) -> None:
        """SIGKILL for every process of the site at once, as when the machine takes memory back."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.communicate()
            self._process = None

    def stop(self) -> int:
        """SIGTERM, as an operator would; the exit status."""
        assert self._process is not None
        self._process.terminate()
        status = self._process.wait(120)
        self._process.communicate()
        self._process = None
        return status

    def get(self, path: str, timeout: float = 60.0) -> tuple[int, str]:
        """Status and text of a page."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def _run(self, module: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments], env=self._environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _environment(self) -> dict[str, str]:
        database = {"DATABASE_URL": self.database_url} if self.database_url else {}
        return {**environment(self.folder), **database, "DJANGO_SETTINGS_MODULE": "consilium.settings"}
