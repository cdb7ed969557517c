"""The verbs about people: each one transaction with its audit row and its queued letters."""
