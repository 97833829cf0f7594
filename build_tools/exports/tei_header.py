"""The header of a TEI file: title, source, editorial practice, speakers and revisions."""

from collections.abc import Iterator, Mapping

from build_tools.model.edition import BASE, Edition, Kind, Recording
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
    return block(
        "teiHeader",
        {},
        block("fileDesc", {}, *_title(edition), _publication(), _source(transcript)),
        block("encodingDesc", {}, _practice(), _kinds(), *_variants(edition)),
        block("profileDesc", {}, *_profile(edition, named)),
        *_revisions(edition),
    )


def _title(edition: Edition) -> Iterator[Xml]:
    work = "corrections, notes, turns, chapters and punctuation"
    name = element("name", {}, "The editors of this transcript")
    editors = block("respStmt", {"xml:id": EDITORS[1:]}, element("resp", {}, work), name)
    title = element("title", {"xml:lang": edition.lang}, edition.title)
    yield block("titleStmt", {}, title, editors)
    version = element("edition", {"n": edition.version}, state_version(edition))
    names = [element("name", {}, name) for name in edition.contributors]
    helped = [block("respStmt", {}, element("resp", {}, "contributions"), *names)] if names else []
    yield block("editionStmt", {}, version, *helped)


def _publication() -> Xml:
    page = element("ref", {"target": "./"}, "the page of this edition")
    rest = ", whose editorial policy says how it may be used."
    return block("publicationStmt", {}, element("p", {}, "Made together with ", page, rest))


def _source(transcript: Transcript) -> Xml:
    edition, source = transcript.edition, transcript.source
    blocks = []
    if edition.recording:
        blocks.append(block("recordingStmt", {}, *map(_recording, edition.recording)))
    file = {"target": escape_target(f"../../sources/{edition.source.file}")}
    words = str(len(source.words))
    measure = element("measure", {"unit": "words", "quantity": words}, f"{words} words")
    note = (
        [element("note", {"resp": "#editors"}, edition.source.note)] if edition.source.note else []
    )
    title = element("title", {}, "What the speech recogniser wrote")
    digest = element("idno", {"type": "sha256"}, source.sha256)
    named, extent = element("ref", file, edition.source.file), element("extent", {}, measure)
    written = block("bibl", {}, title, named, digest, extent, *note)
    return block("sourceDesc", {}, *blocks, written, *_recorded(edition), *_witnesses(edition))


def _recorded(edition: Edition) -> Iterator[Xml]:
    """The recording as an archive lists it: its identifier, who asks, and the rights in it."""
    facts = []
    if edition.identifier:
        facts.append(element("idno", {}, edition.identifier))
        if target := resolve_identifier(edition.identifier):
            facts.append(element("ref", {"target": target}, target))
    if edition.interviewer:
        name = element("name", {}, edition.interviewer)
        facts.append(block("respStmt", {}, element("resp", {}, "interviewer"), name))
    if edition.rights:
        facts.append(block("availability", {}, element("p", {}, edition.rights)))
    if facts:
        title = element("title", {"xml:lang": edition.lang}, edition.title)
        yield block("bibl", {"type": "recording"}, title, *facts)


def _recording(recording: Recording) -> Xml:
    up, kind = "../../" * recording.is_own, recording.kind
    target = {"target": escape_target(f"{up}{recording.address}")}
    words = element("p", {}, element("ref", target, "The recording"))
    return block("recording", {"type": kind} if kind else {}, words)


def _witnesses(edition: Edition) -> Iterator[Xml]:
    """The letters of the recognisers, with their files, names and days."""
    if edition.witnesses:
        listed = [element("witness", {"xml:id": BASE}, edition.source.file)]
        for letter, one in sorted(edition.witnesses.items()):
            date = [element("date", {"when": one.date}, one.date)] if one.date else []
            file = {"target": escape_target(f"../../sources/{one.file}")}
            facts = (element("ref", file, one.file), *filter(None, (one.engine,)), *date)
            listed.append(element("witness", {"xml:id": letter}, join(facts, ", ")))
        yield block("listWit", {}, *listed)


def _variants(edition: Edition) -> Iterator[Xml]:
    """How the apparatus is bound to the text; loc is the address of a word on the page."""
    if edition.witnesses:
        yield element("variantEncoding", {"method": "location-referenced", "location": "external"})


def _practice() -> Xml:
    parts = (
        block(part, {}, element("p", {}, practice))
        for part, practice in _EDITORIAL_PRACTICE.items()
    )
    return block("editorialDecl", {}, *parts, element("p", {}, _READINGS))


def _kinds() -> Xml:
    categories = (
        block("category", {"xml:id": f"kind-{kind.value}"}, element("catDesc", {}, kind.meaning))
        for kind in Kind
        if kind.is_correction
    )
    return block("classDecl", {}, block("taxonomy", {"xml:id": "kinds"}, *categories))


def _profile(edition: Edition, named: Mapping[str, Entry]) -> Iterator[Xml]:
    yield block("langUsage", {}, element("language", {"ident": edition.lang}, edition.lang))
    if edition.speakers:
        entry_of = {entry.term: entry for entry in named.values()}
        people = (
            _speaker(number, short, name, entry_of.get(name))
            for number, (short, name) in enumerate(edition.speakers.items(), 1)
        )
        yield block("particDesc", {}, block("listPerson", {}, *people))
    named_places = {"event": edition.event, "place": edition.place}
    names = [element("name", {"type": kind}, name) for kind, name in named_places.items() if name]
    date = element("date", {"when": edition.date}, edition.date)
    yield block("settingDesc", {}, block("setting", {}, *names, date))
    if edition.description:
        yield block("abstract", {}, element("p", {}, edition.description))


def _speaker(number: int, short: str, name: str, entry: Entry | None) -> Xml:
    same = f"#entry-{entry.slug}" if entry else ""
    names = [element("persName", {}, name)]
    if short != name:
        names.append(element("persName", {"type": "short"}, short))
    return block("person", {"xml:id": f"speaker-{number}", "sameAs": same}, *names)


def _revisions(edition: Edition) -> Iterator[Xml]:
    changes = [(edition.published, "published"), (edition.updated, "last changed in substance")]
    for review in edition.reviewed:
        lines = ", ".join(review.lines).replace("-", "–")
        read = "validated" if review.validates else "read"
        changes.append((review.date, f"lines {lines} {read} against the recording by {review.by}"))
    rows = [element("change", {"when": day}, change) for day, change in changes if day]
    if rows:
        yield block("revisionDesc", {}, *rows)
