"""Files and pages become clean text, passages, and entries of the index."""
