"""Addresses of licences by their names."""

import re

_DEEDS = "https://creativecommons.org"
_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-4\.0")


def find_licence(name: str) -> str:
    """The address of a licence of Creative Commons; "" for any other.

    >>> find_licence("cc-by-sa-4.0"), find_licence("ODbL 1.0")
    ('https://creativecommons.org/licenses/by-sa/4.0/', '')
    >>> find_licence("CC0 1.0")
    'https://creativecommons.org/publicdomain/zero/1.0/'
    """
    identifier = re.sub(r"[^A-Z0-9.]+", "-", name.upper()).strip("-")
    if match := _CREATIVE_COMMONS.fullmatch(identifier):
        return f"{_DEEDS}/licenses/{match[1].lower()}/4.0/"
    return f"{_DEEDS}/publicdomain/zero/1.0/" if identifier == "CC0-1.0" else ""
