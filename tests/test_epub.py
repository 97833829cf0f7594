"""Books: EPUBCheck finds nothing, no word is lost, every link leads somewhere, and no clock."""

import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given

from build_tools.build.compile import find_in_transcript
from build_tools.build.plan import plan_site
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.exports.book import make_transcript_book
from build_tools.exports.epub import Book, pack_epub
from build_tools.model.glossary import index_entries
from build_tools.model.site import SiteIdentity
from build_tools.reading.tree import read_tree
from build_tools.text.characters import find_misplaced
from build_tools.text.words import find_keys
from build_tools.text.xml import Xml
from build_tools.transcript.layout import lay_out
from build_tools.transcript.mentions import compile_matcher
from tests.books import OPF, TYPE, Opened, open_book
from tests.epubcheck import run_epubcheck
from tests.generated import Generated, editions
from tests.hostile import (
    CLEAN,
    ENTRYS,
    WITH_BACKSLASHES,
    as_shown,
    backslashed,
    build_what_can_be,
    make_tree,
)
from tests.pages import ROOT, real_site
from tests.test_golden import CORPORA, NAMES, SITE
from tests.test_hostile import PAYLOADS
from tests.test_laws import law
from tests.trees import edition_file, entry_file, talk_tree, tree

NOWHERE = SiteIdentity("Talks", "", "")
TALK = """\
The editor says what it is, see [the fair](https://example.org/fair).

## Who began

> In brief, of Gizmos.

**Ann:** One of us, Chris {~~Ola~>Olah~~}[^olah], started
the Gizmo and {++then++}[^olah] the *Gizmo*.

He {--it--}[^olah] {--it--}[^olah] went on {==well==}{>>Or “ill”?<<}.

**Bo:** [So he did, and so we](#l1) heard.[^fact]

[^olah]: name, record: He writes it so.
[^fact]: note: In 2014, said [Ann](other.md).
"""
GIZMO = entry_file("Gizmo", "See [the other](entry-2.md).\n", see=["Thing"], also=["Gizmos"])
THING = entry_file("Thing", see=["Gizmo"])


def other(body: str = "**Ann:** [One](talk.md#l1) said so.\n") -> dict[str, bytes]:
    text = edition_file(body, title="Another talk", date="2020", file="other.txt")
    return tree({"transcripts/other.md": text, "sources/other.txt": "One said so."})


def small_tree() -> dict[str, bytes]:
    return {**talk_tree(TALK, GIZMO, THING), **other()}


def book_of(path: str, docs: Mapping[str, bytes] | None = None, *, site: str = SITE) -> Opened:
    files = plan_site(docs if docs is not None else small_tree(), site_url=site).files
    return open_book(files[path])


TALK_BOOK, OTHER_BOOK = "transcripts/talk/talk.epub", "transcripts/other/other.epub"


# Others' judgement ------------------------------------------------------------------------------


@cache
def real_files() -> Mapping[str, bytes]:
    return real_site(SITE)


ODD_ADDRESSES = (
    *("https://[x/", "https://[::1]/", "https://a:b/", "https://ex%zz.org/", "https://user@e.org/"),
    *("https://", "https:///x", "https://e.org/%zz?%#a#b", "https://é.org/ü?q=<>\"'|^`{}"),
    *("https://..", "https://e.org:999999/", "https://a_b.org/", "https://e.org/\\[]"),
)


def hostile_trees() -> list[dict[str, bytes]]:
    """Trees that hold every payload in every field that may hold it."""
    plain = " ".join(one for one in PAYLOADS if not any(find_misplaced(one)))
    written = {
        name: backslashed(plain) if name in WITH_BACKSLASHES else plain
        for name in CLEAN
        if name not in ("label", "target", "url", "recording", "lang")
    } | {"short": plain[:240], "event": plain[240:480], "chapter": as_shown(plain)}
    # A page of then and now quotes the speech, which has a limit.
    written["speech"] = backslashed(" ".join(plain.split(" ")[:150]))
    halves = (
        {name: text for name, text in written.items() if own == (name in ENTRYS)}
        for own in (False, True)
    )
    built = [built for half in halves for built in build_what_can_be(half)]
    # No book has pages of then and now.
    in_books = {*WITH_BACKSLASHES, "title", "term"} - {"theme_body"}
    assert {name for one in built for name in one.written} >= in_books
    odd = [dict.fromkeys(("target", "url", "recording"), address) for address in ODD_ADDRESSES]
    built += [one for written in odd for one in build_what_can_be(written)]
    return [make_tree(one.written) for one in built]


