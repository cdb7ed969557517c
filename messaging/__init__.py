"""Getting words to people: outbox, delivery, reminders. Knows an address and a language, never a domain."""
