"""Signs of life of the machinery."""

from django.db.models.functions import Now

from messaging.models import Heartbeat

WORKER, BEAT = "worker", "beat"


def show_life(name: str) -> None:
    """Record that this part of the machinery lives now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": Now()})