SHARED = {"index.md", "transcripts/index.md", "sources/SHA256SUMS"}


def all_corpora() -> dict[str, bytes]:
    """All corpora in one, but for terms that two of them claim."""
    trees: dict[str, bytes] = {}
    for name in NAMES:
        docs = read_tree(CORPORA / name / "docs")
        if not trees.keys() & docs.keys() - SHARED:
            sums = trees.get("sources/SHA256SUMS", b"") + docs.get("sources/SHA256SUMS", b"")
            trees |= {**docs, "sources/SHA256SUMS": sums}
    assert len(parse_corpus(trees).transcripts) > len(NAMES) // 2
    return trees


def bind(docs: Mapping[str, bytes]) -> bytes:
    """The books of all transcripts of a tree as one: EPUBCheck takes seconds to start."""
    books = make_books(parse_corpus(docs), NOWHERE._replace(url=SITE)).values()
    # The glossary of each book under a name of its own.
    glossary = re.compile(r'(href="(?!https:)[^"]*glossary)')
    documents = tuple(
        document._replace(
            path=document.path.replace("glossary", f"glossary-{number}"),
            body=Xml(glossary.sub(rf"\g<1>-{number}", document.body)),
        )
        for number, book in enumerate(books)
        for document in book.documents
    )
    first = next(iter(books))
    return pack_epub(first._replace(documents=documents))


def hostile() -> bytes:
    """The transcripts and entries of all hostile trees, under names of their own, as one book."""
    trees: dict[str, bytes] = {}
    for number, docs in enumerate(hostile_trees()):
        text = docs["transcripts/talk.md"].decode().replace("talk.txt", f"talk-{number}.txt")
        trees[f"transcripts/talk-{number}.md"] = text.encode()
        trees[f"sources/talk-{number}.txt"] = docs["sources/talk.txt"]
        for name in ("gizmo", "thingummy"):
            entry = docs[f"glossary/{name}.md"].decode()
            # A name is claimed by one entry alone.
            for term in ("Thingummy", "Gizmo", "doohickey"):
                entry = entry.replace(f'"{term}"', f'"{term} {number}"')
            trees[f"glossary/{name}-{number}.md"] = entry.encode()
    return bind(trees)


