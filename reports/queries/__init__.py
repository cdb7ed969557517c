"""What several apps together say. Reads only."""
