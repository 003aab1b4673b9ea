"""Whether a passage answers a question: a trained weighing of what retrieval, the words and the exact checks say."""
