"""Readers of text pasted from pages."""
