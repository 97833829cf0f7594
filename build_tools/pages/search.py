"""What searches read: pages and speech as scripts for the search dialog, records for Pagefind."""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape, unescape
from itertools import groupby

from build_tools.model.edition import Mark
from build_tools.model.glossary import KINDS, Entry
from build_tools.model.text import Text
from build_tools.model.transcript import Passage, Piece
from build_tools.reading.front_matter import parse_head
from build_tools.text.catalogue import tr
from build_tools.text.wording import plain_text
from build_tools.transcript.layout import Layout

# The scripts that the search dialog loads, below the site's top: what people write, what was said.
# Browsers refuse requests from pages opened as files, so each index is a script.
PAGES, SPEECH = "search/pages.js", "search/speech.js"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_FENCE = re.compile(r" *(?:```|~~~)")
_HEADING = re.compile(r"(#{1,6}) +(?P<title>.+)")
_ID = re.compile(r"\{[^{}]*#(?P<id>[\w-]+)[^{}]*\}")
# What opens a line: quotations, the rule of a table, signs of lists.
_OPENING = re.compile(r"^ *(?:>.*|///.*|[|: -]+$|[-+*] |[0-9]{1,9}\. )")
_UNSEEN = r"\[\^[^\[\]]*\]:?|\{ ?[:.#][^{}]*\}|<[/!a-zA-Z][^<>]*>"
# Links, then notes, attributes and tags outside code, then other signs.
_MARKUP = (
    (re.compile(r"!?\[(?P<words>[^\[\]]*)\]\([^()]*\)"), r"\g<words>"),
    (re.compile(rf"(?P<words>`[^`]*`)|{_UNSEEN}"), r"\g<words>"),
    (re.compile(r"[|*`]|\\(?=[^\w\s])"), " "),
)
# Pagefind: a record for each passage would make the list of records, which every reader fetches,
# the greater part of a query; a record for each transcript would join words that are an hour apart.
# So a record is the speech of one speaker in a chapter, and in further chapters while it is short:
# words from which on it ends with its chapter.
_LONG_ENOUGH = 500


def list_passages(layout: Layout) -> Iterator[Passage]:
    """Yield all paragraphs in order, each with the address of its first word.

    A paragraph in which no word was heard has the address of the word that follows.
    """
    edition = layout.transcript.edition
    unseen = {note.label: note for note in edition.footnotes}
    named = defaultdict[int, dict[str, None]](dict)
    for mention in layout.findings.mentions:
        named[mention.paragraph][mention.entry] = None
    for number, paragraph in enumerate(layout.paragraphs):
        if not paragraph.cue:
            continue
        spans = [placed.span for placed in paragraph.place.spans]
        chapter = edition.chapters[paragraph.place.chapter]
        labels = [*paragraph.place.notes, *(label for span in spans for label in span.notes)]
        pieces = (Piece(one.said, one.heard * (one.mark is Mark.CHANGE)) for one in spans)
        yield Passage(
            transcript=edition.slug,
            title=edition.title,
            date=edition.date,
            chapter=chapter.title,
            summary=chapter.summary if paragraph.opens_chapter else (),
            speaker=paragraph.place.speaker,
            address=paragraph.address,
            pieces=tuple(pieces),
            footnotes=tuple(unseen.pop(label) for label in labels if label in unseen),
            questions=tuple(span.question for span in spans if span.mark is Mark.DOUBT),
            entries=tuple(named.get(number, ())),
        )


def render_speech(passages: Sequence[Passage]) -> bytes:
    """A transcript: slug, title, date, speakers, chapters, passages; b"" if it has no passage.

    A passage has an address, the numbers of its speaker and its chapter, its words, the editor's
    notes and the slugs of the entries that it names; what is empty at its end is left out.
    """
    if not passages:
        return b""
    first = passages[0]
    speakers = list(dict.fromkeys(one.speaker for one in passages))
    chapters: dict[str, str] = {}
    rows = []
    for one in passages:
        chapters.setdefault(one.chapter, plain_text(one.summary))
        row = [one.address, speakers.index(one.speaker), list(chapters).index(one.chapter)]
        row += [_mark_heard(one.pieces), list(_list_notes(one)), list(one.entries)]
        while len(row) > 4 and not row[-1]:
            row.pop()
        rows.append(row)
    texts = [[join_printable(text) for text in chapter] for chapter in chapters.items()]
    names = [join_printable(name) for name in speakers]
    title = join_printable(first.title)
    return _to_json([first.transcript, title, first.date, names, texts, rows])


def _mark_heard(pieces: Iterable[Piece]) -> str:
    """The words as said; behind them, between signs that no printable text has, those heard."""
    marked = ""
    for piece in pieces:
        heard = join_printable(piece.heard)
        marked += _CONTROL.sub(" ", piece.said) + (f"\x91{heard}\x92" if heard else "")
    return " ".join(marked.split())


def join_speech(transcripts: Iterable[bytes]) -> bytes:
    """The script of what was said in all transcripts."""
    return b"sicIndex('speech',[%s])\n" % b",\n".join(filter(None, transcripts))


