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
_ZERO = Licence("CC0 1.0", "CC0-1.0", "CC0 1.0 Universal", f"{_DEEDS}/publicdomain/zero/1.0/")
_NOT_IN_IDENTIFIERS = re.compile(r"[^-a-zA-Z0-9._]+")


def find_licence(name: str) -> Licence:
    """The licence of a name; an unknown licence has its name and an identifier made of it.

    >>> find_licence("cc-by-sa-4.0").url, find_licence("ODbL 1.0").identifier
    ('https://creativecommons.org/licenses/by-sa/4.0/', 'ODbL-1.0')
    """
    name = " ".join(name.split())
    identifier = _NOT_IN_IDENTIFIERS.sub("-", name).strip("-") or "other"
    terms = identifier.upper().removeprefix("CC-").removesuffix("-4.0")
    if identifier.upper() == f"CC-{terms}-4.0" and terms in _CREATIVE_COMMONS:
        title = f"Creative Commons {_CREATIVE_COMMONS[terms]} 4.0 International"
        address = f"{_DEEDS}/licenses/{terms.lower()}/4.0/"
        return Licence(f"CC {terms} 4.0", identifier.upper(), title, address)
    known = identifier.upper() == _ZERO.identifier
    return _ZERO if known else Licence(name, identifier, name, "")
