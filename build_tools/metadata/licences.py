"""Licences by their names; those of Creative Commons have an address."""

import re
from typing import NamedTuple


class Licence(NamedTuple):
    """A licence: its short name, its SPDX identifier, its full title, and its address or ""."""

    name: str
    identifier: str
    title: str
    url: str


_CREATIVE_COMMONS = {
    "BY": "Attribution",
    "BY-SA": "Attribution-ShareAlike",
    "BY-ND": "Attribution-NoDerivatives",
    "BY-NC": "Attribution-NonCommercial",
    "BY-NC-SA": "Attribution-NonCommercial-ShareAlike",
    "BY-NC-ND": "Attribution-NonCommercial-NoDerivatives",
}
_DEEDS = "https://creativecommons.org"
_LICENCES = {
    "CC0-1.0": Licence(
        "CC0 1.0", "CC0-1.0", "CC0 1.0 Universal", f"{_DEEDS}/publicdomain/zero/1.0/"
    ),
    **{
        f"CC-{terms}-4.0": Licence(
            f"CC {terms} 4.0",
            f"CC-{terms}-4.0",
            f"Creative Commons {said} 4.0 International",
            f"{_DEEDS}/licenses/{terms.lower()}/4.0/",
        )
        for terms, said in _CREATIVE_COMMONS.items()
    },
}
_NOT_IN_IDENTIFIERS = re.compile(r"[^-a-zA-Z0-9._]+")


def find_licence(name: str) -> Licence:
    """The licence of a name; an unknown licence has its name and an identifier made of it.

    >>> find_licence("cc-by-sa-4.0").url, find_licence("ODbL 1.0").identifier
    ('https://creativecommons.org/licenses/by-sa/4.0/', 'ODbL-1.0')
    """
    name = " ".join(name.split())
    identifier = _NOT_IN_IDENTIFIERS.sub("-", name).strip("-") or "other"
    return _LICENCES.get(identifier.upper(), Licence(name, identifier, name, ""))
