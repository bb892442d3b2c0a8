"""`consilium VERB …`: one entry point over Django's commands.

Exit status: 0 done, 1 failed (one line on stderr says why), 2 wrong usage.
"""

import os
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Final, NoReturn

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import load_command_class
from django.core.management.base import BaseCommand, CommandError, SystemCheckError
from django.db import DatabaseError


class Verb:
    """A word of the command line: which Django command of which app does it, and what it does in a few words."""

    def __init__(self, app: str, command: str, summary: str) -> None:
        self.app, self.command, self.summary = app, command, summary


VERBS: Final[dict[str, Verb]] = {
    "demo": Verb("consilium", "demo", "set up the demo content and serve it"),
    "serve": Verb("consilium", "serve", "serve the site"),
    "worker": Verb("consilium.journal", "worker", "deliver what happened to those who react to it"),
    "migrate": Verb("consilium", "setup", "bring the database and its reference data up to date"),
    "import": Verb("consilium.transfer", "import_content", "import pages, QAPage HTML, Stack Exchange dumps, JSONL or tables"),
    "export": Verb("consilium.transfer", "export_content", "export the content as JSONL, or readings of answers as a table"),
    "role": Verb("consilium.accounts", "role", "give somebody a role, or take it away"),
    "profile": Verb("consilium.doctors", "profile", "make a doctor's profile, hand it to an account, or take it back"),
    "status": Verb("consilium", "status", "say how database, journal, worker and search are"),
    "reindex": Verb("consilium.search", "reindex", "build the search index of this node anew"),
    "search-check": Verb("consilium.search", "search_check", "compare the search index with the database"),
    "model": Verb("consilium.search", "model", "make the language model for search by meaning, or say whether it is there"),
    "check": Verb("django.core", "check", "look for mistakes in the settings"),
}
HELP: Final = ("", "help", "-h", "--help")


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run one verb and leave with its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    sys.exit(_run(arguments))


def _run(arguments: list[str]) -> int:
    name = arguments[0] if arguments else ""
    if name in HELP:
        print(_usage())
        return 0 if name else 2
    if name == "--version":
        print(version("consilium"))
        return 0
    if name not in VERBS:
        print(f"consilium: there is no command {name!r}. See `consilium --help`.", file=sys.stderr)
        return 2
    try:
        status = _execute(name, arguments[1:])
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # `consilium export jsonl | head`: the reader has what it wanted. Nothing more can be said on stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except (CommandError, SystemCheckError, ImproperlyConfigured, DatabaseError, OSError) as error:
        print(f"consilium {name}: {_sentence(error)}", file=sys.stderr)
        return getattr(error, "returncode", 1)
    except KeyboardInterrupt:
        print(f"consilium {name}: stopped.", file=sys.stderr)
        return 130


def _execute(name: str, arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consilium.settings")
    # Addresses, password hashes and reset links in mails that became files: nothing for other users of the machine.
    os.umask(0o077)
    if name == "demo":  # before the settings are read: every page then says that its people are invented
        os.environ.setdefault("CONSILIUM_DEMO", "1")
    verb = VERBS[name]
    django.setup()
    command = load_command_class(verb.app, verb.command)
    # Wrong usage then ends with status 2, as in Django's own command line. The name is not in the stubs.
    setattr(command, "_called_from_command_line", True)  # noqa: B010
    parser = command.create_parser("consilium", name)
    options = vars(parser.parse_args(arguments))
    positional = options.pop("args", ())
    if not isinstance(command, BaseCommand):
        raise CommandError("is no command of ours.")
    command.execute(*positional, **options)
    return 0


def _sentence(error: BaseException) -> str:
    if isinstance(error, DatabaseError):
        first = str(error).strip().splitlines()[0]
        return f"the database does not answer as expected ({first}). Run `consilium migrate`, or see DATABASE_URL."
    return str(error).strip() or type(error).__name__


def _usage() -> str:
    width = max(map(len, VERBS))
    lines = [f"  {name:<{width}}  {verb.summary}" for name, verb in VERBS.items()]
    return "\n".join(
        ["usage: consilium VERB [OPTIONS]", "", *lines, "", "`consilium VERB --help` tells more. Settings: docs/settings.md."]
    )


if __name__ == "__main__":
    main()
