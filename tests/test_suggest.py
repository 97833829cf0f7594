"""Likely errors: what each detector finds, and above all what it leaves alone."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import pytest

from build_tools.authoring.mark.marking import apply_edits
from build_tools.authoring.suggest import choose_findings, find_suggestions
from build_tools.authoring.suggest.evidence import collect_past_corrections, gather_evidence
from build_tools.authoring.suggest.marks import Suggestion, accept_suggestions
from build_tools.authoring.suggest.patterns import find_variants
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.checks.fidelity import check_fidelity
from build_tools.model.edition import Edition
from build_tools.model.glossary import Entry
from build_tools.model.transcript import Transcript
from build_tools.reading.decisions import Decision
from build_tools.reading.edition import parse_edition
from build_tools.reading.rejection import reject_marks
from build_tools.reading.tree import SourcedEdition, read_tree
from build_tools.text.words import find_keys
from build_tools.transcript.alignment import compile_transcript
from tests.benchmarks.suggestions import make_plain
from tests.trees import (
    compile_faithful,
    compile_text,
    edition_file,
    entry_file,
    read_edition,
    read_entry,
    tree,
)

NAMES = {
    "Chris Olah": ("person", ["Olah"]),
    "Dario Amodei": ("person", ["Amodei"]),
    "Sam Bankman-Fried": ("person", ["Bankman-Fried"]),
    "Anthropic": ("organisation", []),
    "OpenAI": ("organisation", []),
    "Redpoint Ventures": ("organisation", ["Redpoint"]),
    "Claude": ("model", []),
    "Claude 2": ("model", []),
    "GPT-4": ("model", []),
    "Wright brothers": ("person", []),
    "Slack": ("organisation", []),
    "artificial general intelligence": ("concept", ["AGI", "general intelligence"]),
    "scaling laws": ("concept", ["scaling law"]),
    "effective accelerationism": ("concept", ["e/acc"]),
    "medicinal chemist": ("concept", ["medicinal chemistry"]),
}
ENTRIES = tuple(
    read_entry(entry_file(term, kind=kind, also=also), slug=f"entry-{number}")
    for number, (term, (kind, also)) in enumerate(NAMES.items())
)
# Ordinary English, so that the lists know the language.
PROSE = "So we went there and it was a long way, and then they said that it would be fine. "


def found(
    body: str, *, entries: tuple[Entry, ...] = ENTRIES, others: tuple[Transcript, ...] = ()
) -> list[tuple[str, str | None]]:
    """The words heard and suggested, in order; for a missing word, the word before it."""
    transcript = compile_faithful(PROSE + body + "\n")
    evidence = gather_evidence(
        transcript, entries, others, collect_past_corrections((transcript, *others))
    )
    return [
        (
            evidence.text(finding.first, finding.end)
            if finding.end > finding.first
            else f"{evidence.text(finding.first - 1, finding.first)} +",
            finding.said,
        )
        for finding in sorted(choose_findings(evidence), key=lambda finding: finding.first)
    ]


@pytest.mark.parametrize(
    ("said", "heard", "suggested"),
    [
        ("He left open AI in the end.", "open AI", "OpenAI"),
        ("We use GPT four, mostly.", "GPT four", "GPT-4"),
        ("We use Claude II, mostly.", "Claude II", "Claude 2"),
        ("It is Red Point's money.", "Red Point's", "Redpoint's"),
        ("You write E slash ACC there.", "E slash ACC", "e/acc"),
        ("He works for enthropic now.", "enthropic", "Anthropic"),
        ("It was Chris Ola who helped.", "Ola", "Olah"),
        ("They have our model clawed here.", "clawed", "Claude"),
        ("It was Bakeman Freed himself.", "Bakeman Freed", "Bankman-Fried"),
    ],
)
def test_names_are_found(said: str, heard: str, suggested: str) -> None:
    assert found(said) == [(heard, suggested)]


@pytest.mark.parametrize(
    "said",
    [
        "OpenAI and Anthropic and Claude 2 and GPT-4 and Redpoint's money.",
        "There was some slack in it, and it was right.",
        "I like Anthropics approach a lot, and Olahs.",
        "Write to ann@zqorvath.org, or to @Zqorvath, or see zqorvath dot org.",
        "Any medicinal chemist does medicinal chemistry.",
        "There are scaling laws, and there is a scaling law.",
        "They claw, and the open door is right here.",
        "General intelligence is what they do.",
        "He said the word open. AI is another matter.",
        # An editor has touched these.
        "He works for {~~enthropic~>Anthropic~~}[^a] now.\n\n[^a]: name, record, here only: So.",
        "He works for {==enthropic==}{>>Who is it?<<} now.",
        "He works for enthropic[^n] now.\n\n[^n]: note: He says it so.",
        "He works for [enthropic](#l1) now.",
        "He works for *enthropic* now.",
        "Chris {==Ola==}{>>Who?<<} helped.",
        # Stammering is no loop.
        "It's, it's, it's late.",
        "No, no, no, no, no.",
        "I think, I think, I think so.",
    ],
)
def test_right_words_are_not_suggested(said: str) -> None:
    assert found(said) == []


def test_speakers_are_names_too() -> None:
    assert found("My guest is Anne Leigh, and she is Ann Lie.", entries=())[-1:] == [("Lie", "Lee")]


def test_form_corrected_elsewhere_is_found_with_the_same_reason() -> None:
    other = compile_faithful("Mister {~~Inge~>Ng~~}[^ng] came.\n\n[^ng]: name, record: His name.\n")
    assert found("He met mister Inge there.", others=(other,)) == [("Inge", "Ng")]


@pytest.mark.parametrize("kind", ["name, here only", "name?, here only"])
def test_form_corrected_here_only_is_no_form_of_other_places(kind: str) -> None:
    other = compile_faithful(f"He {{~~of~>off~~}}[^o] went.\n\n[^o]: {kind}: So.\n")
    assert found("It was one of them.", others=(other,)) == []


def test_decision_of_an_editor_is_respected_everywhere() -> None:
    note = "[^c]: name, record, here only: So."
    own = f"Here {{~~clawed~>Claude~~}}[^c] was meant, and there it clawed.\n\n{note}"
    assert found(own) == []


def test_loop_is_found_and_its_first_round_stays() -> None:
    assert found("And when you when you when you when you when you raise money, it is late.") == [
        ("when you when you when you when you", "")
    ]


def test_repetition_across_a_line_break_is_found() -> None:
    assert found("A smaller number of very large\nsmaller number of very large gains.") == [
        ("smaller number of very large", "")
    ]
    assert found("A smaller number of very large smaller number of very large gains.") == []


def test_frequency_gives_no_direction_between_two_spellings() -> None:
    said = "We met in Medford. They like Medford. It was Medford school. Then to Metford hall."
    assert found(said, entries=()) == [("Medford", None), ("Metford", None)]
    other = compile_faithful("We met at Zqorvath hall.\n")
    said = "We met mister Zqorvat there, and Zqorvat again."
    assert found(said, entries=(), others=(other,)) == [("Zqorvat", "Zqorvath")]


@pytest.mark.parametrize("times", [1, 2, 5])
def test_unknown_name_is_one_doubt_for_all_its_places(times: int) -> None:
    body = PROSE + "".join(f"It was {n} when mister Zqorvath came. " for n in range(times)) + "\n"
    (suggestion,) = suggestions(body)
    assert (suggestion.heard, suggestion.said) == ("Zqorvath", None)
    assert (f"{times} times" in suggestion.why) == (times > 1)
    changed = accept(compile_faithful(body).edition, [suggestion])
    assert changed.count("{==Zqorvath==}{>>") == times


def test_words_of_other_transcripts_and_words_called_right_are_known() -> None:
    said = "We met mister Zqorvath there."
    assert found(said, entries=(), others=(compile_faithful("So said Zqorvath.\n"),)) == []
    transcript = compile_faithful(PROSE + said + "\n")
    assert find_suggestions(transcript, (), (transcript,), least=0.1)
    decided = (Decision("zqorvath", "no", "Ann", "2026-11-30"),)
    assert find_suggestions(transcript, (), (transcript,), decided, least=0.1) == ()


@pytest.mark.parametrize(
    ("left", "expected"), [(0, [("Inge", "Ng")]), (1, [("Inge", "Ng")]), (2, [])]
)
def test_form_that_others_mostly_leave_is_not_asked_about(
    left: int, expected: list[tuple[str, str]]
) -> None:
    note = "\n\n[^ng]: name, record: So.\n"
    other = compile_faithful("Mister {~~Inge~>Ng~~}[^ng] came." + " Inge left." * left + note)
    assert found("He met mister Inge there.", others=(other,)) == expected


@pytest.mark.parametrize(
    "said", ["We met mister Brown there.", "It is unintuitive on the roadmap."]
)
def test_known_words_are_not_doubted(said: str) -> None:
    assert found(said, entries=()) == []


def test_many_words_of_one_sound_are_compared_with_few(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def spelling_likeness(one: str, other: str) -> float:
        compared.append(one)
        return 0

    monkeypatch.setattr(
        "build_tools.authoring.suggest.candidates.spelling_likeness", spelling_likeness
    )
    vowels = ["".join(letters) for letters in product("aeiou", repeat=3)]
    unknown = " ".join(f"zq{run}zq" for run in [*vowels, *vowels[:40]])
    found(20 * PROSE + unknown, entries=())
    assert 0 < len(compared) < 50 * len(vowels)


@pytest.mark.parametrize(
    ("base", "others", "expected"),
    [
        ("we met ola there", ["we met olah there", "we met olah there"], [(2, 3, True)]),
        ("we met ola there", ["we met olah there", "we met holler there"], [(2, 3, False)]),
        ("we met ola there", ["we met olah there", "we met ola there"], []),
        ("we met there", ["we met olah there", "we met olah there"], [(2, 2, True)]),
        ("we met ola there", ["we met there", "we met there"], [(2, 3, True)]),
        # Style, function words and missing parts are no variants of substance.
        ("it's 3 laptops", ["it is three lap tops", "um it is three laptops"], []),
        ("we met in it", ["we met on it", "we met of it"], []),
        ("we left", ["we left " + "zebra " * 9, "we left " + "zebra " * 9], []),
        ("", ["olah", "olah"], [(0, 0, True)]),
        ("ola", ["", ""], [(0, 1, True)]),
    ],
)
def test_places_at_which_all_other_witnesses_differ(
    base: str, others: list[str], expected: list[tuple[int, int, bool]]
) -> None:
    variants = find_variants(base.split(), [other.split() for other in others])
    assert [(one.first, one.end, one.agree) for one in variants] == expected


def test_witnesses_that_agree_are_evidence() -> None:
    heard = ("mind", "mined", "mined")
    base, *read = (compile_faithful(f"{PROSE}They {word} the data there.\n") for word in heard)
    others = [transcript.source for transcript in read]
    base = replace(base, witnesses=dict(zip("BC", others, strict=True)))
    (suggestion,) = find_suggestions(base, (), (base,))
    assert suggestion.mark == "{~~mind~>mined~~}[^mined]"
    assert suggestion.footnote.endswith("homophone?, witness: B and C heard “mined”.")
    same = replace(base, witnesses={"B": others[0], "C": base.source})
    assert find_suggestions(same, (), (same,)) == ()


def test_other_languages_have_no_lists() -> None:
    german = compile_faithful("Wir sind also hier, und der Herr Zqorvath ist auch gekommen.\n")
    assert choose_findings(gather_evidence(german, ENTRIES, (), ())) == ()


@pytest.mark.parametrize(("left", "asked"), [(0, True), (2, False)])
def test_check_warns_of_what_editors_usually_corrected(left: int, asked: bool) -> None:
    body = "Mister {~~Inge~>Ng~~}[^n] came." + " Inge left." * left
    bodies = {"one": body + "\n\n[^n]: name, record: So.\n"}
    bodies["other"] = "Inge {~~a~>b~~}[^n] it is.\n\n[^n]: homophone?, sound: So.\n"
    files = {}
    for slug, text in bodies.items():
        edition = edition_file(text, file=f"{slug}.txt")
        files[f"transcripts/{slug}.md"] = edition
        files[f"sources/{slug}.txt"] = reject_marks(read_edition(edition)).heard
    problems = parse_corpus(tree(files)).problems
    assert any("other.md" in one.place.path for one in problems if "Inge" in one.what) == asked


# Marks ------------------------------------------------------------------------------------------

_SOURCE = """\
My co-founder Chris Ola left open AI and
enthropic, and open AI has a 10 chance. We should
mind *this*, and mister Zqorvath when you when you when you when you when you
said so.
"""
_BODY = """\
**Ann:** My co-founder Chris Ola left open AI and
enthropic, and open
AI has a 10 chance. Bakeman Freed, he said, and we
"""


@cache
def read_collection() -> Corpus:
    return parse_corpus(read_tree(Path(__file__).parent.parent / "docs"))


def suggestions(body: str, *, source: str = "", least: float = 0.1) -> tuple[Suggestion, ...]:
    transcript = compile_text(source, body) if source else compile_faithful(body)
    return find_suggestions(transcript, ENTRIES, (transcript,), least=least)


def test_likeliest_come_first_and_none_overlap() -> None:
    listed = suggestions(PROSE + _SOURCE.replace("*", ""))
    places = sorted((suggestion.start, suggestion.end) for suggestion in listed)
    assert len(listed) > 4
    assert [s.likelihood for s in listed] == sorted((s.likelihood for s in listed), reverse=True)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))


def test_mark_has_the_words_of_the_file_and_its_place() -> None:
    listed = {s.heard: s for s in suggestions(PROSE + "\n" + _BODY)}
    name = listed["Ola"]
    assert name.mark == "{~~Ola~>Olah~~}[^olah]"
    assert name.footnote.startswith("[^olah]: name, record: ")
    assert [one.mark for one in listed["open AI"].places] == [
        "{~~open AI~>OpenAI~~}[^openai]",
        "{~~open\nAI~>OpenAI~~}[^openai]",
    ]


def test_one_footnote_serves_what_has_one_reason() -> None:
    body = PROSE + "He left open AI, and they left open AI too.\n"
    listed = suggestions(body)
    assert len({suggestion.footnote for suggestion in listed}) == 1


def test_label_of_the_edition_is_used_again_and_none_is_taken_twice() -> None:
    body = "He left {~~open AI~>OpenAI~~}[^x] and open AI, by Chris Ola, in time.[^olah]\n\n"
    notes = "[^x]: name, record: So.\n[^olah]: note: Another.\n"
    listed = {s.heard: s for s in suggestions(PROSE + body + notes)}
    assert (listed["open AI"].mark, listed["open AI"].footnote) == ("{~~open AI~>OpenAI~~}[^x]", "")
    assert listed["Ola"].mark == "{~~Ola~>Olah~~}[^olah-2]"


def accept(edition: Edition, accepted: Iterable[Suggestion]) -> str:
    return apply_edits(edition.text.content, accept_suggestions(edition, accepted))


def test_accepted_suggestions_leave_every_word_of_the_source() -> None:
    body = PROSE + _BODY.replace("**Ann:** ", "") + "met mister Zqorvath there.\n"
    transcript = compile_faithful(body)
    listed = suggestions(body)
    changed = accept(transcript.edition, listed)
    files = tree({"sources/talk.txt": transcript.heard, "transcripts/talk.md": changed})
    corpus = parse_corpus(files)
    assert len(listed) > 4
    assert [problem for problem in corpus.problems if not problem.warning] == []
    assert corpus.transcripts[0].heard_words == transcript.heard_words or [
        word.key for word in corpus.transcripts[0].heard_words
    ] == list(find_keys(transcript.heard))
    assert "OpenAI" in corpus.transcripts[0].said


@pytest.mark.parametrize(
    "term", ["Ol*h", "Ol_ah_", "Ol~>ah", "Ol[ah](javascript:x)", "<b>Olah</b>", "Ol`ah", "Ol\\ah"]
)
def test_hostile_names_stay_inert_in_marks(term: str) -> None:
    entry = read_entry(entry_file(term, kind="person", also=["Open AI", "Ope-nAI"]), slug="hostile")
    transcript = compile_faithful(PROSE + "He left op enai, by Chris O lah, and Ollah.\n")
    listed = find_suggestions(transcript, (entry, *ENTRIES), (transcript,))
    changed = accept(transcript.edition, listed)
    files = tree({"sources/talk.txt": transcript.heard, "transcripts/talk.md": changed})
    assert listed
    assert [p for p in parse_corpus(files).problems if not p.warning] == []


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["logan-bartlett-2023", "vivatech-2024"])
def test_accepted_suggestions_of_the_collection_leave_its_sources(slug: str) -> None:
    corpus = read_collection()
    plain = make_plain(next(t for t in corpus.transcripts if t.edition.slug == slug))
    others = [other for other in corpus.transcripts if other.edition.slug != slug]
    found = find_suggestions(plain, corpus.entries, [plain, *others])
    for accepted in (found, found[::3]):
        changed = accept(plain.edition, accepted)
        parsed = parse_edition(slug, plain.edition.text._replace(content=changed))
        assert parsed.value
        assert all(problem.warning for problem in parsed.problems)
        assert check_fidelity(SourcedEdition(parsed.value, plain.source)) == ()
        marks = len(compile_transcript(parsed.value, plain.source).occurrences)
        assert marks == sum(len(one.places) for one in accepted) > 0


def test_nothing_accepted_changes_nothing() -> None:
    edition = compile_faithful(PROSE).edition
    assert accept(edition, ()) == edition.text.content
