"""A layout has every word, cue, mark and note of its transcript once and in order."""

import re
from bisect import bisect_right
from itertools import chain, pairwise

import pytest
from hypothesis import given

from build_tools.build.plan import plan_site
from build_tools.checks.corpus import parse_corpus
from build_tools.model.edition import Mark
from build_tools.model.transcript import Mention, Transcript
from build_tools.transcript.layout import Layout, Note, Run, join_runs, link_mentions
from build_tools.transcript.statements import describe_hearing, name_note
from tests.cases import ROOT, read_cases
from tests.generated import Generated, editions
from tests.pages import parse_page
from tests.test_laws import law
from tests.trees import compile_faithful, compile_text, entry_file, lay_out_with, read_entry, tree

# Names that begin and end at all places of the generated editions, some in marks and links.
ENTRIES = [
    read_entry(entry_file(term), slug=f"entry-{number}")
    for number, term in enumerate(["Olah thinks", "AI", "the the", "so well", "we can't", "GPT-4"])
]


def lay_out_generated(made: Generated) -> Layout:
    (transcript,) = parse_corpus(made.tree).transcripts
    return lay_out_with(transcript, *ENTRIES)


LAYOUTS = editions().map(lay_out_generated)


def all_runs(layout: Layout) -> list[Run]:
    return [run for paragraph in layout.paragraphs for run in paragraph.runs]


@law
@given(LAYOUTS)
def test_runs_have_the_text_as_said_without_a_gap(layout: Layout) -> None:
    for paragraph in layout.paragraphs:
        place = paragraph.place
        said = layout.transcript.said[place.said_start : place.said_end]
        assert "".join(run.said for run in paragraph.runs) == said
        ends = [place.said_start, *(run.said_start + len(run.said) for run in paragraph.runs)]
        assert [run.said_start for run in paragraph.runs] == ends[:-1]
        heard = "".join(run.heard for run in paragraph.runs)
        assert layout.transcript.heard.startswith(heard, place.heard_start)


@law
@given(LAYOUTS)
def test_every_cue_is_placed_once_at_its_first_word(layout: Layout) -> None:
    words = layout.transcript.heard_words
    cues = layout.transcript.source.first_words()
    placed = [(cue, run) for run in all_runs(layout) for cue in run.cues]
    first = [(cue, words.starts[word]) for word, cue in cues.items()]
    assert [(one.cue, one.heard) for one, _ in placed] == first
    for one, run in placed:
        assert run.heard_start <= one.heard < run.heard_start + len(run.heard)
        assert run.span.mark is not Mark.PLAIN or one.heard == run.heard_start


@law
@given(LAYOUTS)
def test_every_address_stands_at_one_place(layout: Layout) -> None:
    both = zip(layout.transcript.chapter_ids, layout.transcript.edition.chapters, strict=True)
    borne = [
        *(name for name, chapter in both if chapter.title),
        *(one.address for one in layout.paragraphs if one.has_address),
        *(one.cue.address for run in all_runs(layout) for one in run.cues if one.needs_id),
        *(name for run in all_runs(layout) for name, _ in run.words),
    ]
    assert len(borne) == len(set(borne))
    source = layout.transcript.source
    assert {cue.address for cue in source.first_words().values()} <= {*borne}
    linked = [
        *(one.word for one in layout.transcript.occurrences if one.placed.span.mark != Mark.NOTE),
        *(mention.word for mention in layout.findings.mentions),
        *(one.place.first_word for one in layout.paragraphs if one.place.end_word),
    ]
    assert {source.address_at(word) for word in linked if word < len(source.words)} <= {*borne}


@law
@given(LAYOUTS)
def test_every_address_is_placed_before_its_word(layout: Layout) -> None:
    source, words = layout.transcript.source, layout.transcript.heard_words
    for run in all_runs(layout):
        first = bisect_right(words.ends, run.heard_start)
        for cue in run.cues:
            assert source.address_at(first + cue.skipped) == cue.cue.address
        for address, skipped in run.words:
            word = first + skipped
            assert source.address_at(word) == address
            assert source.find_word(address) == word
            assert words.starts[word] < run.heard_start + len(run.heard)


@law
@given(LAYOUTS)
def test_notes_are_numbered_in_the_order_of_their_first_calls(layout: Layout) -> None:
    assert [note.number for note in layout.notes] == list(range(1, len(layout.notes) + 1))
    called = chain.from_iterable(run.notes for run in all_runs(layout))
    assert tuple(dict.fromkeys(called)) == layout.notes


@law
@given(LAYOUTS)
def test_every_mark_is_one_run(layout: Layout) -> None:
    unmarked = (Mark.PLAIN, Mark.NON_SPEECH)
    marks = [run.placed for run in all_runs(layout) if run.span.mark not in unmarked]
    assert marks == [occurrence.placed for occurrence in layout.transcript.occurrences]
    for placed in marks:
        (run,) = (run for run in all_runs(layout) if run.placed is placed)
        assert (run.said, run.heard) == (placed.span.said, placed.span.heard)


