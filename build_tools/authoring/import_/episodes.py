"""The episodes of a podcast, from a table or from its feed, and the file of each."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from textwrap import shorten
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from build_tools.authoring.import_.intake import find_date
from build_tools.reading.front_matter import find_day
from build_tools.sources.captions.html import split_lines
from build_tools.sources.markup import local_name, parse_xml

# What the columns of tables are called, in small letters without signs.
_COLUMNS = {
    "file": "file filename transcript transcriptfile source",
    "title": "title episodetitle episode name",
    "number": "number episodenumber no nr ep episodeno",
    "date": "date day published publishdate pubdate released releasedate recorded",
    "guests": "guest guests speaker speakers",
    "description": "description summary subtitle",
    "recording": "audio audiourl recording url link mp3 enclosure",
    "podcast": "podcast show series",
}
_FIELD_OF = {name: field for field, names in _COLUMNS.items() for name in names.split()}
_MONTH = re.compile(r"^[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?$")
_DATED = re.compile(r"[0-9]{4} ?[0-9]{2} ?[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,6}")
_ADDRESS = re.compile(r"https://[^\s<>\"'()]+")
# A longer description is cut.
_LONGEST_DESCRIPTION = 300


class Episode(NamedTuple):
    """What a table or a feed says of an episode; `head` are further fields of its front matter.

    `files` are the names of files that belong to it, of its transcript or its recording.
    """

    title: str
    number: str
    date: str
    guests: tuple[str, ...]
    head: Mapping[str, str]
    files: tuple[str, ...]


def parse_table(text: str) -> tuple[Episode, ...]:
    """The episodes of a table, one a row, with the names of the columns in the first row."""
    first = text.partition("\n")[0]
    sign = max("\t;,", key=first.count)
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=sign)
    episodes = []
    for row in rows:
        fields: dict[str, str] = {}
        for name, value in row.items():
            field = _FIELD_OF.get(re.sub(r"[^a-z]", "", str(name).casefold()), "")
            if field and isinstance(value, str) and value.strip():
                fields.setdefault(field, " ".join(value.split()))
        if fields:
            episodes.append(_make(fields))
    return tuple(episodes)


def parse_feed(text: str) -> tuple[Episode, ...]:
    """The episodes of an RSS feed; raises UnreadableSourceError for a file that is no XML."""
    root = parse_xml(text)
    show = _text(next(root.iter("channel"), root), "title")
    return tuple(_make({"podcast": show, **_read_item(item)}) for item in root.iter("item"))


def _read_item(item: Element) -> dict[str, str]:
    named = [(local_name(child.tag), child) for child in item]
    guests = [one for name, one in named if name == "person" and one.get("role") == "guest"]
    urls = {name: child.get("url", "") for name, child in named}
    return {
        "title": _text(item, "title"),
        "number": _text(item, "episode"),
        "date": _text(item, "pubDate"),
        "description": _text(item, "subtitle", "description", "summary"),
        "guests": ",".join(" ".join((guest.text or "").split()) for guest in guests),
        "recording": urls.get("enclosure", ""),
        "file": urls.get("transcript", ""),
    }


def _text(element: Element, *names: str) -> str:
    """The text of the first child with one of these names, without tags."""
    texts = {local_name(child.tag): child.text for child in reversed(element) if child.text}
    found = next((texts[name] for name in names if texts.get(name, "").strip()), "")
    return " ".join(cue.text for cue in split_lines(found).cues)


def _make(fields: Mapping[str, str]) -> Episode:
    told: dict[str, str] = defaultdict(str, fields)
    number, recording = told["number"], told["recording"]
    description = " ".join(told["description"].split())
    short = shorten(description, _LONGEST_DESCRIPTION, placeholder="…")
    head = {
        "podcast": told["podcast"],
        "episode": number.lstrip("0") if told["podcast"] and _NUMBER.fullmatch(number) else "",
        "description": short,
        "show_notes": description if description != short else "",
        "recording": recording if _ADDRESS.fullmatch(recording) else "",
    }
    date, files = told["date"].strip(), filter(None, (told["file"], recording))
    return Episode(
        told["title"],
        number,
        find_day(date) or find_date(date) or "".join(_MONTH.findall(date)),
        tuple(name.strip() for name in re.split(r"[,;]", told["guests"])),
        {name: value for name, value in head.items() if value},
        tuple(PurePath(unquote(urlsplit(name).path)).name for name in files),
    )


def match_files(
    names: Iterable[str], episodes: Sequence[Episode]
) -> Iterator[tuple[str, Episode | None]]:
    """Each file with the only episode that it belongs to, or None.

    The episode names the file, or the recording with the same name; else the title or the number of
    the episode stands in the file's name.
    """
    for name in names:
        stem = _plain(PurePath(name).stem)
        numbers = set(re.findall(r"(?<![0-9])0*([0-9]{1,4})(?![0-9])", _DATED.sub(" ", stem)))
        found = (
            [one for one in episodes if name in one.files]
            or [one for one in episodes if stem in (_plain(PurePath(f).stem) for f in one.files)]
            or [one for one in episodes if one.title and _plain(one.title) in stem]
            or [one for one in episodes if one.number.lstrip("0") in numbers and one.number]
        )
        yield name, found[0] if len(found) == 1 else None


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()
