from django.apps import AppConfig


class ConsensusConfig(AppConfig):
    name = "consilium.consensus"
