"""`consilium search-check`: compare the search index of this node with the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consilium.search.checking import compare
from consilium.search.opening import opened
from consilium.search.progress import bar
from consilium.search.text_index import BrokenIndex


class Command(BaseCommand):
    help = "Compare the search index of this node with the database and print what differs; exit status 1 if anything does."

    def handle(self, *args: Any, **options: Any) -> None:
        node, state = opened()
        if node is None:
            raise CommandError(" ".join(state.remedies))
        try:
            with bar("Comparing") as progress:
                drift = compare(node, progress.advance)
        except BrokenIndex as error:
            raise CommandError(f"The search index cannot be read ({error}). Run `consilium reindex`.") from None
        for line in [*drift.lines(), *state.remedies]:
            self.stdout.write(line)
        self.stdout.write(f"{drift.compared} documents compared, drift {drift.total}, {drift.unread} entries still to be read.")
        if drift.total:
            raise CommandError("the index and the database differ. Run `consilium reindex`.")
