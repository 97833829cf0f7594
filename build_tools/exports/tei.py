"""An edition as TEI P5: one file that holds both readings, and says who vouches for each."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby, repeat
from operator import attrgetter

from build_tools.model.edition import BASE, Edition, Footnote, Kind, Mark, NonSpeech, Span
from build_tools.model.front_matter import expand_ranges
from build_tools.model.glossary import Entry
from build_tools.model.site import SITE_LANGUAGE
from build_tools.model.source import Cue, Source
from build_tools.model.transcript import Transcript, Turn
from build_tools.text.catalogue import writing_in
from build_tools.text.urls import escape_target, resolve_identifier
from build_tools.text.xml import Xml, block, element, escape, indent, join
from build_tools.transcript.layout import LaidOutParagraph, Layout, Note, Run, join_runs
from build_tools.transcript.statements import state_version

# XML 1.0 cannot hold these characters. None is part of a word, so a blank in its place keeps the
# words on both sides apart; U+FFFD in its place would be a word of its own.
_NOT_IN_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Stands for the end of a line in words as heard until all blocks are indented.
_LINE_END = "\x1e"
# The element of a name, by the kind of its entry.
_NAMES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "concept": ("term", {}),
    "person": ("persName", {}),
    "organisation": ("orgName", {}),
    "model": ("name", {"type": "model"}),
    "work": ("title", {}),
    "event": ("name", {"type": "event"}),
}
# The element of what is no speech; none has content, which would be a word of the utterance.
_NON_SPEECH: Mapping[NonSpeech, tuple[str, Mapping[str, str]]] = {
    NonSpeech.LAUGHTER: ("vocal", {"type": "laughter"}),
    NonSpeech.APPLAUSE: ("incident", {"type": "applause"}),
    NonSpeech.PAUSE: ("pause", {}),
    NonSpeech.CROSSTALK: ("vocal", {"type": "crosstalk"}),
    NonSpeech.INAUDIBLE: ("gap", {"reason": "inaudible"}),
}
EDITORS = "#editors"
# The editors' practice, by the parts of TEI's editorial declaration.
_EDITORIAL_PRACTICE = {
    "correction": (
        "Only what the recogniser misheard is corrected. sic has what it wrote, corr what was "
        "said; surplus has words that nobody said, supplied words that it left out; a note says "
        "why. Certainty is medium for a conjecture; evidence says why. Words in doubt stand "
        "unchanged in unclear."
    ),
    "normalization": "None: spellings, forms and numbers not marked are the recogniser's.",
    "hyphenation": "A hyphen parts two words. None stands for the end of a line.",
    "segmentation": (
        "A div is a chapter, a u a turn, a seg a paragraph; they, headings and speakers' names "
        "are the editors'. An anchor of type cue, or an lb where there is no time, stands where "
        "line n of the source begins. A gap is lines of the source that are no speech."
    ),
    "punctuation": "Punctuation and capitals are the editors' and carry no mark.",
}
_READINGS = (
    "Without corr, supplied and every note, the utterances have the words of the source; without "
    "sic, surplus and every note, the corrected words. A character that XML cannot hold is a blank."
)


def render_tei(layout: Layout, entries: Mapping[str, Entry]) -> str:
    """`transcripts/<slug>/<slug>.tei.xml`, with those of `entries`, by slug, that it names."""
    transcript = layout.transcript
    names = set(transcript.edition.speakers.values())
    mentioned = {mention.entry for mention in layout.findings.mentions}
    found = (one for one in sorted(entries.items()) if one[0] in mentioned or one[1].term in names)
    named = dict(found)
    writer = _TextWriter(layout, named)
    text = writer.write_text()
    apart = [*_timeline(transcript.source), *writer.write_notes()]
    apart += [*_list_entries(named.values()), *_list_apparatus(transcript)]
    with writing_in(SITE_LANGUAGE):
        header = make_header(transcript, named)
    language = {"xmlns": "http://www.tei-c.org/ns/1.0", "xml:lang": SITE_LANGUAGE}
    root = block("TEI", language, header, text, *block_of("standOff", {}, *apart))
    written = indent(root).replace(_LINE_END, "\n")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'


def _resolve(target: str, slug: str) -> str:
    """A link that an edition has, as it leads on from the edition's TEI file."""
    if target.startswith(("https://", "#")):
        return escape_target(target)
    path, sign, address = target.partition("#")
    page = posixpath.join("transcripts", path)
    folder = posixpath.relpath(page.removesuffix(".md"), f"transcripts/{slug}")
    return escape_target(folder + ("/" if page.endswith(".md") else "") + sign + address)


