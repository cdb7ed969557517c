"""The cache: Redis, and while Redis is away each process's own memory.

The cache holds only what may be forgotten (counts of attempts at signing in, used one-time codes). Signing in must go
on without the broker: then each web process counts for itself, so a limit is at most as many times wider as there are
processes, and a count begins again when Redis is back.
"""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

WAIT = 10.0  # seconds before Redis is asked again, so that a dead host costs one time-out and not one per question
STEADIED = ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear")


def steadied(name: str) -> Callable[..., Any]:
    """A cache method that asks Redis, or this process's memory while Redis does not answer."""

    @wraps(getattr(RedisCache, name))
    def ask(self: "SteadyRedisCache", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self.ask_again_at:
            try:
                return getattr(super(SteadyRedisCache, self), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self.ask_again_at = time.monotonic() + WAIT
                log.warning("Redis does not answer, counting in memory for now: %s", error)
        return getattr(self.memory, name)(*args, **kwargs)

    return ask


class SteadyRedisCache(RedisCache):
    """RedisCache that never raises because Redis is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.memory = LocMemCache("while-redis-is-away", {})
        self.ask_again_at = 0.0


for _name in STEADIED:
    setattr(SteadyRedisCache, _name, steadied(_name))
