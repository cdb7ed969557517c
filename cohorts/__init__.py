"""Programme, cohorts, their five phases, and the associates in them."""
