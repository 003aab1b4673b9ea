"""What one document says of another's standing: read from the one, applied to the passages of the other."""
