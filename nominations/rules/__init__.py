"""May they, and if not, why? Every answer is a Verdict; `user` None is the system."""
