"""What a sector's firms do at each level."""
