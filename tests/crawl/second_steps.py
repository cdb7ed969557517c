"""Second steps for the crawl's people, as allauth keeps them, and the ways to pages that come after another."""

import re
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from core import clock
from messaging.models import Message


def passkey(person: Any) -> Authenticator:
    """A passkey of whose secret half nobody knows anything."""
    identity = b"qarth" * 4
    public_key = ES256({1: 2, 3: -7, -1: 1, -2: b"\1" * 32, -3: b"\2" * 32})
    credential = AttestedCredentialData.create(b"\0" * 16, identity, public_key)
    seen = AuthenticatorData.create(b"\0" * 32, AuthenticatorData.FLAG.AT | AuthenticatorData.FLAG.UP, 0, credential)
    said = CollectedClientData.create("webauthn.create", b"qarth", "https://qarth.example")
    return Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.WEBAUTHN,
        data={
            "name": "Qarth key",
            "passwordless": True,
            "credential": {
                "id": websafe_encode(identity),
                "rawId": websafe_encode(identity),
                "type": "public-key",
                "response": {
                    "clientDataJSON": websafe_encode(said),
                    "attestationObject": websafe_encode(AttestationObject.create("none", seen, {})),
                },
                "clientExtensionResults": {},
            },
        },
    )


def recovery_codes(person: Any) -> Authenticator:
    """Ten codes on paper."""
    return RecoveryCodes.activate(person).instance


def authenticator_app(person: Any) -> Authenticator:
    """An app that shows six figures."""
    return TOTP.activate(person, "QARTHQARTHQARTHQARTHQARTHQARTHQA").instance


# --- Ways -----------------------------------------------------------------------------------------------------------


def asked_for_a_code(client: Client, world: Any, role: str) -> None:
    """A visitor typed an address on the sign-in page."""
    if role == "anonymous":
        client.post("/sign-in/", {"email": world.people["associate"].email})


def typed_the_code(client: Client, world: Any, role: str) -> None:
    """A visitor typed the code from the letter too; the associate has a second step, which comes next."""
    if role == "anonymous":
        asked_for_a_code(client, world, role)
        letter = Message.objects.filter(kind="sign-in-code").latest("pk").words["en"]["body"]
        client.post("/sign-in/code/", {"code": re.search(r"\b\d{4}-\d{4}\b", letter)[0]})


def added_an_address(client: Client, world: Any, role: str) -> None:
    """Somebody signed in added an address of theirs, and was sent a code."""
    if role != "anonymous":
        client.post("/account/addresses/", {"email": f"further.{role}@qarth.example", "action_add": ""})


# --- What is filled into a form -------------------------------------------------------------------------------------


def later_celebration(world: Any) -> dict[str, Any]:
    """The running cohort's last phase lasts a week longer."""
    last = world.things["running"].phases.get(kind="celebration")
    return {"celebration_last_day": (last.until + timedelta(days=6)).isoformat()}


def a_week_later(_world: Any) -> dict[str, Any]:
    """Everything that lies ahead, a week later."""
    return {"what": "cohort", "days": "7", "and_after": "on"}


def people_file(*rows: str) -> dict[str, Any]:
    """An upload with these rows, and a column that nobody asked for."""
    text = "\r\n".join(("First name,Last name,Work email,Job title,Organisation,Qarth", *rows))
    return {"file": SimpleUploadedFile("people.csv", text.encode(), "text/csv")}


def a_file_of_people(world: Any) -> dict[str, Any]:
    """Somebody who is in already, somebody known, and as many new people as the world has rows."""
    return people_file(
        f"Anest,Qassoc,{world.people['associate'].email},,Qarth,x",
        f"Nest,Qeb,{world.people['nobody'].email},Qarth,Zhill,x",
        *(f"Qarth,Zhill,new{row}@qarth.example,,Xfynwy,x" for row in range(world.rows)),
    )


def a_file_with_faults(world: Any) -> dict[str, Any]:
    """Rows of which each has something else wrong, as often as the world has rows."""
    return people_file(*("Qarth,,qarth@,,Nowhere Qarth,x\r\n,Zhill,,Qarth,,x" for _row in range(world.rows)))


def ten_days(world: Any) -> dict[str, Any]:
    """“A phase starts” is told ten working days before, from tomorrow on."""
    from_on = (clock.today() + timedelta(days=1)).isoformat()
    chosen = {"way": "own", "audience": "associates", "stop": "left"}
    return {**chosen, "days": "10", "late_after_days": "", "approve_above": "50", "from_on": from_on}
