"""A language model's words for an answer, each sentence held to the same evidence."""
