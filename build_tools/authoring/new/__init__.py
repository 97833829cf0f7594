"""A collection of one's own."""
