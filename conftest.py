"""Options of the test run; fixtures stand in `tests/`."""

from __future__ import annotations

import pytest

# Named here, before any test module is imported, so that its asserts are rewritten.
pytest_plugins = ["tests.built_sites"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--accept`: what the corpora compile to now becomes what is expected of them."""
    parser.addoption(
        "--accept",
        action="store_true",
        help="rewrite tests/corpora/*/expected from what the corpora compile to",
    )
