"""The verbs: each one transaction, with its audit row."""
