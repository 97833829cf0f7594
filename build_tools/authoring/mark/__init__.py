"""Turns plain edits into marks."""
