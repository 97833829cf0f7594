"""Options of the test run; fixtures stand in `tests/`."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--accept`: what the corpora compile to now becomes what is expected of them."""
    parser.addoption(
        "--accept",
        action="store_true",
        help="rewrite tests/corpora/*/expected from what the corpora compile to",
    )
