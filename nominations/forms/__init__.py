"""Clean input: each form turns a request into values, and saves nothing."""
