"""The knowledge: cards, tables, sources, and the index over them and over the user's documents."""
