"""The site, its search and its downloads."""

from enum import Enum
from typing import NamedTuple

# The language of a site, and of an edition, that names none.
SITE_LANGUAGE = "en"
# The format of collections that this program reads: the files of docs/ and what stands in them.
FORMAT = 1
# The licence of annotations if the home page names none.
DEFAULT_LICENCE = "CC BY 4.0"


class SiteIdentity(NamedTuple):
    """The name, description, licence and language of a site, and its address with a slash or ""."""

    name: str
    description: str
    url: str
    licence: str = DEFAULT_LICENCE
    lang: str = SITE_LANGUAGE


class Search(Enum):
    """The search of a site; with `AUTO` the size of the collection decides."""

    AUTO = "auto"
    BUILT_IN = "built-in"
    PAGEFIND = "pagefind"
    NONE = "none"


class Download(NamedTuple):
    """A file that readers may take away: its path below the site's top, and what it is for whom."""

    path: str
    name: str
    what: str
    reader: str
    licence: str
    size: int
