"""Which scenarios suit a firm."""
