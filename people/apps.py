from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from people import adapters  # noqa: F401, PLC0415 (its receivers need the models, which are ready only now)
