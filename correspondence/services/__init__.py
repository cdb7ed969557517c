"""What the programme team does about messages."""