@law
@given(LAYOUTS)
def test_each_chapter_links_an_entry_once_and_every_linked_word_is_in_runs(layout: Layout) -> None:
    linked = link_mentions(layout.transcript, layout.findings.mentions)
    chapters = [
        (layout.transcript.paragraphs[number].chapter, mention.entry)
        for number, mentions in linked.items()
        for mention in mentions
    ]
    assert len(chapters) == len(set(chapters))
    for number, paragraph in enumerate(layout.paragraphs):
        mentions = linked.get(number, [])
        assert all(one.end <= other.start for one, other in pairwise(mentions))
        for mention in mentions:
            own = [run for run in paragraph.runs if run.mention == mention and run.said]
            assert (own[0].said_start, own[-1].said_start + len(own[-1].said)) == (
                mention.start,
                mention.end,
            )
            assert not any(run.span.target for run in own)


@law
@given(LAYOUTS)
def test_joined_runs_have_the_same_words(layout: Layout) -> None:
    for paragraph in layout.paragraphs:
        joined = list(join_runs(paragraph.runs))
        merged = [item for item in merge(paragraph.runs) if item[0]]
        assert [(run.said, run.mention) for run in joined if run.said] == merged
        notes = [run.notes for run in paragraph.runs if run.notes]
        assert [run.notes for run in joined if run.notes] == notes


def merge(runs: tuple[Run, ...]) -> list[tuple[str, Mention | None]]:
    """The words of runs by span, mention and cue, and their mentions."""
    merged: list[tuple[str, Mention | None]] = []
    before: Run | None = None
    for run in runs:
        same = before and before.placed is run.placed and before.mention is run.mention
        joined = merged.pop()[0] if same and not run.cues else ""
        merged.append((joined + run.said, run.mention))
        before = run
    return merged


def link(transcript: Transcript, *slices: tuple[str, int, int]) -> list[tuple[str, int, int]]:
    """The linked mentions, by entry and slice of the text as said."""
    ends = [paragraph.said_end for paragraph in transcript.paragraphs]
    mentions = [Mention(*one, sum(end < one[2] for end in ends), 0) for one in slices]
    linked = link_mentions(transcript, mentions)
    return [(one.entry, one.start, one.end) for found in linked.values() for one in found]


CHANGE = compile_faithful("One {~~two~>duo~~}[^a] three.\n\n[^a]: name, record: So.\n")
DOUBT = compile_faithful("One {==duo==}{>>Who?<<} three.\n")


@pytest.mark.parametrize("transcript", [CHANGE, DOUBT])
@pytest.mark.parametrize(
    ("mention", "linked"),
    [
        *(((0, 3), (0, 3)), ((0, 4), (0, 4)), ((0, 5), (0, 7)), ((0, 7), (0, 7))),
        *(((0, 13), (0, 13)), ((4, 7), (4, 7)), ((5, 6), (4, 7)), ((6, 13), (4, 13))),
        ((7, 13), (7, 13)),
    ],
)
def test_a_mention_takes_in_the_whole_mark_that_it_overlaps(
    transcript: Transcript, mention: tuple[int, int], linked: tuple[int, int]
) -> None:
    assert transcript.said.rstrip() == "One duo three."
    assert link(transcript, ("a", *mention)) == [("a", *linked)]


@pytest.mark.parametrize(
    ("mention", "is_linked"),
    [((0, 4), True), ((0, 5), False), ((4, 7), False), ((6, 13), False), ((7, 13), True)],
)
def test_a_mention_over_a_link_is_not_linked(mention: tuple[int, int], *, is_linked: bool) -> None:
    transcript = compile_faithful("One [duo](https://example.org/) three.\n")
    assert link(transcript, ("a", *mention)) == [("a", *mention)] * is_linked


def test_a_mention_takes_in_several_marks_and_none_that_leaves_words_out() -> None:
    transcript = compile_faithful("One {--two--}[^a] three.\n\n[^a]: garble, record: So.\n")
    assert transcript.said.rstrip() == "One  three."
    assert link(transcript, ("a", 0, 4), ("b", 4, 10)) == [("a", 0, 4), ("b", 4, 10)]
    body = "{~~a~>One~~}[^a] x {~~b~>two~~}[^a] {~~c~>three~~}[^a]\n\n[^a]: name, record: So.\n"
    transcript = compile_faithful(body)
    assert transcript.said.rstrip() == "One x two three"
    assert link(transcript, ("a", 2, 7)) == [("a", 0, 9)]
    assert link(transcript, ("a", 8, 11)) == [("a", 6, 15)]


