"""Who there is: organisations, people, their dated employment and roles, and sign-in."""
