"""Plans that move: one change of dates, seen whole before it is kept, and taken back exactly."""
