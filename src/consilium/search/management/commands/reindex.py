"""`consilium reindex`: build the search index of this node anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consilium.search.following import BeingRebuilt, rebuild
from consilium.search.progress import bar
from consilium.search.text_index import BrokenIndex


class Command(BaseCommand):
    help = "Build the search index of this node anew from the database, while the site serves, and then let readers have it."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with bar("Indexing") as progress:
                count = rebuild(advance=progress.advance, announce=progress.announce)
        except (BeingRebuilt, BrokenIndex) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"The folder of the index cannot be written: {error}") from None
        if options["verbosity"]:
            self.stdout.write(f"{count} documents are in the index.")
