"""The header of a TEI file: title, source, editorial practice, speakers and revisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from xml.etree import ElementTree as ET

from build_tools.exports.markup import block, element
from build_tools.model.edition import Edition, Kind
from build_tools.model.glossary import Entry
from build_tools.model.transcript import Transcript
from build_tools.text.urls import escape_target

EDITORS = "#editors"

# The editors' practice, by the parts of TEI's editorial declaration.
_EDITORIAL_PRACTICE = {
    "correction": (
        "What the speech recogniser misheard is corrected, and nothing else. In a choice, sic has "
        "what it wrote and corr what was said; surplus has words that nobody said, supplied words "
        "that it left out. Each is explained by a note that points to it. The certainty is high, "
        "or medium where the correction is a conjecture. Words in doubt stand unchanged in "
        "unclear, with low certainty, and a note asks what was said. What a speaker misspoke "
        "stays as it was spoken; a note may say what was meant."
    ),
    "normalization": (
        "None. Spellings, word forms, contractions, and numbers in digits or in words are those "
        "of the recogniser, unless they are marked as corrected."
    ),
    "hyphenation": (
        "A hyphen parts two words when words are compared, and is the editors' own. None stands "
        "for the end of a line."
    ),
    "segmentation": (
        "A div is a chapter, a u what one speaker says until another does, a seg a paragraph of "
        "it. All of them, their headings and the names of the speakers are the editors' own. An "
        "anchor of type cue, tied to the timeline, or an lb where there is no time, stands where "
        "a line of the source begins; n is the number of that line. A gap stands for lines of the "
        "source that are no speech."
    ),
    "punctuation": (
        "Punctuation, quotation marks, and upper and lower case are the editors' own and carry no "
        "mark."
    ),
}
_READINGS = (
    "Leave out corr, supplied and every note, and the utterances have the words of the source, "
    "each and in order, as the build of this edition has proved. Leave out sic, surplus and every "
    "note, and they have the corrected words. A character that XML cannot hold, such as a control "
    "character, stands as a blank; none is part of a word."
)


def make_header(transcript: Transcript, named: Mapping[str, Entry]) -> ET.Element:
    """The element `teiHeader`; `named` are the entries that the transcript names, by slug."""
    edition = transcript.edition
    return block(
        "teiHeader",
        {},
        block("fileDesc", {}, _title(edition), _publication(), _source(transcript)),
        block("encodingDesc", {}, _practice(), _kinds()),
        block("profileDesc", {}, *_profile(edition, named)),
        *_revisions(edition),
    )


def _title(edition: Edition) -> ET.Element:
    editors = block(
        "respStmt",
        {"xml:id": EDITORS[1:]},
        element("resp", {}, "corrections, notes, turns, chapters and punctuation"),
        element("name", {}, "The editors of this transcript"),
    )
    return block(
        "titleStmt", {}, element("title", {"xml:lang": edition.lang}, edition.title), editors
    )


def _publication() -> ET.Element:
    page = element("ref", {"target": "./"}, "the page of this edition")
    rest = ", whose editorial policy says how it may be used."
    return block("publicationStmt", {}, element("p", {}, "Made together with ", page, rest))


def _source(transcript: Transcript) -> ET.Element:
    edition, source = transcript.edition, transcript.source
    blocks = []
    if edition.recording:
        target = {"target": escape_target(edition.recording)}
        recording = element("p", {}, element("ref", target, "The recording"))
        blocks.append(block("recordingStmt", {}, block("recording", {}, recording)))
    file = {"target": escape_target(f"../../sources/{edition.source.file}")}
    words = str(len(source.words))
    measure = element("measure", {"unit": "words", "quantity": words}, f"{words} words")
    note = [element("note", {}, edition.source.note)] if edition.source.note else []
    written = block(
        "bibl",
        {},
        element("title", {}, "What the speech recogniser wrote"),
        element("ref", file, edition.source.file),
        element("idno", {"type": "sha256"}, source.sha256),
        element("extent", {}, measure),
        *note,
    )
    return block("sourceDesc", {}, *blocks, written)


def _practice() -> ET.Element:
    parts = (
        block(part, {}, element("p", {}, practice))
        for part, practice in _EDITORIAL_PRACTICE.items()
    )
    return block("editorialDecl", {}, *parts, element("p", {}, _READINGS))


def _kinds() -> ET.Element:
    categories = (
        block("category", {"xml:id": f"kind-{kind.value}"}, element("catDesc", {}, kind.meaning))
        for kind in Kind
        if kind.is_correction
    )
    return block("classDecl", {}, block("taxonomy", {"xml:id": "kinds"}, *categories))


def _profile(edition: Edition, named: Mapping[str, Entry]) -> Iterator[ET.Element]:
    yield block("langUsage", {}, element("language", {"ident": edition.lang}, edition.lang))
    if edition.speakers:
        entry_of = {entry.term: entry for entry in named.values()}
        people = (
            _speaker(number, short, name, entry_of.get(name))
            for number, (short, name) in enumerate(edition.speakers.items(), 1)
        )
        yield block("particDesc", {}, block("listPerson", {}, *people))
    event = [element("name", {"type": "event"}, edition.event)] if edition.event else []
    date = element("date", {"when": edition.date}, edition.date)
    yield block("settingDesc", {}, block("setting", {}, *event, date))
    if edition.description:
        yield block("abstract", {}, element("p", {}, edition.description))


def _speaker(number: int, short: str, name: str, entry: Entry | None) -> ET.Element:
    attributes = {
        "xml:id": f"speaker-{number}",
        "sameAs": f"#entry-{entry.slug}" if entry else "",
    }
    names = [element("persName", {}, name)]
    if short != name:
        names.append(element("persName", {"type": "short"}, short))
    return block("person", attributes, *names)


def _revisions(edition: Edition) -> Iterator[ET.Element]:
    changes = [
        (edition.published, "published"),
        (edition.updated, "last changed in substance"),
        *(
            (
                review.date,
                f"{_lines(review.line_numbers)} read against the recording by {review.by}",
            )
            for review in edition.reviewed
        ),
    ]
    rows = [element("change", {"when": day}, change) for day, change in changes if day]
    if rows:
        yield block("revisionDesc", {}, *rows)


def find_ranges(lines: Iterable[int]) -> list[range]:
    """Numbers as ranges, in order."""
    ranges: list[range] = []
    for line in sorted(lines):
        if ranges and ranges[-1].stop == line:
            ranges[-1] = range(ranges[-1].start, line + 1)
        else:
            ranges.append(range(line, line + 1))
    return ranges


def render_range(lines: range) -> str:
    """The first and the last number of a range, or its only one."""
    return str(lines[0]) if len(lines) == 1 else f"{lines[0]}–{lines[-1]}"


def _lines(lines: Iterable[int]) -> str:
    return "lines " + ", ".join(map(render_range, find_ranges(lines)))
