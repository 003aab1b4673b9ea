"""Engines: where a model's words come from."""
