"""Whose tools surveyed firms use most."""
