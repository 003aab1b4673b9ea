"""Words of the field in plain language."""
