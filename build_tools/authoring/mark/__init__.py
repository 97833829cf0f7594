"""Plain edits made into marks."""