class _TextWriter:
    """Writes the speech from first to last, and numbers marks and notes on the way."""

    def __init__(self, layout: Layout, named: Mapping[str, Entry]) -> None:
        self.layout, self.named = layout, named
        self.edition, self.source = layout.transcript.edition, layout.transcript.source
        numbered = enumerate(self.edition.speakers, 1)
        self.speakers = {short: f"#speaker-{number}" for number, short in numbered}
        # The lines that are no speech, as runs of numbers, the last first.
        numbers = enumerate(sorted(expand_ranges(self.edition.source.furniture)))
        runs = groupby(numbers, key=lambda pair: pair[1] - pair[0])
        self.gaps = [[line for _, line in run] for _, run in runs][::-1]
        self.marks = 0
        # The marks that each footnote explains, or that a doubt asks about.
        self.targets: dict[Footnote | Note, list[str]] = {}

    def write_text(self) -> Xml:
        """The introduction, and the speech by chapters, utterances and paragraphs."""
        spans = (paragraph.spans for paragraph in self.edition.introduction)
        paragraphs = (element("p", {}, *self._prose(one)) for one in spans)
        front = block_of("front", {}, *block_of("div", {"type": "introduction"}, *paragraphs))
        turns = groupby(self.layout.transcript.turns, key=attrgetter("chapter"))
        by_chapter = {number: list(group) for number, group in turns}
        chapters = []
        for number, chapter in enumerate(self.edition.chapters):
            blocks = [element("head", {}, chapter.title)] if chapter.title else []
            if summary := chapter.summary:
                blocks.append(block("argument", {}, element("p", {}, *self._prose(summary))))
            blocks += map(self._turn, by_chapter.get(number, ()))
            chapters.append(block("div", {"type": "chapter", "n": str(number + 1)}, *blocks))
        return block("text", {}, *front, block("body", {"xml:lang": self.edition.lang}, *chapters))

    def _turn(self, turn: Turn) -> Xml:
        first = self.source.cue_at(turn.first_word)
        last = self.source.cue_at(max(turn.first_word, turn.end_word - 1))
        attributes = {"who": self.speakers.get(turn.speaker, "")}
        attributes["start"] = "" if first.start is None else f"#when-{first.address}"
        attributes["end"] = "" if last.end is None else f"#when-{last.address}-end"
        opening = self.layout.paragraphs[turn.paragraphs.start]
        if opening.notes:
            attributes |= {"xml:id": self._name_mark(opening.notes), "ana": "#kind-speaker"}
        paragraphs = [self._paragraph(self.layout.paragraphs[one]) for one in turn.paragraphs]
        behind = self._gaps_before(None) if turn is self.layout.transcript.turns[-1] else ()
        return block("u", attributes, *paragraphs, *behind)

    def _paragraph(self, paragraph: LaidOutParagraph) -> Xml:
        pieces: list[Xml] = []
        for mention, group in groupby(join_runs(paragraph.runs), key=attrgetter("mention")):
            if not mention:
                pieces += self._write_runs(group)
                continue
            entry = self.named[mention.entry]
            tag, attributes = _NAMES[entry.kind]
            words = self._write_runs(group, in_title=tag == "title")
            pieces.append(element(tag, {**attributes, "ref": f"#entry-{entry.slug}"}, *words))
        return element("seg", {"type": "paragraph"}, *pieces)

    def _write_runs(self, runs: Iterable[Run], *, in_title: bool = False) -> Iterator[Xml]:
        """Runs as XML: those of one link in a `ref`, those of one title in a `title`."""
        for target, linked in groupby(runs, key=attrgetter("span.target")):
            pieces: list[Xml] = []
            for emphasis, group in groupby(linked, key=attrgetter("span.emphasis")):
                words = map(self._write_run, group)
                pieces += [element("title", {}, *words)] if emphasis and not in_title else words
            yield from [self._refer(target, *pieces)] if target else pieces

    def _prose(self, spans: Iterable[Span]) -> Iterator[str]:
        for span in spans:
            words = element("title", {}, span.said) if span.emphasis else span.said
            yield self._refer(span.target, words) if span.target else words

    def _refer(self, target: str, *inside: str) -> Xml:
        return element("ref", {"target": _resolve(target, self.edition.slug)}, *inside)

    def _heard(self, run: Run) -> Xml:
        """The words of a run as heard, and the beginnings of cues among them."""
        words, start = _NOT_IN_XML.sub(" ", run.heard), run.heard_start
        pieces: list[Xml] = []
        for placed in run.cues:
            before, words = words[: placed.heard - start], words[placed.heard - start :]
            cue, start = placed.cue, placed.heard
            attributes = {"xml:id": cue.address, "n": str(cue.line)}
            begins = element("lb", attributes)
            if cue.start is not None:
                timed = {"type": "cue", "synch": f"#when-{cue.address}"}
                begins = element("anchor", attributes | timed)
            pieces += [escape(before), *self._gaps_before(cue), begins]
        return Xml(join((*pieces, escape(words))).replace("\n", _LINE_END))

    def _gaps_before(self, cue: Cue | None) -> Iterator[Xml]:
        """The lines that are no speech before a cue, or all that are left."""
        while self.gaps and (cue is None or self.gaps[-1][0] < cue.line):
            lines = self.gaps.pop()
            shown = str(lines[0]) if len(lines) == 1 else f"{lines[0]}–{lines[-1]}"
            count = {"quantity": str(len(lines)), "n": shown}
            yield element("gap", {"reason": "editorial", "unit": "line"} | count)

    def _write_run(self, run: Run) -> Xml:
        if run.span.mark is Mark.PLAIN:
            return self._heard(run)
        if kind := run.span.non_speech:
            return element(*_NON_SPEECH[kind])
        mark = {"xml:id": self._name_mark(run.notes)}
        if run.span.mark is Mark.NOTE:
            return element("anchor", mark | {"type": "note"})
        if run.span.mark is Mark.DOUBT:
            return element("unclear", mark | {"cert": "low", "resp": EDITORS}, self._heard(run))
        vouched = {"cert": "medium" if run.conjecture else "high", "resp": EDITORS}
        if reason := run.placed.reason:
            mark["ana"] = f"#kind-{reason.kind}"
            vouched["evidence"] = reason.evidence or ""
        heard = self._heard(run)
        if run.said and run.heard:
            corrected = element("corr", vouched, run.said)
            return element("choice", mark, element("sic", {}, heard), corrected)
        return element("supplied" if run.said else "surplus", mark | vouched, run.said, heard)

    def _name_mark(self, notes: Iterable[Note]) -> str:
        self.marks += 1
        for note in notes:
            self.targets.setdefault(note.footnote or note, []).append(f"#mark-{self.marks}")
        return f"mark-{self.marks}"

    def write_notes(self) -> Iterator[Xml]:
        """The footnotes that the text has called, and then its open questions."""
        notes = sorted(self.targets.items(), key=lambda item: isinstance(item[0], Note))
        for number, (note, marks) in enumerate(notes, 1):
            kind, told = {"type": "doubt"}, iter([note.question] if isinstance(note, Note) else [])
            if isinstance(note, Footnote):
                kind = {"type": note.kind.value, "subtype": "conjecture" * note.conjecture}
                told = self._prose(note.reason)
            pointer = {"target": " ".join(marks), "resp": EDITORS}
            yield element("note", {"xml:id": f"note-{number}"} | kind | pointer, *told)


