"""A plan of transformation for one firm."""
