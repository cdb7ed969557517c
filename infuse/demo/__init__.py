"""The demo's own pages: who to be, what day it is, which mail was caught. Only with INFUSE_DEMO=1."""
