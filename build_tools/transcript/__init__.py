"""An edition aligned with its source, and everything found in it."""
