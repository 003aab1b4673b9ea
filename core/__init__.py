"""Types, errors, settings and text normalisation: imported by all, importing nothing heavy."""