def _timeline(source: Source) -> Iterator[Xml]:
    """When each cue begins, and ends where its source says so, counted from the beginning."""
    moments = [element("when", {"xml:id": "when-origin"})]
    for cue in source.first_words().values():
        for end, time in (("", cue.start), ("-end", cue.end)):
            if time is not None:
                name = {"xml:id": f"when-{cue.address}{end}", "since": "#when-origin"}
                moments.append(element("when", name | {"interval": f"{time / 1000:.12g}"}))
    if moments[1:]:
        yield block("timeline", {"unit": "s", "origin": "#when-origin"}, *moments)


def _list_entries(entries: Iterable[Entry]) -> list[Xml]:
    listed = []
    for entry in entries:
        term, note = element(*_NAMES[entry.kind], entry.term), element("note", {}, entry.short)
        page = element("ptr", {"target": f"../../{entry.path.removesuffix('.md')}/"})
        listed.append(block("item", {"xml:id": f"entry-{entry.slug}"}, term, note, page))
    return block_of("list", {"type": "glossary"}, *listed)


def _list_apparatus(transcript: Transcript) -> list[Xml]:
    """Where witnesses differ: the source's reading, and the others."""
    source, listed = transcript.source, []
    for first, _, readings in transcript.apparatus:
        place = {"from": f"#{source.cue_at(first).address}", "loc": source.address_at(first)}
        tags, written = chain(["lem"], repeat("rdg")), list[Xml]()
        for letters, text in readings:
            witnesses = {"wit": f"#{' #'.join(letters)}"}
            written.append(element(next(tags), witnesses, _NOT_IN_XML.sub(" ", text)))
        listed.append(block("app", place, *written))
    return block_of("listApp", {}, *listed)


