"""What is kept of a build is never needed, never believed unseen, and saves what did not change."""

import errno
import pickle
import shutil
import tempfile
from collections import Counter, UserDict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import Mock

import pytest

from build_tools.build import cache, site, transcripts
from build_tools.build.cache import Folder, Memory, make_key
from build_tools.build.compile import CompilerSettings
from build_tools.build.output import OutputError, Written, write_tree
from build_tools.build.plan import Files, Plan, plan_site
from build_tools.build.site import build_site
from build_tools.model.text import ProblemsFoundError
from build_tools.reading.tree import parse_site_content, read_tree
from tests.project import seal
from tests.trees import edition_file, entry_file, theme_file, tree

TALKS = {
    "ada": "Ann spoke of magnets and of looms.",
    "bell": "Nobody spoke of looms here, only of telephones.",
    "curie": "This one is about nothing of the kind.",
}
ENTRIES = {"loom", "magnet", "steam-engine"}
URL = "https://example.org/"


def collection() -> dict[str, bytes]:
    """Three talks, of which two speak of looms and one of magnets, and a page that quotes one."""
    files = {"index.md": "# Home\n"}
    for slug, words in TALKS.items():
        files[f"sources/{slug}.txt"] = words.replace("looms", "lumes") + "\n"
        body = f"## Of what\n\n**Ann:** {words.replace('looms', '{~~lumes~>looms~~}[^loom]')}\n"
        if "looms" in words:
            body += "\n[^loom]: term, record, here only: They weave.\n"
        files[f"transcripts/{slug}.md"] = edition_file(body, title=slug, file=f"{slug}.txt")
    for term in ("loom", "magnet", "steam engine"):
        files[f"glossary/{term.replace(' ', '-')}.md"] = entry_file(term, also=[f"{term}s"])
    quotation = "> ada #l1w4 “magnets” … #l1w7 “looms”\n"
    files["then-and-now/weaving.md"] = theme_file("Weaving", quotation, entries=["loom"])
    return tree(files)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    write_tree(collection(), tmp_path / "docs")
    seal(tmp_path / "docs")
    return tmp_path / "docs"


@pytest.fixture
def built(docs: Path) -> Path:
    """The same, of which a build has kept everything."""
    build(docs)
    return docs


def build(docs: Path) -> tuple[Plan, Written]:
    """A build with what the builds before it have kept; what it leaves is what it should be."""
    output = docs.parent / "out"
    seal(docs)
    plan, written = build_site(docs, output, URL, cache=docs.parent / "cache")
    fresh = plan_site(read_tree(docs), "docs", URL)
    assert read_tree(output) == fresh.files
    assert dict(plan.files) == fresh.files
    assert list(plan.fetch_passages()) == list(fresh.fetch_passages())
    assert (plan.counts, plan.warnings) == (fresh.counts, fresh.warnings)
    return plan, written


def change(docs: Path, path: str, old: str, new: str) -> None:
    text = (docs / path).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (docs / path).write_text(text.replace(old, new), encoding="utf-8")


def kept(docs: Path) -> dict[str, bytes]:
    return dict(read_tree(docs.parent / "cache"))


def test_the_first_build_compiles_everything(docs: Path) -> None:
    plan, written = build(docs)
    assert set(plan.compiled) == set(TALKS)
    assert set(written.written) == set(plan.files)


def test_nothing_changed_compiles_nothing_and_writes_nothing(built: Path) -> None:
    before = kept(built)
    plan, written = build(built)
    assert plan.compiled == ()
    assert (written.written, written.removed) == ((), ())
    assert kept(built) == before


def test_a_changed_edition_is_compiled_alone_and_pages_naming_it_are_written(built: Path) -> None:
    change(built, "transcripts/curie.md", "nothing of the kind", "Nothing of the Kind")
    plan, written = build(built)
    assert plan.compiled == ("curie",)
    own = {path for path in plan.files if path.startswith("transcripts/curie")}
    # Citations name the version.
    lists = {"data/citation.bib", "data/turns.jsonl", "downloads.md", "search/speech.js"}
    assert set(written.written) == lists | own


def test_a_new_title_is_written_wherever_it_is_named(built: Path) -> None:
    change(built, "transcripts/ada.md", 'title: "ada"', 'title: "Ada Lovelace"')
    plan, written = build(built)
    assert plan.compiled == ("ada",)
    named = {"glossary/loom.md", "glossary/magnet.md", "transcripts/index.md"}
    assert named <= set(written.written)
    assert not any("curie" in path or "steam" in path for path in written.written)


