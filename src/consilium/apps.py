"""The site as a Django app: it holds the commands and, when all apps are loaded, wires the reactions."""

from importlib import import_module

from django.apps import AppConfig
from django.core.checks import Tags, register

from consilium import checks


class ConsiliumConfig(AppConfig):
    name = "consilium"
    label = "consilium"

    def ready(self) -> None:
        # By name, because wiring imports models, which exist only now.
        import_module("consilium.wiring").wire()
        register(checks.public_site, Tags.security, deploy=True)
        register(checks.language_model, deploy=True)
