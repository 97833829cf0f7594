"""The front matter of the home page: name, description, licence, language and search of a site."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, ConfigDict

from build_tools.model.front_matter import Digits, FrontMatter, Line, OptionalLine, Remedy
from build_tools.model.site import (
    DEFAULT_LICENCE,
    FORMAT,
    SITE_LANGUAGE,
    WISHES,
    Search,
    SiteIdentity,
)
from build_tools.model.text import Problem, Text
from build_tools.reading.front_matter import parse_head, read_fields
from build_tools.text.catalogue import list_languages, tr, writing_in

HOME = "index.md"
_FORMAT = re.compile(r"\A(?:\ufeff)?---\s.*?^format: *([0-9]{1,6})\s", re.MULTILINE | re.DOTALL)


def read_format(tree: Mapping[str, bytes]) -> int:
    """The format that the home page of a collection states; 0 if it states none."""
    stated = _FORMAT.match(tree.get(HOME, b"").decode(errors="replace"))
    return int(stated[1]) if stated else 0


def _check_format(value: str) -> str:
    if int(value) != FORMAT:
        raise ValueError(f"the collection is of format {value}, and this Sic reads {FORMAT}")
    return value


def _check_search(value: str) -> str:
    names = [search.value for search in WISHES]
    if value not in names:
        raise ValueError(f"“{value}” is none of {', '.join(names)}")
    return value


def _check_lang(value: str) -> str:
    if value not in list_languages():
        raise ValueError(f"“{value}” is no language in which pages can be written")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeHead(FrontMatter):
    """What is read of the front matter of the home page, which may tell a theme more.

    `search_by` is not called `search`, as a theme takes that for how it searches this page.
    """

    __pydantic_config__ = ConfigDict(extra="ignore")

    title: OptionalLine = ""
    description: OptionalLine = ""
    licence: OptionalLine = ""
    lang: Annotated[
        Line,
        AfterValidator(_check_lang),
        Remedy(f"write one of {', '.join(list_languages())}, or add build_tools/languages/TAG.po"),
    ] = SITE_LANGUAGE
    format: Annotated[
        Digits,
        AfterValidator(_check_format),
        Remedy("run sic upgrade; if it is newer, install a newer Sic"),
    ] = ""
    search_by: Annotated[
        Line,
        AfterValidator(_check_search),
        Remedy("write auto, or nothing, and the size of the collection decides"),
    ] = Search.AUTO.value


def parse_home(text: Text, site_url: str) -> tuple[SiteIdentity, Search, tuple[Problem, ...]]:
    """The identity and the search of a site that stands at `site_url`, and problems.

    The page is published as it stands, and so may have other fields, or none.
    """
    head = parse_head(text)
    fields, _, problems = read_fields(text, head, HomeHead, {})
    if not text.content.startswith("---"):
        problems = ()
    with writing_in(fields.lang):
        name, licence = fields.title or tr("Transcripts"), fields.licence or DEFAULT_LICENCE
    masthead = SiteIdentity(name, fields.description, site_url, licence, fields.lang)
    return masthead, Search(fields.search_by), problems
