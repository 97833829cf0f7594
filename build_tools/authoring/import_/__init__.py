"""A file from outside as a source and its first edition."""
