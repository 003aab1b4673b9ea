"""The built-in encoder: its files and what runs them."""
