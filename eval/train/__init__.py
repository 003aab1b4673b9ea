"""Makes the shipped models: from base weights and our own data to the files in corpus/encoder."""
