"""The build: cache, plan, output, and the site generators as programs."""

import gc


def raise_threshold() -> None:
    """Raises the GC threshold from 700 to 20,000 new values, which saves a fifteenth of a build."""
    gc.set_threshold(20_000)
