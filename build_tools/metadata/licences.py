"""Licences by their names; those of Creative Commons have an address."""

import re
from typing import NamedTuple


class Licence(NamedTuple):
    """A licence: its short name, its SPDX identifier, its full title, and its address or ""."""

    name: str
    identifier: str
    title: str
    url: str


_TERMS = {"BY": "Attribution", "NC": "NonCommercial", "SA": "ShareAlike", "ND": "NoDerivatives"}
_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-4\.0")
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
    known = identifier.upper()
    if match := _CREATIVE_COMMONS.fullmatch(known):
        title = "-".join(_TERMS[term] for term in match[1].split("-"))
        address = f"{_DEEDS}/licenses/{match[1].lower()}/4.0/"
        title = f"Creative Commons {title} 4.0 International"
        return Licence(f"CC {match[1]} 4.0", known, title, address)
    return _ZERO if known == _ZERO.identifier else Licence(name, identifier, name, "")
