"""An edition as TEI: valid by the Consortium's own schema, and both readings come back from it."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from lxml import etree

from build_tools.build.plan import plan_site
from build_tools.checks.corpus import parse_corpus
from build_tools.reading.tree import read_tree
from build_tools.text.words import find_keys
from build_tools.transcript.layout import link_mentions
from build_tools.transcript.mentions import compile_matcher, find_mentions
from tests.generated import Generated, editions
from tests.test_data import ALL_DOCS
from tests.test_laws import law
from tests.trees import edition_file, entry_file, talk_tree, tree

SCHEMA = Path(__file__).parent / "tei/tei_all.rng.gz"
SHA256 = "facc222ce0c2d3647f772bc9e8b584722bf2d71e65a4f73b26d41a7ed869d4a1"
RELAX_NG = "{http://relaxng.org/ns/structure/1.0}"
TEI = {"tei": "http://www.tei-c.org/ns/1.0"}
ID = "{http://www.w3.org/XML/1998/namespace}id"

# Every element that an edition may come to.
NAMES = """
    TEI abstract anchor app argument availability bibl body catDesc category change choice
    classDecl corr correction date div edition editionStmt editorialDecl encodingDesc extent
    fileDesc front gap head hyphenation idno incident item language langUsage lb lem list listApp
    listPerson listWit measure name normalization note orgName p particDesc pause persName person
    profileDesc ptr publicationStmt punctuation rdg recording recordingStmt ref resp respStmt
    revisionDesc seg segmentation setting settingDesc sic sourceDesc standOff supplied surplus
    taxonomy teiHeader term text timeline title titleStmt u unclear variantEncoding vocal when
    witness
"""
ELEMENTS = frozenset(NAMES.split())
HEARD = "not(ancestor::tei:corr or ancestor::tei:supplied or ancestor::tei:note)"
SAID = "not(ancestor::tei:sic or ancestor::tei:surplus or ancestor::tei:note)"
POINTERS = (
    *("who", "synch", "target", "ref", "sameAs", "start", "end", "ana", "resp", "since"),
    *("from", "wit"),
)


@cache
def read_schema() -> etree.RelaxNG:
    """The schema of all TEI, without the elements that are not used here.

    It is taken from what the schema allows, and nothing is added to it: whatever passes this passes
    the whole. The whole takes ten seconds to compile, this takes one.
    """
    data = gzip.decompress(SCHEMA.read_bytes())
    assert hashlib.sha256(data).hexdigest() == SHA256
    schema = etree.fromstring(data)
    for element in schema.iter(f"{RELAX_NG}element"):
        if element.get("name") not in ELEMENTS | {None}:
            element[:] = [etree.Element(f"{RELAX_NG}notAllowed")]
    return etree.RelaxNG(schema.getroottree())


def parse_tei(data: bytes) -> Any:
    """The root of a document that the schema finds valid and whose pointers all lead somewhere."""
    root = etree.fromstring(data)
    schema = read_schema()
    assert schema.validate(root), schema.error_log
    ids = root.xpath("//@xml:id")
    assert len(ids) == len(set(ids))
    for name in POINTERS:
        for value in root.xpath(f"//@{name}"):
            for pointer in value.split():
                assert not pointer.startswith("#") or pointer[1:] in ids, (name, pointer)
    return root


def read_words(element: Any, reading: str) -> tuple[str, ...]:
    """The keys of the words of an element in one of its readings."""
    return find_keys("".join(element.xpath(f".//text()[{reading}]", namespaces=TEI)))


def read_speakers(root: Any) -> dict[str, str]:
    """The short names of the speakers, by what points to them."""
    people = root.xpath("//tei:particDesc//tei:person", namespaces=TEI)
    return {f"#{person.get(ID)}": person[-1].text for person in people}


def check_readings(files: Mapping[str, bytes], slug: str) -> Any:
    """Compares what comes back from a document with the transcript's own data."""
    root = parse_tei(files[f"transcripts/{slug}/{slug}.tei.xml"])
    value = json.loads(files[f"transcripts/{slug}/transcript.json"])
    speakers = read_speakers(root)
    utterances = root.xpath("//tei:u", namespaces=TEI)
    assert [
        (speakers.get(u.get("who")), read_words(u, HEARD), read_words(u, SAID)) for u in utterances
    ] == [
        (turn["speaker"], find_keys(turn["heard"]), find_keys(turn["text"]))
        for turn in value["turns"]
    ]
    return root


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL_DOCS)
def test_every_edition_is_valid_and_both_its_readings_come_back(name: str) -> None:
    docs = read_tree(ALL_DOCS[name])
    files = plan_site(docs).files
    corpus = parse_corpus(docs)
    matcher = compile_matcher(corpus.entries)
    for transcript in corpus.transcripts:
        root = check_readings(files, transcript.edition.slug)
        body = root.find(".//tei:body", TEI)
        source = transcript.source
        words = "".join(body.xpath(f".//tei:u//text()[{HEARD}]", namespaces=TEI))
        assert find_keys(words) == tuple(word.key for word in source.words)
        begins = body.xpath(".//tei:anchor[@type='cue'] | .//tei:lb", namespaces=TEI)
        assert [(begin.get(ID), begin.get("n")) for begin in begins] == [
            (cue.address, str(cue.line)) for cue in source.cues
        ]
        named = body.xpath(".//*[starts-with(@ref, '#entry-')]/@ref", namespaces=TEI)
        linked = link_mentions(transcript, find_mentions(transcript, matcher))
        assert named == [f"#entry-{one.entry}" for here in linked.values() for one in here]


