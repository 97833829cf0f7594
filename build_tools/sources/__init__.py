"""Readers of source formats: bytes to cues."""
