"""May they, and if not, why? One file for each noun."""
