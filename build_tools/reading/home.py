"""What the front matter of the home page says of the site."""

from __future__ import annotations

from typing import NamedTuple

from build_tools.model.site import DEFAULT_LICENCE, Search, SiteIdentity
from build_tools.model.text import Problem, Text
from build_tools.reading.front_matter import HomeFields, check_fields, parse_head

HOME = "index.md"


class ParsedHome(NamedTuple):
    """What a site says of itself, how it is to be searched, and what is wrong with these fields."""

    masthead: SiteIdentity
    search: Search
    problems: tuple[Problem, ...]


def parse_home(text: Text, site_url: str) -> ParsedHome:
    """The masthead of a site that stands at `site_url`; what its home page leaves out is made up.

    The page is published as it stands, and so may have other fields, or none.
    """
    head = parse_head(text)
    fields, problems = check_fields(text, head, HomeFields)
    fields = fields or HomeFields()
    masthead = SiteIdentity(
        fields.title or "Transcripts",
        fields.description or "",
        site_url,
        fields.licence or DEFAULT_LICENCE,
    )
    return ParsedHome(masthead, Search(fields.search_by), tuple(problems))