JUDGED: dict[str, Callable[[], bytes]] = {
    "vivatech-2024": lambda: real_files()["transcripts/vivatech-2024/vivatech-2024.epub"],
    "bartlett-2023": lambda: real_files()[
        "transcripts/logan-bartlett-2023/logan-bartlett-2023.epub"
    ],
    "right-to-left": lambda: plan_site(read_tree(CORPORA / "right-to-left/docs")).files[
        "transcripts/muqabala/muqabala.epub"
    ],
    "corpora": lambda: bind(all_corpora()),
    "hostile": hostile,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", JUDGED)
def test_epubcheck_finds_nothing(name: str, tmp_path: Path) -> None:
    book = tmp_path / f"{name}.epub"
    book.write_bytes(JUDGED[name]())
    assert run_epubcheck(book) == []


@pytest.mark.slow
def test_epubcheck_finds_what_is_wrong(tmp_path: Path) -> None:
    book = tmp_path / "wrong.epub"
    members = open_book(plan_site(small_tree()).files[TALK_BOOK]).members
    with zipfile.ZipFile(book, "w") as zipped:
        for path, data in members.items():
            zipped.writestr(path, data.replace(b'id="note-1"', b'id="note-9"'))
    found = run_epubcheck(book)
    assert {message["ID"] for message in found} == {"RSC-012"}


# Words and addresses ----------------------------------------------------------------------------


def check_links(book: Opened) -> None:
    """Every link inside leads to a place that is there, and no document has an id twice."""
    places = book.ids
    for path, place, _ in book.links():
        assert place.startswith("https://") or place in places, (path, place)
    for path, root in book.documents.items():
        names = [name for node in root.iter() if (name := node.get("id"))]
        assert len(names) == len(set(names)), path


def check_notes(book: Opened) -> None:
    """Every sign has its note, every note its signs, and each leads back to where it came from."""
    notes = {
        f"{path}#{node.get('id')}": node
        for path, root in book.documents.items()
        for node in root.iter()
        if node.get(TYPE) == "footnote"
    }
    calls = [(f"{path}#{call.get('id')}", place) for path, place, call in book.links("noteref")]
    backs: dict[str, list[str]] = {place: [] for place in notes}
    for path, place, link in book.links("doc-backlink"):
        (note,) = (name for name, node in notes.items() if any(one is link for one in node.iter()))
        assert note.startswith(path)
        backs[note].append(place)
    assert sorted(calls) == sorted((call, note) for note, back in backs.items() for call in back)
    assert all(backs.values())
    assert all(node.tag.endswith("}aside") for node in notes.values())


def make_books(corpus: Corpus, masthead: SiteIdentity = NOWHERE) -> dict[str, Book]:
    """The book of each transcript, by its slug."""
    matcher = compile_matcher(corpus.entries)
    found = [lay_out(item, find_in_transcript(item, matcher)) for item in corpus.transcripts]
    glossary = index_entries(corpus.entries)
    return {
        layout.transcript.edition.slug: make_transcript_book(layout, glossary, masthead)
        for layout in found
    }


def compile_books(corpus: Corpus) -> dict[str, Opened]:
    return {slug: open_book(pack_epub(book)) for slug, book in make_books(corpus).items()}


def check_books(corpus: Corpus) -> None:
    books = compile_books(corpus)
    for transcript in corpus.transcripts:
        book = books[transcript.edition.slug]
        assert find_keys(book.speech()) == find_keys(transcript.said)
        ids = Counter(place.partition("#")[2] for place in book.ids)
        for cue in transcript.source.first_words().values():
            assert ids[cue.address] == 1, cue
    for book in books.values():
        check_links(book)
        check_notes(book)


@law
@given(editions())
def test_every_word_as_said_is_in_the_book_in_order(made: Generated) -> None:
    check_books(parse_corpus(made.tree))


@pytest.mark.parametrize("name", [*NAMES, "docs"])
def test_books_of_a_corpus_hold_every_word_address_and_note(name: str) -> None:
    docs = ROOT / "docs" if name == "docs" else CORPORA / name / "docs"
    check_books(parse_corpus(read_tree(docs)))


def paragraphs(body: str) -> list[str]:
    """The speech in the paragraphs of a talk, with the signs of notes."""
    book = compile_books(parse_corpus(talk_tree(body)))["talk"]
    texts = (
        "".join(node.itertext())
        for root in book.documents.values()
        for node in root.iter()
        if node.get("class") in ("turn", "on")
    )
    return list(texts)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("One {~~too~>two~~}[^a], three.", "One two,1 three."),
        ("One {--too--}[^a], three.", "One,1 three."),
        ("One {--too--}[^a] {--two--}[^a] three.", "One12 three."),
        ("One {--too--}[^a]three.", "One1 three."),
        ("{--So--}[^a] one.", "1 one."),
        ("[One {--too--}[^a], three](https://e.org).", "One, three.1"),
        ("One *{~~too~>two~~}*[^a].", "One two.1"),
        ("One {++two++}[^a]three.", "One two1three."),
    ],
)
def test_signs_stand_behind_stops_and_nothing_left_out_joins_words(body: str, shown: str) -> None:
    assert paragraphs(f"{body}\n\n[^a]: repetition, record, here only: So.\n") == [shown]


# Links ------------------------------------------------------------------------------------------


def targets(book: Opened, words: str) -> set[str]:
    return {place for _, place, link in book.links() if "".join(link.itertext()) == words}


