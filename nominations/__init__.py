"""From an open window to accepted places: nominations, endorsements, reviews, decisions."""
