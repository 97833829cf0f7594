"""Who speaks where: a list of all speakers, for a collection too large to be seen at once."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from build_tools.model.edition import Edition
from build_tools.model.extract import TranscriptExtract
from build_tools.model.glossary import Entry
from build_tools.pages.dividing import TRANSCRIPTS, Group, Item, Listing, group_by_year, join_bodies
from build_tools.pages.markdown import NOT_SEARCHED, escape, in_language, link
from build_tools.text.wording import render_count, render_date

SPEAKERS = "transcripts/by-speaker.md"
# Who speaks in more transcripts than this has a page with all of them.
_HERE = 12


class _Role(NamedTuple):
    """What somebody says in a transcript."""

    edition: Edition
    turns: int


def list_speakers(
    transcripts: Iterable[TranscriptExtract], entries: Iterable[Entry]
) -> list[Listing]:
    """The list of all speakers, and one of each who speaks often."""
    by_term = {entry.term: entry for entry in entries}
    spoken: dict[str, list[_Role]] = {}
    for transcript in transcripts:
        for short, full in transcript.edition.speakers.items():
            if turns := transcript.turns.get(short):
                spoken.setdefault(full, []).append(_Role(transcript.edition, turns))
    items, often = [], []
    for slug, name in _name_addresses(spoken):
        roles = sorted(
            spoken[name], key=lambda role: (role.edition.date, role.edition.slug), reverse=True
        )
        items.append(_speaker_item(slug, name, roles, by_term.get(name)))
        if len(roles) > _HERE:
            often.append(_list_one(slug, name, roles))
    whole = Listing(
        SPEAKERS,
        "Speakers",
        items,
        unit=("speaker", "speakers"),
        counted="turn",
        render=_render_by_letter,
        above=(("Transcripts", "transcripts/index.md"),),
    )
    return [whole, *often]


def _name_addresses(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Names in order of the alphabet, each with the last part of its address."""
    taken: set[str] = set()
    for name in sorted(names, key=lambda name: (_fold(name), name)):
        slug = re.sub(r"[^a-z0-9]+", "-", _fold(name)).strip("-")
        if not slug or slug in taken:
            # Names in other letters, and two that differ in accents or capitals alone.
            slug = f"{slug}-{hashlib.sha256(name.encode()).hexdigest()[:8]}".lstrip("-")
        taken.add(slug)
        yield slug, name


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).strip()


def _speaker_item(slug: str, name: str, roles: Sequence[_Role], entry: Entry | None) -> Item:
    turns = sum(role.turns for role in roles)
    shown = link(escape(name), f"../{entry.path}") if entry else escape(name)
    facts = ", ".join((render_count(len(roles), *TRANSCRIPTS), render_count(turns, "turn")))
    if len(roles) > _HERE:
        said = f"{link(facts, f'by-speaker/{slug}.md')}\n"
    else:
        said = "".join(_render_role(role, "") for role in roles)
    body = f"### {shown} {{ #{slug} {NOT_SEARCHED} }}\n\n{said}\n"
    return Item(slug, name, facts, body.encode(), group_by_letter(name), count=turns)


def group_by_letter(name: str) -> Group:
    """The letter with which a name begins.

    >>> [group_by_letter(name).path for name in ("Émile", "שרה", "3M")]
    ['by-letter/e', 'by-letter/u05e9', 'by-letter/3']
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    first = next((sign for sign in plain if sign.isalnum()), "_")
    key = first if first.isascii() and first.isalnum() else f"u{ord(first):04x}"
    return Group(f"by-letter/{key}", first.upper(), f"letter-{key}")


def _render_role(role: _Role, up: str) -> str:
    edition = role.edition
    title = link(in_language(escape(edition.title), edition.lang), f"{up}{edition.slug}.md")
    facts = f"{render_date(edition.date)}, {render_count(role.turns, 'turn')}"
    return f'- {title} <small class="sic-count">{facts}</small>\n'


def _render_by_letter(items: Sequence[Item]) -> bytes:
    pieces = []
    for letter, own in groupby(items, key=lambda item: item.group):
        heading = f"## {letter.title} {{ #{letter.anchor} {NOT_SEARCHED} }}\n\n"
        pieces += [heading.encode(), join_bodies(own)]
    return b"".join(pieces)


def _list_one(slug: str, name: str, roles: Sequence[_Role]) -> Listing:
    """Every transcript in which somebody speaks."""
    path = f"{SPEAKERS.removesuffix('.md')}/{slug}.md"
    items = [
        Item(
            role.edition.slug,
            role.edition.title,
            render_date(role.edition.date),
            _render_role(role, "../").encode(),
            group_by_year(role.edition.date),
            role.edition.lang,
            role.turns,
            role.edition.path,
        )
        for role in roles
    ]
    above = (("Transcripts", "transcripts/index.md"), ("Speakers", SPEAKERS))
    return Listing(path, name, items, unit=TRANSCRIPTS, counted="turn", above=above)
