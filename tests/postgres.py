"""A private PostgreSQL server for one test run, from the server binaries installed on this machine."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path


class NoServer(Exception):
    """No PostgreSQL server binaries are installed here."""


def binaries() -> Path:
    """The newest folder with initdb and pg_ctl: a Debian one first, because a stray pg_ctl in PATH may lack its data."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    if initdb is None:
        raise NoServer("PostgreSQL server binaries are missing. Install Debian's package postgresql, or run `make test` as root.")
    return Path(initdb).parent


class PrivateServer:
    """Listens on a socket in a folder of its own only; gone, with its data, after stop()."""

    def __init__(self) -> None:
        self.bin = binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="consilium-pg-"))
        # initdb refuses to run as root; a container's root hands the server to Debian's postgres or to nobody.
        self.user = _other_user() if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user)

    @property
    def url(self) -> str:
        """DATABASE_URL of the database "postgres" of this server."""
        return f"postgresql://consilium@/postgres?host={self.folder}"

    def start(self) -> None:
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", "consilium", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        # Tests work in transactions that stay open. What the server learns of a table meanwhile is that it has no rows, and then
        # it reads all of them for each row of another: measured, a test of 4 s took 50.
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=200 -c fsync=off -c autovacuum=off"
        self._run("pg_ctl", "-D", data, "-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.bin / program), *arguments]
        done = subprocess.run(
            command, user=self.user, cwd="/", env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip() or done.stdout.strip()}")


def _other_user() -> str:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise NoServer("PostgreSQL cannot run as root and there is no user postgres or nobody here.")
