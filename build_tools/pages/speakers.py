"""The list of all speakers with their transcripts, for a collection of more than one page."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from build_tools.model.edition import Edition
from build_tools.model.extract import TranscriptExtract
from build_tools.model.glossary import Entry
from build_tools.pages.markdown import NOT_SEARCHED, escape, in_language, link
from build_tools.pages.pagination import (
    TRANSCRIPTS,
    Group,
    Item,
    Listing,
    group_by_year,
    render_groups,
)
from build_tools.text.wording import render_count, render_date

SPEAKERS = "transcripts/by-speaker.md"
# A speaker in more transcripts than this has a page of their own.
_MOST_ON_LIST = 12


class _Appearance(NamedTuple):
    """A transcript of a speaker, and the number of their turns in it."""

    edition: Edition
    turns: int


def speaker_listings(
    transcripts: Iterable[TranscriptExtract], entries: Iterable[Entry]
) -> list[Listing]:
    """The list of all speakers, and the lists of those in many transcripts."""
    by_term = {entry.term: entry for entry in entries}
    spoken: dict[str, list[_Appearance]] = {}
    for transcript in transcripts:
        for short, full in transcript.edition.speakers.items():
            if turns := transcript.turns.get(short):
                spoken.setdefault(full, []).append(_Appearance(transcript.edition, turns))
    items, often = [], []
    for slug, name in _name_addresses(spoken):
        appearances = sorted(
            spoken[name], key=lambda one: (one.edition.date, one.edition.slug), reverse=True
        )
        items.append(_speaker_item(slug, name, appearances, by_term.get(name)))
        if len(appearances) > _MOST_ON_LIST:
            often.append(_one_speaker_listing(slug, name, appearances))
    whole = Listing(
        SPEAKERS,
        "Speakers",
        items,
        unit=("speaker", "speakers"),
        counted="turn",
        render=render_groups,
        above=(("Transcripts", "transcripts/index.md"),),
    )
    return [whole, *often]


def _name_addresses(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Names in order of the alphabet, each with its slug; no two slugs are the same."""
    taken: set[str] = set()
    for name in sorted(names, key=lambda name: (_fold_name(name), name)):
        slug = re.sub(r"[^a-z0-9]+", "-", _fold_name(name)).strip("-")
        if not slug or slug in taken:
            # Names in other letters, and names that differ only in accents or capitals.
            slug = f"{slug}-{hashlib.sha256(name.encode()).hexdigest()[:8]}".lstrip("-")
        taken.add(slug)
        yield slug, name


def _fold_name(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).strip()


def _speaker_item(
    slug: str, name: str, appearances: Sequence[_Appearance], entry: Entry | None
) -> Item:
    turns = sum(one.turns for one in appearances)
    shown = link(escape(name), f"../{entry.path}") if entry else escape(name)
    facts = ", ".join((render_count(len(appearances), *TRANSCRIPTS), render_count(turns, "turn")))
    if len(appearances) > _MOST_ON_LIST:
        said = f"{link(facts, f'by-speaker/{slug}.md')}\n"
    else:
        said = "".join(_render_appearance(one) for one in appearances)
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


def _render_appearance(appearance: _Appearance, up: str = "") -> str:
    edition, turns = appearance
    title = link(in_language(escape(edition.title), edition.lang), f"{up}{edition.slug}.md")
    facts = f"{render_date(edition.date)}, {render_count(turns, 'turn')}"
    return f'- {title} <small class="sic-count">{facts}</small>\n'


def _one_speaker_listing(slug: str, name: str, appearances: Sequence[_Appearance]) -> Listing:
    """All transcripts of one speaker."""
    path = f"{SPEAKERS.removesuffix('.md')}/{slug}.md"
    items = [
        Item(
            one.edition.slug,
            one.edition.title,
            render_date(one.edition.date),
            _render_appearance(one, "../").encode(),
            group_by_year(one.edition.date),
            one.edition.lang,
            one.turns,
            one.edition.path,
        )
        for one in appearances
    ]
    above = (("Transcripts", "transcripts/index.md"), ("Speakers", SPEAKERS))
    return Listing(path, name, items, unit=TRANSCRIPTS, counted="turn", above=above)
