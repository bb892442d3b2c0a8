"""`consilium model`: make the language model, or say whether it is there."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consilium.search import actions, semantic
from consilium.search.building import build, can_build


class Command(BaseCommand):
    help = "Make the language model for search by meaning from its published weights, or say whether it is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["build", "show"], nargs="?", default="show", help="build it, or show what there is")
        parser.add_argument("--weights", metavar="FOLDER", help="where the weights are (default: the installed package)")
        parser.add_argument("--if-missing", action="store_true", help="do nothing where it is there, or cannot be built")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "show":
            self._show()
            return
        if options["if_missing"] and (actions.model() is not None or not can_build()):
            return
        if not semantic.INSTALLED:
            raise CommandError("the extra is not installed. Run: pip install 'consilium[semantic]'")
        try:
            folder = build(actions.model_folder(), Path(options["weights"]) if options["weights"] else None)
        except semantic.NoModel as error:
            raise CommandError(str(error)) from None
        if options["verbosity"]:
            size = sum(file.stat().st_size for file in folder.iterdir())
            self.stdout.write(f"The language model is ready: {size / 1e6:.1f} MB in {folder}.")

    def _show(self) -> None:
        if not semantic.INSTALLED:
            self.stdout.write("consilium[semantic] is not installed: search is by words alone.")
        elif actions.model() is None:
            self.stdout.write("There is no language model: search is by words alone. Run `consilium model build`.")
        else:
            self.stdout.write(f"{semantic.MODEL} in {actions.model_folder()}")
