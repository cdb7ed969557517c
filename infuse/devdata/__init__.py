"""The demo's data: the programme's public facts, an invented cast, and the builder that puts them in."""