def make_header(transcript: Transcript, named: Mapping[str, Entry]) -> Xml:
    """The element `teiHeader`; `named` are the entries that the transcript names, by slug."""
    edition = transcript.edition
    told = _EDITORIAL_PRACTICE.items()
    practice = (block(part, {}, element("p", {}, rule)) for part, rule in told)
    kinds = (
        block("category", {"xml:id": f"kind-{kind.value}"}, element("catDesc", {}, kind.meaning))
        for kind in Kind
        if kind.is_correction
    )
    # How the apparatus is bound to the text; loc is the address of a word on the page.
    bound = element("variantEncoding", {"method": "location-referenced", "location": "external"})
    encoding = (
        block("editorialDecl", {}, *practice, element("p", {}, _READINGS)),
        block("classDecl", {}, block("taxonomy", {"xml:id": "kinds"}, *kinds)),
        *([bound] if edition.witnesses else []),
    )
    parts = (
        block("fileDesc", {}, *_title(edition), _source(transcript)),
        block("encodingDesc", {}, *encoding),
        block("profileDesc", {}, *_profile(edition, named)),
        *block_of("revisionDesc", {}, *_revisions(edition)),
    )
    return block("teiHeader", {}, *parts)


def block_of(tag: str, attributes: Mapping[str, str], *inside: Xml) -> list[Xml]:
    """A block of elements, if there are any."""
    return [block(tag, attributes, *inside)] if inside else []


def _texts(tag: str, attributes: Mapping[str, str], *texts: str) -> list[Xml]:
    """An element for each text that is not empty."""
    return [element(tag, attributes, text) for text in texts if text]


def _file(name: str) -> Xml:
    return element("ref", {"target": escape_target(f"../../sources/{name}")}, name)


def _title(edition: Edition) -> Iterator[Xml]:
    work = "corrections, notes, turns, chapters and punctuation"
    name = element("name", {}, "The editors of this transcript")
    editors = block("respStmt", {"xml:id": EDITORS[1:]}, element("resp", {}, work), name)
    title = element("title", {"xml:lang": edition.lang}, edition.title)
    yield block("titleStmt", {}, title, editors)
    version = element("edition", {"n": edition.version}, state_version(edition))
    names, helped = _texts("name", {}, *edition.contributors), element("resp", {}, "contributions")
    yield block("editionStmt", {}, version, *[block("respStmt", {}, helped, *names)] * bool(names))
    page = element("ref", {"target": "./"}, "the page of this edition")
    rest = ", whose editorial policy says how it may be used."
    yield block("publicationStmt", {}, element("p", {}, "Made together with ", page, rest))


