"""Questions about one document of the user's own, answered from its clauses."""