def test_a_link_leads_into_the_book_or_to_the_site_or_nowhere() -> None:
    docs = small_tree()
    there = "EPUB/talk/chapter-1.xhtml#l1"
    assert targets(book_of(TALK_BOOK, docs), "So he did, and so we") == {there}
    assert targets(book_of(TALK_BOOK, docs, site=""), "So he did, and so we") == {there}
    assert targets(book_of(OTHER_BOOK, docs), "One") == {f"{SITE}transcripts/talk/#l1"}
    assert targets(book_of(OTHER_BOOK, docs, site=""), "One") == set()
    assert "One said so." in book_of(OTHER_BOOK, docs, site="").speech()
    assert targets(book_of(TALK_BOOK, docs), "the fair") == {"https://example.org/fair"}


def test_the_first_mention_in_a_chapter_leads_to_the_glossary_and_an_entry_to_its_page() -> None:
    book = book_of(TALK_BOOK)
    (term,) = book.links("doc-glossref")
    assert term[1] == "EPUB/glossary.xhtml#entry-1"
    # A book holds no entries that its talk does not name.
    assert not targets(book, "Thing")
    assert targets(book, "Gizmo") == {f"{SITE}glossary/entry-1/", term[1]}


def test_a_link_in_which_a_line_begins_is_one_link() -> None:
    source = "So he did,\nand so\nwe heard."
    docs = talk_tree("**Bo:** [So he did, and *so*](#l1) we heard.\n", source=source)
    assert targets(book_of(TALK_BOOK, docs), "So he did, and so") == {
        "EPUB/talk/chapter-1.xhtml#l1"
    }


# The package ------------------------------------------------------------------------------------


def test_the_package_says_what_the_book_is() -> None:
    book = book_of(TALK_BOOK)
    assert book.meta("title") == ["A talk"]
    assert book.meta("language") == ["en"]
    assert book.meta("creator") == ["Ann Lee", "Bo Berg"]
    assert book.meta("date") == ["2024-05-22"]
    assert book.meta("dcterms:modified") == ["2024-05-22T00:00:00Z"]
    assert book.meta("schema:accessModeSufficient") == ["textual"]
    assert book_of(OTHER_BOOK).meta("dcterms:modified") == ["2020-01-01T00:00:00Z"]


def test_a_book_has_one_name_for_ever_and_another_on_every_site() -> None:
    paths = (TALK_BOOK, OTHER_BOOK)
    names = [book_of(path, site=site).meta("identifier") for path in paths for site in (SITE, "")]
    assert len({name for (name,) in names}) == len(names)
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", name) for (name,) in names)
    changed = {
        **small_tree(),
        **other("**Ann:** One said {++it++}[^a] so.\n\n[^a]: dropout, record: So.\n"),
    }
    assert book_of(OTHER_BOOK, changed).meta("identifier") == names[2]


def test_a_book_of_another_language_is_in_it_and_its_pages_turn_its_way() -> None:
    docs = read_tree(CORPORA / "right-to-left/docs")
    book = book_of("transcripts/sicha/sicha.epub", docs)
    assert book.meta("language") == ["he"]
    spine = next(book.package.iter(f"{OPF}spine"))
    assert spine.get("page-progression-direction") == "rtl"
    chapter = book.documents["EPUB/sicha/chapter-1.xhtml"]
    assert (chapter.get("lang"), chapter.get("dir")) == ("he", "rtl")
    assert book.documents["EPUB/sicha/notes.xhtml"].get("lang") == "en"
    plain = next(book_of(TALK_BOOK).package.iter(f"{OPF}spine"))
    assert plain.get("page-progression-direction") is None


def test_a_book_says_first_what_it_is_and_knows_no_clock() -> None:
    with zipfile.ZipFile(BytesIO(plan_site(small_tree()).files[TALK_BOOK])) as zipped:
        members = zipped.infolist()
    first = members[0]
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", 0, b"")
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}


def count_calls(talks: int) -> int:
    """The number of function calls that make the books of several talks that name one another."""
    docs = talk_tree(TALK, GIZMO, THING) | {
        path.replace("other", f"talk-{number}"): data.replace(b"other.txt", b"talk-%d.txt" % number)
        for number in range(talks)
        for path, data in other().items()
    }
    docs |= other()
    corpus = parse_corpus(docs)
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        compile_books(corpus)
    finally:
        sys.setprofile(before)
    return calls


def test_the_work_for_books_grows_with_their_words() -> None:
    few, more, many = (count_calls(number) for number in (10, 20, 40))
    assert many - more < 2.2 * (more - few)
