"""Statements that a database session plans once, for the few that are said for every single message."""

from __future__ import annotations

from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import Error, connection

# What PostgreSQL says when a session has the name already, or has it not: a pooler has given us another one.
DUPLICATE, UNKNOWN = "42P05", "26000"
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Prepared:
    """An UPDATE with %s for its values, of these types. The same as executing it, at half the cost."""

    def __init__(self, name: str, types: str, text: str) -> None:
        self.name, self.types, self.text = name, types, text
        self.call = f"EXECUTE {name} ({', '.join(['%s'] * text.count('%s'))})"

    def execute(self, *values: Any) -> int:
        """How many rows it changed. Raises what the database raises."""
        with connection.cursor() as cursor:
            known = _known.setdefault(connection.connection, set())
            if self.name not in known:
                self._prepare(cursor)
                known.add(self.name)
            try:
                cursor.execute(self.call, values)
            except Error as fault:
                if _code(fault) != UNKNOWN:
                    raise
                cursor.execute(self.text, values)
            return int(cursor.rowcount)

    def _prepare(self, cursor: Any) -> None:
        pieces = self.text.split("%s")
        numbered = "".join(piece + f"${number}" for number, piece in zip(count(1), pieces[:-1], strict=False))
        try:
            cursor.execute(f"PREPARE {self.name} ({self.types}) AS {numbered}{pieces[-1]}")
        except Error as fault:
            if _code(fault) != DUPLICATE:
                raise


def _code(fault: Error) -> str:
    return str(getattr(fault.__cause__, "pgcode", ""))
