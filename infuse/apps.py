from django.apps import AppConfig


class InfuseConfig(AppConfig):
    name = "infuse"
