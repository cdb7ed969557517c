"""Forms: from a request to clean values."""
