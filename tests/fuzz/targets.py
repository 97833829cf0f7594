"""Targets of the fuzzer: a reader, initial files, and laws that hold for any input."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from build_tools.authoring.import_.intake import Request, plan_intake
from build_tools.authoring.mark.marking import mark_changes, problems_of_form
from build_tools.authoring.suggest import find_suggestions
from build_tools.build.plan import plan_site
from build_tools.checks.corpus import parse_corpus
from build_tools.checks.fidelity import check_fidelity
from build_tools.model.text import Problem, ProblemsFoundError, Text
from build_tools.pages.theme import render_theme
from build_tools.reading.edition import parse_edition
from build_tools.reading.glossary import parse_entry
from build_tools.reading.rejection import reject_marks
from build_tools.reading.theme import parse_theme
from build_tools.reading.tree import SourcedEdition, read_tree
from build_tools.sources.charset import decode_text
from build_tools.sources.formats import FORMATS
from build_tools.sources.source import parse_source
from build_tools.text.words import find_keys
from build_tools.transcript.guess_kind import collect_names
from tests.foreign import WRITTEN, Said
from tests.hostile import check_inert
from tests.pages import ROOT, parse_page
from tests.project import small_tree
from tests.trees import check_tree, read_source

_DOCS = ROOT / "docs"
_SMALL = {path.removeprefix("docs/"): data for path, data in small_tree().items()}
_EDITION, _SOURCE = "transcripts/paris-2024.md", "sources/paris-2024.txt"
_ENTRY = "glossary/chris-olah.md"
_CLOCK = read_source(_SMALL[_SOURCE].decode(), form="clock")


class Target(NamedTuple):
    """A reader under its laws: `run` raises an exception where one does not hold."""

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], Iterator[bytes]]


def _check_places(problems: Iterable[Problem], path: str, data: bytes) -> None:
    """Asserts that each problem has a place in its file, a message and a remedy."""
    lines = decode_text(path, data.decode(errors="replace").encode()).value.content.split("\n")
    for problem in problems:
        _, line, column = problem.place
        assert problem.place.path == path
        assert 1 <= line <= len(lines), problem
        assert 1 <= column <= len(lines[line - 1]) + 1, problem
        assert problem.what
        assert problem.remedy


def _run_edition(data: bytes) -> None:
    text, problems = decode_text("docs/transcripts/talk.md", data)
    edition, wrong = parse_edition("talk", text)
    _check_places((*problems, *wrong), text.path, data)
    rejected = reject_marks(edition)
    _check_places(check_fidelity(SourcedEdition(edition, _CLOCK)), text.path, data)
    own = parse_source("docs/sources/own.txt", rejected.heard.encode(), "plain", frozenset()).value
    assert own.words.keys == rejected.words.keys == find_keys(rejected.heard)
    assert not check_fidelity(SourcedEdition(edition, own))


def _run_mark(data: bytes) -> None:
    text = decode_text("docs/transcripts/talk.md", data).value
    edition, wrong = parse_edition("talk", text)
    if problems_of_form(edition, wrong):
        return
    names = collect_names((), (name for both in edition.speakers.items() for name in both))
    marking = mark_changes(edition, _CLOCK, names)
    _check_places(marking.problems, text.path, data)
    if not marking.problems:
        marked = parse_edition("talk", Text(text.path, marking.text)).value
        assert reject_marks(marked).words.keys == _CLOCK.words.keys


def _editions() -> Iterator[bytes]:
    yield _SMALL[_EDITION]
    for path in (*ROOT.glob("tests/corpora/*/docs/transcripts/*.md"), *_DOCS.glob("transcripts/*")):
        data = path.read_bytes()
        yield data
        yield data[:3000]
    yield from _cases()


_CASE = re.compile(rb"^`{3,}[^\n]*\n(.*?)^`{3,}", re.DOTALL | re.MULTILINE)


def _cases() -> Iterator[bytes]:
    """The fenced blocks of both format pages and of the cases: a rule each, with its exceptions."""
    head = _SMALL[_EDITION].split(b"\n\n", 1)[0] + b"\n\n"
    for path in (_DOCS / "format.md", _DOCS / "data.md", *ROOT.glob("tests/cases/*.md")):
        for block in _CASE.findall(path.read_bytes()):
            yield block if block.startswith(b"---\n") else head + block


def _run_entry(data: bytes) -> None:
    text, problems = decode_text("docs/glossary/entry.md", data)
    entry, wrong = parse_entry("entry", text)
    _check_places((*problems, *wrong), text.path, data)
    if entry and not wrong:
        _check_tree({**_SMALL, _ENTRY: data})


def _entries() -> Iterator[bytes]:
    for path in (*_DOCS.glob("glossary/*"), *ROOT.glob("tests/corpora/*/docs/glossary/*.md")):
        yield path.read_bytes()


def _run_theme(data: bytes) -> None:
    text, problems = decode_text("docs/then-and-now/theme.md", data)
    theme, wrong = parse_theme("theme", text)
    _check_places((*problems, *wrong), text.path, data)
    if theme and not wrong:
        check_inert({theme.path: parse_page(render_theme(theme, {}))})


def _themes() -> Iterator[bytes]:
    for path in (*_DOCS.glob("then-and-now/*"), *ROOT.glob("tests/corpora/*/docs/then-and-now/*")):
        yield path.read_bytes()


def _run_source(data: bytes) -> None:
    form = list(FORMATS)[data[0] % len(FORMATS)] if data else "plain"
    data = data[1:]
    source, problems = parse_source("docs/sources/talk.txt", data, form, frozenset())
    assert source.words or problems
    assert all(problem.remedy and problem.place.line >= 1 for problem in problems)
    addresses = [cue.address for cue in source.cues]
    assert len(addresses) == len(set(addresses))
    assert all(cue.start is None or cue.start >= 0 for cue in source.cues)
    for name in ("", form):
        try:
            plan_intake(Request("talk.txt", data, date="2024-05-22", format=name))
        except ProblemsFoundError:
            continue


_TALK = (
    Said(0, 3, "Ann Lee", ("So", "well,", "it’s", "Olah")),
    Said(3, 9, "Bo", ("We", "can't", "re-train", "4.5%", "of", "[it].")),
    Said(9, 12, "Ann Lee", ("日本語", "thinks", "so", "<b>", "&amp;")),
)


def _sources() -> Iterator[bytes]:
    numbers = {form: number for number, form in enumerate(FORMATS)}
    for foreign in WRITTEN:
        yield bytes([numbers[foreign.form]]) + foreign.write(_TALK).encode()
    for path in (*_DOCS.glob("sources/*"), *ROOT.glob("tests/corpora/*/docs/sources/*")):
        for number in range(len(FORMATS)):
            yield bytes([number]) + path.read_bytes()[:2000]
    for block in _CASE.findall((ROOT / "tests/cases/sources.md").read_bytes()):
        for number in range(len(FORMATS)):
            yield bytes([number]) + block


# Trees --------------------------------------------------------------------------------------------

_FILE = re.compile(rb"^\x1e ([^\n]*)\n", re.MULTILINE)


def _join(tree: dict[str, bytes]) -> bytes:
    return b"".join(b"\x1e " + path.encode() + b"\n" + data for path, data in tree.items())


def _split(data: bytes) -> dict[str, bytes]:
    _, *parts = _FILE.split(data)
    paths = (path.decode(errors="replace") for path in parts[::2])
    # A file system gives no other paths.
    return {
        path: content
        for path, content in zip(paths, parts[1::2], strict=True)
        if not {"", ".", ".."}.intersection(path.split("/")) and "\0" not in path
    }


def _run_tree(data: bytes) -> None:
    _check_tree(_split(data))


def _check_tree(tree: Mapping[str, bytes]) -> None:
    """Asserts that a tree has problems or compiles, and that every page is inert."""
    problems = check_tree(tree)
    for problem in problems:
        content = tree.get(problem.place.path.removeprefix("docs/"), b"")
        _check_places((problem,), problem.place.path, content)
    try:
        plan = plan_site(tree, exports=False)
    except ProblemsFoundError:
        assert {problem.warning for problem in problems} >= {False}
        return
    assert plan.warnings == problems
    by_hand = {"index.md", "transcripts/index.md", "glossary/index.md"}
    made = {
        path: parse_page(content)
        for path, content in plan.files.items()
        if path.startswith(("transcripts/", "glossary/")) and path.endswith(".md")
        if path not in by_hand
    }
    check_inert(made)


def _trees() -> Iterator[bytes]:
    yield _join(_SMALL)
    for docs in ROOT.glob("tests/corpora/*/docs"):
        tree = read_tree(docs)
        whole = _join({path: tree[path] for path in tree if not path.startswith("assets/")})
        if len(whole) < 20_000:
            yield whole


def _run_suggest(data: bytes) -> None:
    corpus = parse_corpus(_split(data), "docs")
    wrong = {problem.place.path for problem in corpus.problems if not problem.warning}
    passing = [one for one in corpus.transcripts if one.edition.text.path not in wrong]
    for transcript in passing:
        for suggestion in find_suggestions(transcript, corpus.entries, passing):
            path, content = suggestion.place.path, transcript.edition.text.content
            _check_places((Problem(suggestion.place, "?", "?"),), path, content.encode())


TARGETS = {
    target.name: target
    for target in (
        Target("edition", _run_edition, _editions),
        Target("entry", _run_entry, _entries),
        Target("theme", _run_theme, _themes),
        Target("source", _run_source, _sources),
        Target("mark", _run_mark, _editions),
        Target("suggest", _run_suggest, _trees),
        Target("tree", _run_tree, _trees),
    )
}
