"""Readers of text that people paste from pages."""