def test_witnesses_are_an_apparatus() -> None:
    body = "We met Ola\nthere in the evening, when all was done and said.\n"
    head = "source: {file: talk.txt, format: plain}\nwitnesses:\n"
    head += "  D: {file: b.txt, format: plain, engine: <b> &amp;, date: 2024-05-22}\n"
    files = {
        "sources/talk.txt": body,
        "sources/b.txt": body.replace("Ola", "<b>&Olah").replace("said", "\x0csaid at noon"),
        "transcripts/talk.md": f"---\ntitle: A talk\ndate: 2024-05-22\n{head}---\n\n{body}",
    }
    root = check_readings(plan_site(tree(files)).files, "talk")
    witnesses = root.xpath("//tei:listWit/tei:witness", namespaces=TEI)
    told = ["".join(one.itertext()) for one in witnesses]
    assert told == ["talk.txt", "b.txt, <b> &amp;, 2024-05-22"]
    entries = root.xpath("//tei:listApp/tei:app", namespaces=TEI)
    assert [
        (entry.get("from"), entry.get("loc"), *((one.get("wit"), one.text) for one in entry))
        for entry in entries
    ] == [
        ("#l1", "l1w3", ("#A", "Ola"), ("#D", "<b>&Olah")),
        ("#l2", "l2w10", ("#A", None), ("#D", "at noon")),
    ]


# Names of every kind, some of them over the edges of marks, titles and links.
ENTRIES = {
    f"glossary/{kind}.md": entry_file(term, kind=kind).encode()
    for kind, term in {
        "person": "Olah thinks",
        "organisation": "AI",
        "work": "the the",
        "event": "so well",
        "concept": "we can't",
        "model": "GPT-4 the",
    }.items()
}


@law
@given(editions())
def test_any_edition_is_valid_and_both_its_readings_come_back(made: Generated) -> None:
    files = plan_site({**made.tree, **ENTRIES}).files
    root = check_readings(files, "talk")
    body = root.find(".//tei:body", TEI)
    assert find_keys("".join(body.xpath(f".//tei:u//text()[{HEARD}]", namespaces=TEI))) == made.keys
    said = "".join(body.xpath(f".//tei:u//text()[{SAID}]", namespaces=TEI))
    assert find_keys(said) == made.said_keys
    assert read_times(root) == {
        address: cue.start
        for address, cue in zip(body.xpath(".//@synch"), spoken(made), strict=True)
    }


