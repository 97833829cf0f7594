"""The front matter of the home page: name, description, licence, language and search of a site."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import AfterValidator, ConfigDict, Field

from build_tools.model.front_matter import FrontMatter, OptionalLine
from build_tools.model.site import DEFAULT_LICENCE, FORMAT, SITE_LANGUAGE, Search, SiteIdentity
from build_tools.model.text import Problem, Text
from build_tools.reading.front_matter import read_fields
from build_tools.text.catalogue import list_languages, tr, writing_in

HOME = "index.md"
_FORMAT = re.compile(r"\A(?:\ufeff)?---\s.*?^format: *([0-9]{1,6})\s", re.MULTILINE | re.DOTALL)
_SEARCHES = [search.value for search in Search if search is not Search.NONE]


def read_format(tree: Mapping[str, bytes]) -> int:
    """The format that the home page of a collection states; 0 if it states none."""
    stated = _FORMAT.match(tree.get(HOME, b"").decode(errors="replace"))
    return int(stated[1]) if stated else 0


def _check_lang(value: str) -> str:
    if value not in list_languages():
        raise ValueError(f"“{value}” is no language in which pages can be written")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeHead(FrontMatter):
    """What is read of the front matter of the home page, which may tell a theme more."""

    __pydantic_config__ = ConfigDict(extra="ignore")

    remedies: ClassVar = {
        "lang": f"write one of {', '.join(list_languages())}, or add build_tools/languages/TAG.po",
        "format": "run sic upgrade; if it is newer, install a newer Sic",
        "search_by": f"write one of {', '.join(_SEARCHES)}",
    }

    title: OptionalLine = ""
    description: OptionalLine = ""
    licence: OptionalLine = ""
    lang: Annotated[str, AfterValidator(_check_lang)] = SITE_LANGUAGE
    format: Annotated[str, Field(pattern=f"^({FORMAT})?$")] = ""
    search_by: Annotated[str, Field(pattern=f"^({'|'.join(_SEARCHES)})$")] = Search.AUTO.value


def parse_home(text: Text, site_url: str) -> tuple[SiteIdentity, Search, tuple[Problem, ...]]:
    """The identity and the search of a site that stands at `site_url`, and problems."""
    fields, _, head = read_fields(text, HomeHead, {})
    with writing_in(fields.lang):
        name, licence = fields.title or tr("Transcripts"), fields.licence or DEFAULT_LICENCE
    masthead = SiteIdentity(name, fields.description, site_url, licence, fields.lang)
    problems = head.problems if text.content.startswith("---") else ()
    return masthead, Search(fields.search_by), problems
