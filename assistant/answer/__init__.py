"""What an answer is made of: which passages, how each is told, what must be said beside them, what may be asked next."""