def spoken(made: Generated) -> list[Any]:
    """The cues with a time that hold speech."""
    return [
        cue
        for number, cue in enumerate(made.cues, 1)
        if made.form == "clock" and number not in made.furniture and find_keys(" ".join(cue.words))
    ]


def read_times(root: Any) -> dict[str, float]:
    """The seconds of a timeline from its origin on, by what points to them."""
    moments = root.xpath("//tei:when[@since]", namespaces=TEI)
    return {f"#{moment.get(ID)}": float(moment.get("interval")) for moment in moments}


SOURCE = "We met Chris Ola in\nspring\nwell well that's all\n"
BODY = """\
**Ann:** We met *Chris {~~Ola~>Olah~~}[^a]* in {++the++}[^b] spring.[^n]

## The end

> He *leaves*.

**Bo:** Well: {--well--}[^c] that's [{==all==}{>>All <what>?<<}](https://example.org/?a=1&b="2").

[^a]: name?: *He* [writes](https://example.org/) so.
[^b]: dropout, record: So.
[^c]: repetition, record: So.
[^n]: note: In 2014, see [there](#l2).
"""


def one(root: Any, path: str) -> Any:
    """The one thing that a path leads to."""
    found = root.xpath(path, namespaces=TEI)
    assert len(found) == 1, (path, found)
    return found[0]


def test_what_each_mark_comes_to() -> None:
    entry = entry_file("Chris Olah", kind="person", short="A researcher.")
    root = check_readings(plan_site(talk_tree(BODY, entry, source=SOURCE)).files, "talk")

    choice = one(root, "//tei:choice")
    assert (choice.findtext("tei:sic", None, TEI), choice.get("ana")) == ("Ola", "#kind-name")
    corr = choice.find("tei:corr", TEI)
    assert (corr.text, corr.get("cert"), corr.get("resp")) == ("Olah", "medium", "#editors")
    reason = one(root, f"//tei:note[@target='#{choice.get(ID)}']")
    assert (reason.get("type"), reason.get("subtype")) == ("name", "conjecture")
    assert "".join(reason.itertext()) == "He writes so."
    assert one(reason, "tei:ref").get("target") == "https://example.org/"

    supplied, surplus = one(root, "//tei:supplied"), one(root, "//tei:surplus")
    assert (supplied.text, supplied.get("cert"), supplied.get("ana")) == (
        *("the", "high"),
        "#kind-dropout",
    )
    assert (surplus.text, surplus.get("cert"), surplus.get("ana")) == (
        *("well", "high"),
        "#kind-repetition",
    )
    unclear = one(root, "//tei:unclear")
    assert (unclear.text, unclear.get("cert")) == ("all", "low")
    assert one(root, f"//tei:note[@target='#{unclear.get(ID)}']").text == "All <what>?"
    assert unclear.getparent().get("target") == "https://example.org/?a=1&b=%222%22"

    place = one(root, "//tei:anchor[@type='note']")
    note = one(root, f"//tei:note[@target='#{place.get(ID)}']")
    assert one(note, "tei:ref").get("target") == "#l2"

    name = one(root, "//tei:body//tei:persName")
    assert name.get("ref") == "#entry-entry-1"
    assert name[0].tag.endswith("title")
    assert one(root, "//tei:item[@xml:id='entry-entry-1']/tei:note").text == "A researcher."
    assert one(root, "//tei:argument/tei:p/tei:title").text == "leaves"
    assert one(root, "//tei:div/tei:head").text == "The end"


