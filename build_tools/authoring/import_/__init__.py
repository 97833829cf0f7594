"""Imports a file as a source with its first edition."""