def render_pages(
    entries: Iterable[Entry], times: Mapping[str, int], pages: Mapping[str, bytes]
) -> bytes:
    """The script of entries, with how often each is said, and of the sections of pages."""
    rows = []
    for entry in entries:
        body = join_printable(" ".join(plain_text(paragraph.spans) for paragraph in entry.body))
        said = times.get(entry.slug, 0)
        names = (entry.term, list(entry.also), entry.short)
        rows.append([entry.slug, tr(KINDS[entry.kind]), *names, body, said])
    found = [
        [path.removesuffix(".md"), _split_sections(path, content.decode(errors="replace"))]
        for path, content in pages.items()
    ]
    return b"sicIndex('pages',%s)\n" % _to_json({"entries": rows, "pages": found})


def _to_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _split_sections(path: str, content: str) -> list[tuple[str, str, str]]:
    """The sections of a page: the anchor of each, its heading and its text, without markup."""
    head = parse_head(Text(path, content))
    sections: list[tuple[str, str, list[str]]] = [("", str(head.values.get("title", "")), [])]
    taken: dict[str, int] = {}
    fenced = False
    for line in content[head.body :].splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and (heading := _HEADING.match(line)):
            title, given = _strip_markup(heading["title"]), _ID.search(line)
            anchor = given["id"] if given else _slugify(title, taken)
            if heading[1] == "#":
                sections[0] = ("", title, sections[0][2])
            else:
                sections.append((anchor, title, []))
        elif not fenced and line:
            sections[-1][2].append(_strip_markup(_OPENING.sub("", line)))
    joined = ((anchor, title, join_printable(" ".join(text))) for anchor, title, text in sections)
    return [section for section in joined if section[1] or section[2]]


def _strip_markup(line: str) -> str:
    for pattern, plain in _MARKUP:
        line = pattern.sub(plain, line)
    return join_printable(unescape(line))


def _slugify(title: str, taken: dict[str, int]) -> str:
    """The id that Python-Markdown gives a heading."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    slug = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())
    taken[slug] = taken.get(slug, -1) + 1
    return slug if slug and not taken[slug] else f"{slug}_{taken[slug] or 1}"


def _list_notes(passage: Passage) -> Iterator[str]:
    for kind, reason in ((note.kind, plain_text(note.reason)) for note in passage.footnotes):
        label = tr(kind.label)
        if kind.is_correction:
            label = tr("Correction, {kind}", kind=tr(kind.label.lower()))
        yield join_printable(f"{label}: {reason}")
    doubt = tr("Doubt")
    yield from (join_printable(f"{doubt}: {question}") for question in passage.questions)


def join_printable(text: str) -> str:
    """A text on one line, without characters that no page can show."""
    return " ".join(_CONTROL.sub(" ", text).split())


def group_passages(passages: Iterable[Passage]) -> Iterator[tuple[Passage, ...]]:
    """The records of all transcripts; passages of one transcript must come one after another."""
    for _, of_transcript in groupby(passages, key=lambda passage: passage.transcript):
        growing = defaultdict[str, list[Passage]](list)
        for passage in of_transcript:
            own = growing[passage.speaker]
            chapter_ends = own and own[-1].chapter != passage.chapter
            if chapter_ends and sum(len(one.said.split()) for one in own) >= _LONG_ENOUGH:
                yield tuple(own)
                own.clear()
            own.append(passage)
        yield from map(tuple, growing.values())


def render_record(record: Sequence[Passage]) -> str:
    """The page of a record: its passages, each after an anchor, and the values of its filters."""
    first, chapters = record[0], []
    for _, in_chapter in groupby(record, key=lambda passage: passage.chapter):
        opening = next(in_chapter)
        title = join_printable(opening.chapter).replace("¶", "")
        chapters.append(f"{opening.address} {title}".strip())
    head = _attribute("meta", "chapters", " ¶ ".join(chapters))
    head += _attribute("meta", "year", first.date[:4])
    for name, value in (("speaker", first.speaker), ("transcript", first.title)):
        if shown := join_printable(value):
            head += _attribute("filter", name, shown)
    said = "".join(f'<span id="{one.address}"></span>{_render_text(one)} ' for one in record)
    return f"<!doctype html><html><body>{head}<div>{said}</div></body></html>"


def _render_text(passage: Passage) -> str:
    """The text of a passage as HTML: its words, as said and heard, and the editor's notes."""
    said = "".join(
        f"{one.said} ({tr('heard: {words}', words=one.heard)})".lstrip() if one.heard else one.said
        for one in passage.pieces
    )
    blocks = [join_printable(said), *_list_notes(passage)]
    if passage.summary:
        blocks.append(tr("In brief: {summary}", summary=plain_text(passage.summary)))
    # In a text with a zero-width space, Pagefind ends words at nothing else.
    return escape(" ".join(blocks).replace("\u200b", ""))


def _attribute(kind: str, name: str, value: str) -> str:
    # A separate attribute, so that Pagefind interprets no character of the value.
    return f'<i data-pagefind-{kind}="{name}[data-is]" data-is="{escape(value)}"></i>'
