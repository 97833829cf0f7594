"""Checks of editions, entries and pages: values to problems."""
