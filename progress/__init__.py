"""How far each associate is: milestones with their evidence, completed phases, and what follows from both."""
