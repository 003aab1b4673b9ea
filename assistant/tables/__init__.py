"""Questions that are answered by counting and reckoning over a table of the user's own documents."""
