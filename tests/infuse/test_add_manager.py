"""The door for the first programme manager."""

import pytest
from django.core.management import CommandError, call_command

from messaging.models import Message
from people.models import User
from people.queries.roles import roles_on


def test_the_first_manager_is_recorded_and_invited_once(db, today, capsys):
    for _number in range(2):
        call_command("add_manager", name="Mair Morgan", email="Mair@Example.gov.wales", language="cy")
    person = User.objects.get()
    assert roles_on(person, today).is_manager
    assert (person.email, person.language, person.language_source) == ("mair@example.gov.wales", "cy", "staff")
    assert Message.objects.filter(kind="invited").count() == 1
    assert "is a programme manager" in capsys.readouterr().out


def test_what_is_no_address_is_refused(db):
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("add_manager", name="Mair", email="mair")
    assert not User.objects.exists()
