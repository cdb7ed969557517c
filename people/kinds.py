"""The kinds of messages about accounts. Each is asked for, or says that something about an account has changed."""

from django.utils.translation import pgettext_lazy

from messaging.kinds import Kind, Sort

KINDS = tuple(
    Kind(slug, label, Sort.SERVICE)
    for slug, label in (
        ("invited", pgettext_lazy("kind of message", "Invitation to a role")),
        ("sign-in-code", pgettext_lazy("kind of message", "Code for signing in")),
        ("sign-in-unknown", pgettext_lazy("kind of message", "Signing in with an unknown address")),
        ("address-code", pgettext_lazy("kind of message", "Code for a new address")),
        ("address-taken", pgettext_lazy("kind of message", "The address is known already")),
        ("address-added", pgettext_lazy("kind of message", "An address was added")),
        ("address-changed", pgettext_lazy("kind of message", "The main address was changed")),
        ("address-removed", pgettext_lazy("kind of message", "An address was removed")),
        ("second-step-added", pgettext_lazy("kind of message", "A second step was added")),
        ("second-step-removed", pgettext_lazy("kind of message", "A second step was removed")),
        ("recovery-codes-made", pgettext_lazy("kind of message", "Recovery codes were made")),
    )
)
