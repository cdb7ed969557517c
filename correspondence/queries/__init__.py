"""What was sent, what will be sent, and why."""
