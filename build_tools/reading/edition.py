"""An edition file as a value: its front matter, its chapters and turns, its footnotes."""

import hashlib
from collections.abc import Iterator

from build_tools.model.edition import Edition, EditionHead
from build_tools.model.front_matter import list_fields
from build_tools.model.text import Parsed, Problem, Text, hide_unread
from build_tools.reading.body import Body, check_footnotes
from build_tools.reading.front_matter import read_fields
from build_tools.sources.charset import ENCODINGS, known_encoding
from build_tools.sources.formats import FORMATS
from build_tools.text.language import is_language
from build_tools.text.nearness import KnownNames

# How many characters of a wrong language tag a problem shows.
_LONGEST_SHOWN = 60
# What stands for required fields that are wrong or missing: no file and no format has the name.
_UNKNOWN = {"title": "?", "date": "2000", "source": {"file": "?", "format": "?"}}


def parse_edition(slug: str, text: Text) -> Parsed[Edition]:
    """The edition that a file holds, without wrong fields of its head, and all problems."""
    fields, wrong, head = read_fields(text, EditionHead, _UNKNOWN)
    speakers = fields.speakers if head.values and "speakers" not in wrong else None
    body = Body(text, head.body, speakers)
    content = text.content.encode("utf-8", "surrogateescape")
    blob = b"blob %d\0%b" % (len(content), content)
    edition = Edition(
        **list_fields(fields),
        slug=slug,
        text=text,
        digest=hashlib.sha1(blob, usedforsecurity=False).hexdigest(),
        introduction=tuple(body.introduction),
        chapters=body.chapters,
        footnotes=tuple(body.footnotes),
        offsets=head.offsets,
    )
    found = (*head.problems, *body.problems, *check_footnotes(edition, body))
    return Parsed(edition, hide_unread((*found, *_check_head(edition, wrong))))


def _check_head(edition: Edition, wrong: frozenset[str]) -> Iterator[Problem]:
    """Fields whose right values are listed elsewhere: languages, formats, encodings."""
    if not is_language(edition.lang):
        what = f"“lang”: “{edition.lang[:_LONGEST_SHOWN]}” is no language's tag"
        remedy = "write a language's tag, such as ar, pt-BR or zh-Hant"
        yield edition.problem(("lang",), what, remedy)
    for path, source in edition.sources.items():
        if path[0] not in wrong and source.format not in FORMATS:
            what = f"“{source.format}” is no format of sources"
            remedy = f"{KnownNames(FORMATS).ask(source.format)}sic formats lists all of them"
            yield edition.problem((*path, "format"), what, remedy)
        if source.encoding and not known_encoding(source.encoding):
            what = f"“{source.encoding}” is no encoding that is known here"
            remedy = f"known encodings: {', '.join(ENCODINGS)}"
            yield edition.problem((*path, "encoding"), what, remedy)
