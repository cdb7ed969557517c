"""What a move changes, and what follows from it."""
