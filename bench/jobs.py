"""Jobs: the night over a thousand and over ten thousand active associates."""


def run() -> None:
    """Filled in when the night has landed."""
