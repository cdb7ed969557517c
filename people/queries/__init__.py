"""What is: people, organisations, roles, and what happened to them. Never writes."""
