"""Starts a new collection."""