def test_times_furniture_and_the_header() -> None:
    text = edition_file(
        "An introduction.\n\n**Ann:** One שתיים.\n",
        title="A “talk” & <more>",
        event="Paris",
        lang="he",
        recording="https://example.org/a&b",
        form="clock",
        furniture=[1, 2, 5],
        note="from a page",
        reviewer="Zoë",
    )
    source = "00:00Comments\n00:00Share\n00:01one\n1:00:01שתיים\n1:00:02Like\n"
    files = plan_site(tree({"sources/talk.txt": source, "transcripts/talk.md": text})).files
    root = check_readings(files, "talk")
    assert read_times(root) == {"#when-t1": 1, "#when-t3601": 3601}
    assert one(root, "//tei:u").get("start") == "#when-t1"
    gaps = root.xpath("//tei:gap", namespaces=TEI)
    assert [(gap.get("n"), gap.get("quantity")) for gap in gaps] == [("1–2", "2"), ("5", "1")]
    assert gaps[0].getnext().get(ID) == "t1"
    assert one(root, "//tei:titleStmt/tei:title").text == "A “talk” & <more>"
    assert one(root, "//tei:body").get("{http://www.w3.org/XML/1998/namespace}lang") == "he"
    assert one(root, "//tei:recording//tei:ref").get("target") == "https://example.org/a&b"
    sha256 = hashlib.sha256(source.encode()).hexdigest()
    assert one(root, "//tei:idno[@type='sha256']").text == sha256
    assert one(root, "//tei:sourceDesc/tei:bibl/tei:ref").get("target") == "../../sources/talk.txt"
    assert one(root, "//tei:change").text == "lines 1–2 read against the recording by Zoë"
    assert one(root, "//tei:front//tei:p").text == "An introduction."


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x0c", "\x1f", "\ufffe", "\uffff"])
def test_signs_that_xml_cannot_hold_part_words_as_they_do_in_the_source(sign: str) -> None:
    body = "**Ann:** One two {~~th ree~>4~~}[^a].\n\n[^a]: name, record: Because.\n"
    made = talk_tree(body, source=f"one{sign}two\nth{sign}ree\n")
    root = check_readings(plan_site(made).files, "talk")
    assert read_words(one(root, "//tei:u"), HEARD) == ("one", "two", "th", "ree")


def test_markup_in_an_edition_is_text() -> None:
    hostile = "</u><!-- ]]> &lt;b> <?x ?> <![CDATA["
    body = (
        f"**Ann:** {hostile} {{~~{hostile} a~>{hostile}~~}}[^a]\n\n[^a]: name, record: {hostile}\n"
    )
    made = talk_tree(body, entry_file("AI", short=hostile), source=f"{hostile}\n{hostile} a\n")
    root = check_readings(plan_site(made).files, "talk")
    assert one(root, "//tei:corr").text == hostile
    assert one(root, "//tei:note").text == hostile


def test_a_document_of_nothing_but_words_is_valid() -> None:
    root = check_readings(plan_site(talk_tree("So it was.\n")).files, "talk")
    assert root.find("tei:standOff", TEI) is None


def test_the_schema_refuses_what_is_not_tei() -> None:
    data = plan_site(talk_tree(BODY, source=SOURCE)).files["transcripts/talk/talk.tei.xml"]
    parse_tei(data)
    for old, new in (
        (b"<corr ", b'<corr certainty="1" '),
        (b"<fileDesc>", b"<fileDesc><p/>"),
        (b'resp="#editors"', b'resp="#nobody"'),
    ):
        assert old in data
        with pytest.raises(AssertionError):
            parse_tei(data.replace(old, new))


def test_a_word_that_is_lost_is_missed() -> None:
    files = dict(plan_site(talk_tree(BODY, source=SOURCE)).files)
    path = "transcripts/talk/talk.tei.xml"
    for lost in (b"spring", b"<sic>Ola</sic>", b"Olah"):
        assert lost in files[path]
        with pytest.raises(AssertionError):
            check_readings({**files, path: files[path].replace(lost, b"", 1)}, "talk")
