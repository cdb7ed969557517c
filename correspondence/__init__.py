"""What the product says to people: what goes, what will go, and why; the rules, the words and the decisions."""
