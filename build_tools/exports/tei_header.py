"""The header of a TEI file: title, source, editorial practice, speakers and revisions."""

from collections.abc import Iterator, Mapping

from build_tools.model.edition import BASE, Edition, Kind
from build_tools.model.glossary import Entry
from build_tools.model.transcript import Transcript
from build_tools.text.urls import escape_target, resolve_identifier
from build_tools.text.xml import Xml, block, element, join
from build_tools.transcript.statements import state_version

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


def make_header(transcript: Transcript, named: Mapping[str, Entry]) -> Xml:
    """The element `teiHeader`; `named` are the entries that the transcript names, by slug."""
    edition = transcript.edition
    practice = (
        block(part, {}, element("p", {}, told)) for part, told in _EDITORIAL_PRACTICE.items()
    )
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
