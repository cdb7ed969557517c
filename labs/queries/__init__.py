"""What the labs hold: runs, people, sessions."""
