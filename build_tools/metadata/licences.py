"""Licences by their names; those of Creative Commons have an address."""

import re
from typing import NamedTuple

_DEEDS = "https://creativecommons.org"
_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-4\.0")


class Licence(NamedTuple):
    """A licence: its name, and its address or ""."""

    name: str
    url: str


def find_licence(name: str) -> Licence:
    """The licence of a name; an unknown licence has no address.

    >>> find_licence("cc-by-sa-4.0")
    Licence(name='CC BY-SA 4.0', url='https://creativecommons.org/licenses/by-sa/4.0/')
    >>> find_licence("ODbL  1.0"), find_licence("CC0 1.0").url
    (Licence(name='ODbL 1.0', url=''), 'https://creativecommons.org/publicdomain/zero/1.0/')
    """
    identifier = re.sub(r"[^A-Z0-9.]+", "-", name.upper()).strip("-")
    if match := _CREATIVE_COMMONS.fullmatch(identifier):
        return Licence(f"CC {match[1]} 4.0", f"{_DEEDS}/licenses/{match[1].lower()}/4.0/")
    if identifier == "CC0-1.0":
        return Licence("CC0 1.0", f"{_DEEDS}/publicdomain/zero/1.0/")
    return Licence(" ".join(name.split()), "")
