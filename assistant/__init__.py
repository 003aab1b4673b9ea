"""One conversation, from the question to the cited answer."""
