"""What is: cohorts, their phases, their associates. Reads only; `visible_to` comes first in each file."""
