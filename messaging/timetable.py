"""When the machinery does what, for whoever looks whether it did."""

from datetime import time

# In Europe/London, summer and winter.
NIGHT_AT = time(5, 30)
