"""What one message is, before it becomes a row: the value that every `emails.py` function returns."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Recipient:
    """Where words go. `language` is "cy", "en" or "" (not asked yet: both, Welsh first).

    `reference` is the person's, when a person of ours is meant: at sending, an inactive person gets nothing and the
    language is asked again. Without it the address and the language stand as they are.
    """

    address: str
    name: str
    language: str
    reference: str = ""


@dataclass(frozen=True)
class Mail:
    """One message to one person.

    `key` is unique for good, such as `phase-starts:<phase>:<day>:<person>`: a second row with it is never written.
    `kind` groups messages ("phase-starts"); `template` names a pair of text files without `.en.txt`;
    `due_on` is the day it belongs to; after `late_after_days` further days it is held for a person to decide;
    `about` files it under a thing, such as `cohorts.cohort:two`. `secret` words are wiped once sent, and go first.
    `secret_word` is one word among words that are evidence, such as the secret of a link: it is put in on sending only,
    and wiped then; what is kept and shown has dots in its place.
    Mails of a batch with the same `alike` differ in nothing but `own` (further plain texts for the context) and in the
    recipient's address and name: their words are put together once, however many they are.
    """

    key: str
    kind: str
    to: Recipient
    template: str
    due_on: date
    context: dict[str, Any] = field(default_factory=dict)
    about: str = ""
    late_after_days: int = 3
    secret: bool = False
    secret_word: str = ""
    alike: str = ""
    own: dict[str, str] = field(default_factory=dict)
