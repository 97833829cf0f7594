"""The build: cache, plan, output, and the site generators as programs."""
