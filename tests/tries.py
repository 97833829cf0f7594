"""How many examples a law is tried with: all of them, and a tenth in `make quick`."""

from hypothesis import HealthCheck, settings


def tries(examples: int) -> settings:
    """Settings for the same examples in every run, however busy the machine is."""
    share = settings().max_examples / settings.get_profile("default").max_examples
    return settings(
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
        max_examples=round(examples * share),
    )