@pytest.mark.parametrize(
    ("entry", "old", "new", "compiled"),
    [
        ("magnet", "What it is.", "What it was.", ("ada",)),
        ("magnet", "What it is.\n", "What it was.\n", ()),
        ("loom", 'short: "What it is."', 'short: "It weaves."', ("ada", "bell")),
        ("steam-engine", 'short: "What it is."', 'short: "It steams."', ()),
        # Other names are looked for everywhere; pages are made where they are found.
        ("magnet", '["magnets"]', '["telephones"]', ("ada", "bell")),
        ("steam-engine", '["steam engines"]', '["engines"]', ()),
    ],
)
def test_a_changed_entry_makes_new_pages_where_it_is_mentioned(
    built: Path, entry: str, old: str, new: str, compiled: tuple[str, ...]
) -> None:
    path = built / f"glossary/{entry}.md"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    plan, written = build(built)
    assert plan.compiled == compiled
    paths = (Path(path) for path in written.written if path.startswith("transcripts/"))
    assert {path.parts[1].removesuffix(".md") for path in paths} <= set(compiled)


def test_a_changed_source_or_theme_or_address_is_seen(built: Path) -> None:
    change(built, "then-and-now/weaving.md", "Weaving", "On weaving")
    assert build(built)[0].compiled == ("ada",)
    change(built, "sources/curie.txt", "of the kind.", "of the kind")
    assert build(built)[0].compiled == ("curie",)
    output = built.parent / "out"
    plan, _ = build_site(built, output, "https://example.com/", cache=built.parent / "cache")
    assert set(plan.compiled) == set(TALKS)


def test_a_changed_word_is_written_where_it_is_quoted(built: Path) -> None:
    change(built, "transcripts/ada.md", "spoke of magnets", "spoke of Magnets")
    plan, written = build(built)
    assert plan.compiled == ("ada",)
    assert "then-and-now/weaving.md" in written.written
    change(built, "transcripts/ada.md", "Ann:** Ann", "Ann:** — Ann")
    plan, written = build(built)
    assert plan.compiled == ("ada",)
    assert "then-and-now/weaving.md" not in written.written


def test_a_word_that_is_newly_quoted_gets_an_id_on_its_page(docs: Path) -> None:
    change(docs, "then-and-now/weaving.md", " “magnets”", "")
    build(docs)
    change(docs, "then-and-now/weaving.md", "#l1w4", "#l1w5")
    plan, _ = build(docs)
    assert plan.compiled == ("ada",)


@pytest.mark.parametrize(("old", "new"), [("> ada", "So.\n\n> ada"), (" “looms”", "")])
def test_a_theme_that_quotes_other_words_is_written_alone(docs: Path, old: str, new: str) -> None:
    change(docs, "then-and-now/weaving.md", " “magnets”", "")
    build(docs)
    change(docs, "then-and-now/weaving.md", old, new)
    plan, written = build(docs)
    assert plan.compiled == ()
    assert set(written.written) <= {"then-and-now/weaving.md", "search/pages.js"}


def test_an_output_that_somebody_touched_is_put_right(built: Path) -> None:
    (built.parent / "out/transcripts/ada.md").write_bytes(b"mine")
    plan, written = build(built)
    assert plan.compiled == ()
    assert written.written == ("transcripts/ada.md",)
    (built.parent / "out/other.md").write_bytes(b"mine")
    with pytest.raises(OutputError):
        build(built)
    assert (built.parent / "out/other.md").read_bytes() == b"mine"


