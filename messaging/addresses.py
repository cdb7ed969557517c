"""Addresses that a mail server has refused for good: remembered, so that nothing more is lost on them."""

from __future__ import annotations

from collections.abc import Collection

from core import clock
from messaging.models import BadAddress
from messaging.queries import bad_addresses


def bad_among(addresses: Collection[str]) -> set[str]:
    """Those of these addresses that do not work at present, in small letters."""
    return {bad.address.lower() for bad in bad_addresses(addresses)}


def note_bad(address: str, *, person: str, said: str) -> None:
    """Remember that a mail server refused this address, and in which words; what is known stays as it is."""
    BadAddress.objects.bulk_create(
        [BadAddress(address=address, person=person, said=said[:500], since=clock.now())], ignore_conflicts=True
    )


def mend(address: str) -> bool:
    """It works again, or somebody says so; whether it was known as bad."""
    return bool(bad_addresses([address]).update(mended_at=clock.now()))
