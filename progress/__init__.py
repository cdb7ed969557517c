"""How far each associate is: milestones with their evidence, phases that people complete, and what follows from both."""