def test_files_in_place_of_which_the_origin_is_the_same_are_not_even_read(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(built, "transcripts/curie.md", "**Ann:** This", "**Ann:** — This")
    touched = built.parent / "out/transcripts/bell.md"
    touched.write_bytes(touched.read_bytes())
    asked: list[str] = []
    fetch = Files.__getitem__

    def asking(files: Files, path: str) -> bytes:
        asked.append(path)
        return fetch(files, path)

    monkeypatch.setattr(Files, "__getitem__", asking)
    build_site(built, built.parent / "out", URL, cache=built.parent / "cache")
    assert [path for path in asked if path.startswith("transcripts/ada")] == []
    assert [path for path in asked if "transcripts/bell" in path] == ["transcripts/bell.md"]
    assert "transcripts/curie.md" in asked
    # It names no entry.
    assert [path for path in asked if path.startswith("glossary/") and "index" not in path] == []


@pytest.mark.parametrize(
    ("path", "before", "after", "made"),
    [
        ("transcripts/ada.md", "spoke of", "spoke, of", {"loom", "magnet"}),
        ("transcripts/ada.md", "They weave.", "They wove.", set()),
        ("glossary/loom.md", "What it is.\n", "What it was.\n", {"loom"}),
        ("then-and-now/weaving.md", "Weaving", "To weave", {"loom"}),
        ("glossary/magnet.md", "see: []", "see: [loom]", {"magnet"}),
        ("index.md", "# Home", "---\nlicence: MIT\n---\n# Home", ENTRIES),
    ],
)
def test_the_pages_of_an_entry_are_made_anew_where_something_in_them_changed(
    docs: Path, path: str, before: str, after: str, made: set[str]
) -> None:
    old, _ = build(docs)
    change(docs, path, before, after)
    plan, _ = build(docs)
    fresh = plan_site(read_tree(docs), "docs", URL)
    entries = [path for path in fresh.files if path.startswith("glossary/")]
    assert [(docs.parent / "out" / path).read_bytes() for path in entries] == [
        fresh.files[path] for path in entries
    ]
    pages = {slug: f"glossary/{slug}.md" for slug in ENTRIES}
    assert made == {slug for slug, page in pages.items() if plan.origins[page] != old.origins[page]}


def test_a_problem_is_told_from_what_is_kept_too(built: Path) -> None:
    change(built, "then-and-now/weaving.md", "“magnets", "“no magnets")
    change(built, "transcripts/bell.md", "only of telephones", "only telephones")
    told = []
    for _ in range(2):
        with pytest.raises(ProblemsFoundError) as caught:
            build_site(built, built.parent / "out", URL, cache=built.parent / "cache")
        told.append(caught.value.problems)
    with pytest.raises(ProblemsFoundError) as caught:
        plan_site(read_tree(built), "docs", URL)
    assert told == [caught.value.problems] * 2
    assert len(caught.value.problems) == 2


def test_a_form_corrected_in_one_edition_is_found_in_another_that_is_kept(built: Path) -> None:
    for slug in ("ada", "bell"):
        change(built, f"transcripts/{slug}.md", "term, record, here only:", "term, record:")
    change(built, "transcripts/bell.md", "{~~lumes~>looms~~}[^loom]", "lumes")
    change(built, "transcripts/bell.md", "[^loom]: term, record: They weave.\n", "")
    plan, _ = build(built)
    assert len(plan.warnings) == 1


def test_a_source_that_the_first_lines_do_not_tell_is_found(docs: Path) -> None:
    change(docs, "transcripts/ada.md", '"ada.txt"', '"\\u0061da.txt"')
    assert set(build(docs)[0].compiled) == set(TALKS)
    assert build(docs)[0].compiled == ()
    change(docs, "transcripts/bell.md", "here, only", "here — only")
    assert "bell" in build(docs)[0].compiled


def test_what_is_kept_with_files_to_take_away_is_not_taken_for_a_build_without(docs: Path) -> None:
    output, cache = docs.parent / "out", docs.parent / "cache"
    for exports in (True, False, True):
        plan, _ = build_site(docs, output, URL, exports=exports, cache=cache)
        assert read_tree(output) == plan_site(read_tree(docs), "docs", URL, exports=exports).files
        assert set(plan.compiled) == set(TALKS)


def test_a_short_text_compiles_nothing_if_no_file_to_take_away_has_it(docs: Path) -> None:
    output, cache = docs.parent / "out", docs.parent / "cache"
    build_site(docs, output, URL, exports=False, cache=cache)
    change(docs, "glossary/loom.md", 'short: "What it is."', 'short: "It (mostly) weaves."')
    plan, written = build_site(docs, output, URL, exports=False, cache=cache)
    assert plan.compiled == ()
    assert {"transcripts/ada.md", "transcripts/bell.md"} <= {*written.written}
    assert b'"loom: It (mostly&#41; weaves."' in (output / "transcripts/ada.md").read_bytes()
    assert read_tree(output) == plan_site(read_tree(docs), "docs", URL, exports=False).files


class CountingTree(UserDict[str, bytes]):
    """A tree that counts how often each file is read."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(files)
        self.reads: Counter[str] = Counter()

    def __getitem__(self, path: str) -> bytes:
        self.reads[path] += 1
        return super().__getitem__(path)


@pytest.mark.parametrize("written", ['"bell.txt"', '"\\u0062ell.txt"', '"nowhere.txt"'])
def test_however_a_source_is_named_no_other_is_read_for_it(written: str) -> None:
    files = collection()
    path = "transcripts/bell.md"
    files[path] = files[path].replace(b'"bell.txt"', written.encode())
    counting = CountingTree(files)
    missing = "nowhere" in written
    with pytest.raises(ProblemsFoundError, match="1 problem") if missing else nullcontext():
        plan_site(counting, "docs", URL)
    assert max(counting.reads[f"sources/{slug}.txt"] for slug in ("ada", "curie")) == 1
    assert counting.reads[path] <= 3


def test_it_can_be_deleted_at_any_time(built: Path) -> None:
    shutil.rmtree(built.parent / "cache")
    plan, written = build(built)
    assert (set(plan.compiled), written.written) == (set(TALKS), ())


class Forgetful(Memory):
    """A store that loses everything as soon as it has it."""

    def write(self, key: str, value: bytes) -> None:
        pass


def test_it_can_be_deleted_while_a_build_goes_on() -> None:
    plan = plan_site(collection(), "docs", URL, store=Forgetful())
    fresh = plan_site(collection(), "docs", URL)
    assert dict(plan.files) == dict(fresh.files)
    assert list(plan.fetch_passages()) == list(fresh.fetch_passages())


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda _: b"", lambda data: data + b"x"]
)
def test_a_damaged_file_is_not_believed(built: Path, damage: Callable[[bytes], bytes]) -> None:
    whole = kept(built)
    for path, data in whole.items():
        (built.parent / "cache" / path).write_bytes(damage(data))
        # Another home page: the last build is not this one, and all that is kept is looked at.
        (built / "index.md").write_text(f"# {path}\n", encoding="utf-8")
        build(built)


def test_a_value_of_another_shape_is_not_believed(built: Path) -> None:
    store = Folder(built.parent / "cache")
    for path in kept(built):
        store.write(path.replace("/", ""), b'{"slug": 1}')
    (built / "index.md").write_text("# Home again\n", encoding="utf-8")
    # Pages are not JSON: what has the right digest is what was written.
    plan = build_site(built, built.parent / "out", URL, cache=built.parent / "cache")[0]
    assert set(plan.compiled) == set(TALKS)


def test_what_a_killed_build_leaves_is_taken_away(built: Path) -> None:
    before = kept(built)
    (built.parent / "cache/ab").mkdir(exist_ok=True)
    (built.parent / "cache/ab/.new-x").write_bytes(b"half of a val")
    (built.parent / "cache/ab" / ("0" * 62)).write_bytes(b"of a build long ago")
    change(built, "index.md", "Home", "At home")
    build(built)
    assert kept(built).keys() - before.keys() == set()
    assert not (built.parent / "cache/ab/.new-x").exists()


def test_no_more_is_kept_than_the_last_build_is_made_of(built: Path) -> None:
    before = kept(built).keys()
    for old, new in (("telephones", "Telephones"), ("Telephones", "telephones")):
        change(built, "transcripts/bell.md", old, new)
        build(built)
    assert kept(built).keys() == before


def test_no_value_of_another_version_is_used(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "version_key", lambda: "other")
    monkeypatch.setattr(cache, "version_key", lambda: "other")
    assert set(build(built)[0].compiled) == set(TALKS)


def test_a_full_disk_costs_time_alone(docs: Path) -> None:
    (docs.parent / "cache").write_bytes(b"a file in the place of the folder")
    assert set(build(docs)[0].compiled) == set(TALKS)


def test_a_file_that_changes_meanwhile_is_said(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def touched(*_: object) -> str:
        (docs / "transcripts/ada.md").write_bytes(b"")
        return "key"

    monkeypatch.setattr(site, "version_key", touched)
    with pytest.raises(ProblemsFoundError) as caught:
        build_site(docs, docs.parent / "out", URL, cache=docs.parent / "cache")
    assert "was changed while" in caught.value.problems[0].what


def test_keys_tell_parts_apart() -> None:
    parts: tuple[tuple[str | bytes, ...], ...] = (("ab", "c"), ("a", "bc"), ("abc",), (b"abc", ""))
    assert len({make_key(*some) for some in parts}) == 4


@pytest.fixture(scope="module")
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        yield executor


def test_workers_make_the_same_bytes(processes: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcripts, "_BATCH", 1)
    monkeypatch.setattr(transcripts, "_AHEAD", 1)
    submit = Mock(side_effect=processes.submit)
    monkeypatch.setattr(processes, "submit", submit)
    plan = plan_site(collection(), "docs", URL, executor=processes)
    assert submit.call_count == len(TALKS)
    assert dict(plan.files) == dict(plan_site(collection(), "docs", URL).files)
    assert set(plan.compiled) == set(TALKS)


def test_a_build_starts_processes_worth_it(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    class Counted(ProcessPoolExecutor):
        def __init__(self, workers: int, *_: object, **__: object) -> None:
            started.append(workers)
            super().__init__(1, get_context("spawn"))

    monkeypatch.setattr(transcripts, "ProcessPoolExecutor", Counted)
    build_site(docs, docs.parent / "out", jobs=8)
    assert started == []
    monkeypatch.setattr(site, "_TRANSCRIPTS_PER_WORKER", 1)
    monkeypatch.setattr(transcripts, "_BATCH", 1)
    build_site(docs, docs.parent / "out", jobs=2)
    assert started == [2]
    assert read_tree(docs.parent / "out") == plan_site(read_tree(docs)).files


def test_work_for_few_transcripts_is_not_given_to_other_processes(processes: Executor) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "submit", lambda *_: pytest.fail("given to another process"))
        plan = plan_site(collection(), "docs", URL, executor=processes)
    assert set(plan.compiled) == set(TALKS)


def test_the_processes_of_a_cluster_make_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    # Fewer than a chunk would be compiled here.
    monkeypatch.setattr(transcripts, "_BATCH", 1)
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        plan = plan_site(collection(), "docs", URL, executor=client.get_executor())
        assert dict(plan.files) == dict(plan_site(collection(), "docs", URL).files)


def test_spooled_values_are_in_a_file_without_a_name(tmp_path: Path) -> None:
    store = Folder(tmp_path / "cache")
    values = [b"ab", b"hi", b"cdef", b""]
    spooled = [store.spool(value) for value in values]
    assert [bytes(value) for value in (*spooled, *spooled)] == [*values, *values]
    assert [len(value) for value in spooled] == [2, 2, 4, 0]
    assert not any(isinstance(value, bytes) for value in spooled)
    assert list((tmp_path / "cache").iterdir()) == []
    # A preview plans again and again with one store, and sends it to workers.
    store.write("key", b"value")
    assert pickle.loads(pickle.dumps(store)).read("key") == b"value"


def test_values_not_spooled_stay_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    assert Folder(tmp_path).spool(b"abc") == b"abc"
    assert Memory().spool(b"abc") == b"abc"


def test_of_all_transcripts_no_list_is_held(built: Path) -> None:
    tree = read_tree(built)
    store = Folder(built.parent / "cache")
    content = parse_site_content(tree, "docs", URL)
    settings = CompilerSettings("docs", content.entries, content.masthead)
    compiler = transcripts.TranscriptCompiler(tree, settings, content.themes, store)
    extracts = [one.extract for one in compiler.compile_all() if one.extract]
    assert len(extracts) == len(TALKS)
    portions = [portion for extract in extracts for portion in extract.lists.values()]
    for extract in extracts:
        for one in extract.mentioned.values():
            portions += (one.page, one.data)
    assert not any(isinstance(portion, bytes) for portion in portions)


def test_a_work_that_changes_compiles_what_cites_it_alone(docs: Path) -> None:
    works = docs / "works.json"
    works.write_text('[{"id": "a", "title": "One"}, {"id": "b", "title": "Two"}]', "utf-8")
    change(docs, "transcripts/ada.md", "They weave.", "See [@a].")
    change(docs, "glossary/magnet.md", "\nsources: []", "\nworks: [b]")
    output, kept = docs.parent / "out", docs.parent / "kept"
    build_site(docs, output, cache=kept)
    for title, compiled in (("One", ("ada",)), ("Two", ())):
        works.write_text(works.read_text("utf-8").replace(title, "Three"), "utf-8")
        plan, _ = build_site(docs, output, cache=kept)
        assert plan.compiled == compiled
        assert plan.files == plan_site(read_tree(docs), docs.name).files
        page = "transcripts/ada.md" if compiled else "glossary/magnet.md"
        assert "Three" in (output / page).read_text("utf-8")
