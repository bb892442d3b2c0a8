"""Which files belong to a dump, and which site it was taken from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from consilium.transfer.records import BadInput, Where

TABLES = ("Posts", "Users", "Votes", "Comments", "Tags", "PostLinks", "PostHistory")
# Sites outside of stackexchange.com; all others are <site>.stackexchange.com.
OWN_HOSTS = {
    "stackoverflow": "stackoverflow.com",
    "serverfault": "serverfault.com",
    "superuser": "superuser.com",
    "askubuntu": "askubuntu.com",
    "stackapps": "stackapps.com",
    "mathoverflow": "mathoverflow.net",
}
_SITE = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump on disk: path of each table that is there, the site's short name and its host."""

    files: dict[str, str]
    site: str
    host: str

    @property
    def posts(self) -> str:
        return self.files["Posts"]

    def key(self, kind: str, name: int | str) -> str:
        return f"stackexchange/{self.site}/{kind}/{name}"

    def url(self, path: str = "") -> str:
        return f"https://{self.host}/{path}"


def find(path: str, site: str = "") -> Dump:
    """The dump named by a folder or by its file of posts; `site` overrides the name found there."""
    posts = _posts(Path(path))
    prefix = posts.name[: -len("Posts.xml")]
    files = {table: str(file) for table in TABLES if (file := _table(posts.parent, f"{prefix}{table}.xml")) is not None}
    files["Posts"] = str(posts)
    short = _short(site or prefix or posts.resolve().parent.name)
    if not _SITE.fullmatch(short):
        raise BadInput(Where(path), "the name does not say which site this is.", "Name it, as in --site beer.")
    return Dump(files, short, OWN_HOSTS.get(short) or (short if short.endswith(".com") else f"{short}.stackexchange.com"))


def _posts(path: Path) -> Path:
    if not path.is_dir():
        if not path.name.lower().endswith("posts.xml"):
            raise BadInput(Where(str(path)), "is neither a folder nor a file called Posts.xml.", "Name the folder of the dump.")
        return path
    found = sorted(file for file in path.iterdir() if file.name.lower().endswith("posts.xml"))
    if len(found) != 1:
        what = "has no file Posts.xml." if not found else f"has {len(found)} files of posts."
        raise BadInput(Where(str(path)), what, "Name the file of posts itself." if found else "Unpack the dump into it.")
    return found[0]


def _table(folder: Path, name: str) -> Path | None:
    exact = folder / name
    if exact.is_file():
        return exact
    return next((file for file in sorted(folder.iterdir()) if file.name.lower() == name.lower()), None)


def _short(name: str) -> str:
    """ "stackexchange-beer-" → "beer", "beer.stackexchange.com" → "beer", "es.stackoverflow.com" stays."""
    short = name.lower().strip("-_. ").removeprefix("stackexchange-").removesuffix(".stackexchange.com")
    hosts = {host: own for own, host in OWN_HOSTS.items()}
    return hosts.get(short, short)
