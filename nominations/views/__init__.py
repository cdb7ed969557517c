"""Pages of recruitment, nominations and selection."""
