"""Imports that break a contract of pyproject.toml: which contract, in which file, and what is planted there."""

STREET, LADDER = "Apps form a one-way street", "Inside an app, code points downwards"
MESSAGING, CORE, REPORTS = "Messaging has its own ladder", "Core is a closed list", "Reports read, never write"
IMPORTS = {
    "core knows a domain": (STREET, "core/clock.py", "import cohorts.enums\n"),
    "messaging knows people": (STREET, "messaging/mail.py", "from people.models import User\n"),
    "people know cohorts": (STREET, "people/rules.py", "from cohorts.models import Cohort\n"),
    "strangers meet": (STREET, "labs/models/lab.py", "from challenges.models import Theme\n"),
    "the street upwards": (STREET, "cohorts/models/cohort.py", "import reports.apps\n"),
    "a model knows a verb": (LADDER, "cohorts/models/phase.py", "from cohorts.services import cohorts\n"),
    "a query knows a rule": (LADDER, "people/queries/people.py", "from people import rules\n"),
    "a rule knows an e-mail": (LADDER, "people/rules.py", "from people import emails\n"),
    "a form saves": (LADDER, "people/forms/people.py", "from people.services import people\n"),
    "a verb knows a form": (LADDER, "people/services/people.py", "from people.forms import people\n"),
    "an enum knows a model": (LADDER, "people/enums.py", "from people.models import User\n"),
    "hidden in a function": (STREET, "core/clock.py", "\n\ndef later():\n    import people.models\n"),
    "a stray file": (LADDER, "cohorts/utils.py", "X = 1\n"),
    "a stray file of messaging": (MESSAGING, "messaging/plant.py", "X = 1\n"),
    "a stray file of core": (CORE, "core/plant.py", "X = 1\n"),
    "the transport knows the delivery": (MESSAGING, "messaging/transports/base.py", "from messaging import delivery\n"),
    "the outbox knows the reminders": (MESSAGING, "messaging/outbox.py", "from messaging import reminders\n"),
    "a verdict knows a model": (CORE, "core/verdicts.py", "from core import models\n"),
    "a report writes": (REPORTS, "reports/queries/home/team.py", "from cohorts.services import cohorts\n"),
    "a report sends": (REPORTS, "reports/queries/home/team.py", "from messaging import outbox\n"),
}
# Everything else is planted in a file that is there.
ADDED = {"cohorts/utils.py", "messaging/plant.py", "core/plant.py"}
