"""What progress is, asked of the facts; `visible_to` comes first."""