def _source(transcript: Transcript) -> Xml:
    edition, source = transcript.edition, transcript.source
    count = str(len(source.words))
    measure = element("measure", {"unit": "words", "quantity": count}, f"{count} words")
    written = (
        element("title", {}, "What the speech recogniser wrote"),
        _file(edition.source.file),
        element("idno", {"type": "sha256"}, source.sha256),
        element("extent", {}, measure),
        *_texts("note", {"resp": EDITORS}, edition.source.note),
    )
    recordings = []
    for one in edition.recording:
        target = {"target": escape_target("../../" * one.is_own + one.address)}
        words = element("p", {}, element("ref", target, "The recording"))
        recordings.append(block("recording", {"type": one.kind}, words))
    parts = (*block_of("recordingStmt", {}, *recordings), block("bibl", {}, *written))
    return block("sourceDesc", {}, *parts, *_recorded(edition), *_witnesses(edition))


def _recorded(edition: Edition) -> Iterator[Xml]:
    """The recording as an archive lists it: its identifier, who asks, and the rights in it."""
    target, resp = resolve_identifier(edition.identifier), element("resp", {}, "interviewer")
    names = _texts("name", {}, edition.interviewer)
    facts = [*_texts("idno", {}, edition.identifier), *_texts("ref", {"target": target}, target)]
    facts += (block("respStmt", {}, resp, name) for name in names)
    facts += block_of("availability", {}, *_texts("p", {}, edition.rights))
    if facts:
        title = element("title", {"xml:lang": edition.lang}, edition.title)
        yield block("bibl", {"type": "recording"}, title, *facts)


def _witnesses(edition: Edition) -> Iterator[Xml]:
    """The letters of the recognisers, with their files, names and days."""
    if edition.witnesses:
        listed = [element("witness", {"xml:id": BASE}, edition.source.file)]
        for letter, one in sorted(edition.witnesses.items()):
            date = _texts("date", {"when": one.date}, one.date)
            facts = (_file(one.file), *filter(None, (one.engine,)), *date)
            listed.append(element("witness", {"xml:id": letter}, join(facts, ", ")))
        yield block("listWit", {}, *listed)


def _profile(edition: Edition, named: Mapping[str, Entry]) -> Iterator[Xml]:
    yield block("langUsage", {}, element("language", {"ident": edition.lang}, edition.lang))
    slugs = {entry.term: f"#entry-{entry.slug}" for entry in named.values()}
    people = []
    for number, (short, name) in enumerate(edition.speakers.items(), 1):
        attributes = {"xml:id": f"speaker-{number}", "sameAs": slugs.get(name, "")}
        shorter = _texts("persName", {"type": "short"}, short if short != name else "")
        people.append(block("person", attributes, element("persName", {}, name), *shorter))
    yield from block_of("particDesc", {}, *block_of("listPerson", {}, *people))
    places = {"event": edition.event, "place": edition.place}
    names = [one for kind, name in places.items() for one in _texts("name", {"type": kind}, name)]
    date = element("date", {"when": edition.date}, edition.date)
    yield block("settingDesc", {}, block("setting", {}, *names, date))
    yield from block_of("abstract", {}, *_texts("p", {}, edition.description))


def _revisions(edition: Edition) -> Iterator[Xml]:
    changes = [("published", edition.published), ("last changed in substance", edition.updated)]
    for one in edition.reviewed:
        lines = ", ".join(one.lines).replace("-", "–")
        told = f"lines {lines} {one.level} against the recording by {one.by}"
        changes.append((told, one.date))
    return (element("change", {"when": day}, change) for change, day in changes if day)
