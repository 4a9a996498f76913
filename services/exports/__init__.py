"""Writes rows with places as files that other programs read."""
