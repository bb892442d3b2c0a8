"""The files of the repository, as git knows them (an ignored file is nobody's affair)."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "src" / "consilium"


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or would be committed; all files below the root where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode:
        hidden = {".venv", "var", "__pycache__"}
        return tuple(path for path in ROOT.rglob("*") if path.is_file() and hidden.isdisjoint(path.parts))
    return tuple(path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file())


def having(*suffixes: str, below: Path = ROOT) -> list[Path]:
    """The files with one of these endings, below a folder."""
    return [path for path in files() if path.suffix in suffixes and path.is_relative_to(below)]


def name(path: Path) -> str:
    """How a failure names a file."""
    return str(path.relative_to(ROOT))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
