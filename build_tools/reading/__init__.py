"""Readers of the files in docs/: text to values, each with its problems."""