def test_an_entry_is_linked_where_it_may_be_for_the_first_time_in_a_chapter() -> None:
    body = "## A\n\n[One](https://example.org/) one one.\n\nOne.\n\n## B\n\nOne.\n"
    transcript = compile_faithful(body)
    begins = [paragraph.said_start for paragraph in transcript.paragraphs]
    slices = [("a", start, start + 3) for start in (0, 4, 8, *begins[1:])]
    assert link(transcript, *slices) == [slices[1], slices[-1]]


def test_a_mention_that_would_overlap_the_linked_one_before_it_is_not_linked() -> None:
    assert link(CHANGE, ("a", 0, 5), ("b", 6, 13)) == [("a", 0, 7)]
    assert link(CHANGE, ("a", 0, 5), ("b", 7, 13)) == [("a", 0, 7), ("b", 7, 13)]
    # It may still be linked later in the chapter.
    assert link(CHANGE, ("a", 0, 5), ("b", 6, 7), ("b", 8, 13)) == [("a", 0, 7), ("b", 8, 13)]


def test_a_layout_says_what_stands_before_the_words_of_a_paragraph() -> None:
    body = "## A\n\n**Ann:** One.\n\nTwo.\n\n**Bo:** Three.\n\n## B\n\nFour.\n"
    layout = lay_out_with(compile_faithful(body))
    before = [(one.opens_chapter, one.shows_speaker) for one in layout.paragraphs]
    assert before == [(True, True), (False, False), (False, True), (True, True)]
    assert [len(layout.chapter(number)) for number in range(3)] == [3, 1, 0]


def explain(note: Note) -> str:
    return "".join(part.text for part in describe_hearing(note))


def test_signs_say_what_witnesses_heard_at_words() -> None:
    case = next(iter(read_cases(ROOT / "tests/cases/witnesses.md")))
    text = case.published("transcripts/talk.md")
    page = parse_page(text)
    listed = [link.target for link in page.links if link.target.startswith("#l")]
    assert {"#l1w7", "#l2w2"} <= {*listed} <= {f"#{name}" for name in page.ids}
    signs = re.findall(r'<span class="sic-variant" title="([^"]*)"></span>(?:<[^>]*>)?(\w+)', text)
    assert signs == [
        *(("A “Ola”, B and C “olah”", "Olah"), ("A and B “was”, C “worked”", "was")),
        *(("A “goggle”, B and C “Google”", "Google"), ("A and C “peered”, B “pierced”", "peered")),
        *(("A and C “mill”, B “mail”", "mail"), ("A and B nothing, C “zebra”", "in")),
        ("A and B nothing, C “Zebra”", "That"),
    ]


def test_witness_may_give_the_times() -> None:
    head = """\
recording: https://example.org/a.mp3
source: {file: talk.txt, format: plain}
witnesses: {B: {file: b.txt, format: plain}, C: {file: c.txt, format: clock, engine: Vosk}}
"""
    body = "Where was it? At the {==mill==}{>>Is it?<<}, they {==said==}{>>Who?<<}.\n"
    files = {
        "sources/talk.txt": "Where was it?\nAt the mill,\nthey said.\n",
        "sources/b.txt": "Where was it? At the mill, they say.\n",
        "sources/c.txt": "00:03Where is it? Where\n01:07the mill,\n01:09you did.\n",
        "transcripts/talk.md": f"---\ntitle: A talk\ndate: 2024-05-22\n{head}---\n\n{body}",
    }
    made = plan_site(tree(files)).files
    page, doubts = (made[path].decode() for path in ("transcripts/talk.md", "doubts.md"))
    assert 'data-anchors="1=3 2=67" data-timed-by="C"' in page
    assert "The source has no times: those to listen from are of witness C, Vosk." in page
    listens = [
        (link.words, link.target) for link in parse_page(doubts).links if "listen" in link.words
    ]
    assert listens == [
        ("listen from 01:02 (time of C)", "https://example.org/a.mp3#t=62"),
        ("listen from about 01:41 (time of C)", "https://example.org/a.mp3#t=101"),
    ]


def test_notes_are_explained_in_words() -> None:
    body = (
        "**Ann:** {~~a~>One~~}[^a] {++two++}[^b] {--b--}[^c] {==c==}{>>Who?<<} four.[^d]\n\n"
        "[^a]: name?: So.\n[^b]: dropout, record: So.\n[^c]: garble, record: So.\n[^d]: note: So.\n"
    )
    layout = lay_out_with(compile_text("a b c four", body))
    assert [(name_note(note), explain(note)) for note in layout.notes] == [
        *(
            ("Name, conjecture", "heard as a"),
            ("Missing, on record", "not in the recogniser’s text"),
        ),
        *(("Garbled, on record", "the recogniser’s b left out"), ("Doubt", ""), ("Note", "")),
    ]
    told = map(describe_hearing, layout.notes)
    struck = [[part.text for part in parts if part.struck] for parts in told]
    assert struck == [["a"], [], ["b"], [], []]
