"""An edition aligned with its source, and everything that is found in it."""
