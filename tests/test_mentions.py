"""Names of the glossary in what was said: which words they are, and which become links."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.build.plan import plan_site
from build_tools.checks.corpus import parse_corpus
from build_tools.model.edition import Mark
from build_tools.model.transcript import Transcript
from build_tools.transcript.alignment import compile_transcript
from build_tools.transcript.mentions import compile_matcher, find_mentions
from tests.generated import Generated, editions
from tests.pages import parse_page
from tests.test_laws import law
from tests.trees import (
    compile_faithful,
    entry_file,
    read_edition,
    read_entry,
    read_source,
    talk_tree,
)


def run_mentions(body: str, *forms: str | tuple[str, ...], expected: list[str]) -> None:
    """Each form, or tuple of forms, is an entry; expected are the words that mention one."""
    transcript = compile_faithful(body)
    assert [words for words, _ in _found(transcript, forms)] == expected


def _found(
    transcript: Transcript, forms: tuple[str | tuple[str, ...], ...]
) -> list[tuple[str, int]]:
    names = [(form,) if isinstance(form, str) else form for form in forms]
    entries = [
        read_entry(entry_file(term, also=also), slug=f"entry-{number}")
        for number, (term, *also) in enumerate(names)
    ]
    mentions = find_mentions(transcript, compile_matcher(entries))
    return [
        (" ".join(transcript.said[mention.start : mention.end].split()), mention.word)
        for mention in mentions
    ]


def run_links(body: str, *forms: str | tuple[str, ...], expected: list[str]) -> None:
    """Expected are the words of the links to entries, on the transcript's page."""
    names = [(form,) if isinstance(form, str) else form for form in forms]
    entries = [entry_file(term, also=also) for term, *also in names]
    page = parse_page(plan_site(talk_tree(body, *entries)).files["transcripts/talk.md"])
    assert [link.words for link in page.links_of("sic-term")] == expected
    for element in page.elements:
        assert element.tag != "a" or "a" not in element.inside


# Which words mention an entry ---------------------------------------------------------------------


def test_the_longest_name_wins() -> None:
    run_mentions(
        "A responsible scaling policy is a scaling policy.",
        "scaling",
        "scaling policy",
        "responsible scaling policy",
        expected=["responsible scaling policy", "scaling policy"],
    )


def test_first_of_two_overlapping_names_wins() -> None:
    run_mentions(
        "The deep neural network effect.",
        "neural network",
        "network effect",
        expected=["neural network"],
    )


def test_a_long_name_that_does_not_stand_hides_no_shorter_one() -> None:
    run_mentions(
        "We do AI safety, levels are another thing.",
        "AI safety",
        "AI safety levels",
        expected=["AI safety"],
    )
    run_mentions(
        "we speak of machine LEARNING here, A.", "machine", "MACHINE LEARNING", expected=["machine"]
    )


def test_a_name_is_found_in_whole_words_only() -> None:
    run_mentions("colahx Olahs Olah olahOlah", "Olah", expected=["Olah"])
    run_mentions("GPT-4 is not GPT-40, nor GPT4", "GPT-4", expected=["GPT-4"])


def test_hyphens_apostrophes_and_line_breaks_part_no_name() -> None:
    run_mentions(
        "Long-term\nbenefit trust, long term benefit-trust, LONG TERM — benefit trust",
        "Long-Term Benefit Trust",
        expected=["Long-term benefit trust", "long term benefit-trust"],
    )
    run_mentions(
        "Claude’s answer and Claude's and Claude",
        "Claude",
        expected=["Claude’s", "Claude's", "Claude"],
    )


@pytest.mark.parametrize("sign", [", ", ". ", "; ", ": ", "? ", "! ", " (", "… ", "\n\n"])
def test_no_name_crosses_a_sentence_a_clause_or_a_paragraph(sign: str) -> None:
    run_mentions(f"It was a neural{sign}network.", "neural network", expected=[])


def test_no_name_crosses_a_turn_or_a_chapter() -> None:
    run_mentions("**Ann:** So neural\n\n**Bo:** network it is.", "neural network", expected=[])
    run_mentions("## A\n\nSo neural\n\n## B\n\nnetwork it is.", "neural network", expected=[])


def test_a_name_that_holds_a_stop_itself_may_be_said_with_one() -> None:
    run_mentions(
        "In St. Gallen, and St Gallen.", "St. Gallen", expected=["St. Gallen", "St Gallen"]
    )


def test_a_name_in_capitals_is_found_in_capitals_only() -> None:
    run_mentions("IT is it, it’s It and IT’s.", "IT", expected=["IT", "IT’s"])
    run_mentions("GPT-4, gpt-4, Gpt-4.", "GPT-4", expected=["GPT-4"])
    run_mentions("Claude, claude, CLAUDE.", "Claude", expected=["Claude", "claude", "CLAUDE"])


def test_a_name_of_one_letter_is_found_in_lower_case_too() -> None:
    run_mentions("We use R and r here.", "R", expected=["R", "r"])


def test_capitals_count_for_each_name_of_an_entry_alone() -> None:
    run_mentions(
        "The RSP, the rsp, the Scaling Policy.",
        ("scaling policy", "RSP"),
        expected=["RSP", "Scaling Policy"],
    )


UNCASED = " ".join(["and so on"] * 14)


def test_in_a_stretch_without_capitals_every_way_to_write_a_name_counts() -> None:
    run_mentions(f"The rsp. Then {UNCASED} the rsp {UNCASED}", "RSP", expected=["rsp"])
    run_mentions(f"The RSP {UNCASED[:60]} the rsp. Then The RSP.", "RSP", expected=["RSP", "RSP"])


@pytest.mark.parametrize(("words", "expected"), [(39, []), (40, ["rsp"])])
def test_names_in_capitals_count_in_lower_case_from_forty_words_without_capitals(
    words: int, expected: list[str]
) -> None:
    stretch = " ".join(["word"] * (words - 1))
    run_mentions(f"Yes. rsp {stretch}. No.", "RSP", expected=expected)
    run_mentions(f"Yes. {stretch} rsp. No.", "RSP", expected=expected)
    run_mentions(f"{stretch} rsp.", "RSP", expected=expected)


def test_scripts_without_capitals_have_no_names_in_capitals() -> None:
    run_mentions("人工智能。人工 智能", "人工智能", expected=["人工智能", "人工 智能"])
    decomposed = "\u1112\u1161\u11ab\u1100\u116e\u11a8"
    run_mentions(decomposed, "한국", expected=[decomposed])


def test_a_name_is_found_as_it_is_said_and_not_as_it_was_heard() -> None:
    run_mentions(
        "We met {~~Ola~>Olah~~}[^a] and {~~Olah~>Ola~~}[^a] {++Olah++}[^a] {--Olah--}[^a]."
        "\n\n[^a]: name, record: So.",
        "Olah",
        expected=["Olah", "Olah"],
    )


def test_a_name_may_reach_into_a_mark_and_out_of_it() -> None:
    run_mentions(
        "A {~~new roll~>neural~~}[^a] network, a neural {~~net work~>network~~}[^a]{--s--}[^a]."
        "\n\n[^a]: term, record: So.",
        "neural network",
        expected=["neural network", "neural network"],
    )


def test_names_in_headings_introductions_summaries_and_footnotes_are_no_mentions() -> None:
    run_mentions(
        "Olah introduces.\n\n## Olah speaks\n\n> Olah in brief.\n\n**Ann:** So it is.[^a]"
        "\n\n[^a]: note: Olah says so.",
        "Olah",
        expected=[],
    )


# Whose word it is ---------------------------------------------------------------------------------


def run_words(body: str, form: str, expected: list[int]) -> None:
    """Expected are the numbers of the source's words at which the mentions stand."""
    assert [word for _, word in _found(compile_faithful(body), (form,))] == expected


def test_a_mention_has_the_number_of_the_source_word_at_which_it_begins() -> None:
    run_words("nought one Olah three Olah", "Olah", [2, 4])
    run_words("## A\n\nnought\n\none\n\n**Ann:** Olah\n\n## C\n\nthree Olah", "Olah", [2, 4])


def test_words_put_in_and_taken_out_before_it_do_not_move_the_number() -> None:
    notes = "\n\n[^a]: name, record: So."
    run_words(f"nought {{++more and more++}}[^a] one Olah{notes}", "Olah", [2])
    run_words(f"nought {{--one two--}}[^a] Olah{notes}", "Olah", [3])
    run_words(f"nought {{~~one two~>a~~}}[^a] {{~~three~>b c d~~}}[^a] Olah{notes}", "Olah", [4])


def test_a_name_inside_a_mark_has_the_number_of_the_first_word_heard_there() -> None:
    notes = "\n\n[^a]: name, record: So."
    run_words(f"nought {{~~one two~>with Olah~~}}[^a] three{notes}", "Olah", [1])
    run_words(f"nought {{~~oh la~>Olah~~}}[^a] three Olah{notes}", "Olah", [1, 4])


def test_a_name_that_was_not_heard_has_the_number_of_the_word_that_follows() -> None:
    notes = "\n\n[^a]: dropout, record: So."
    run_words(f"nought one {{++Olah++}}[^a] two{notes}", "Olah", [2])
    # At the end of a paragraph there is none in it, and it is the one before.
    run_words(f"nought one {{++Olah++}}[^a]\n\ntwo{notes}", "Olah", [1])


@law
@given(editions(), st.data())
def test_outside_of_marks_a_mention_stands_at_the_word_that_it_is(
    made: Generated, data: st.DataObject
) -> None:
    transcript = compile_transcript(
        read_edition(made.edition),
        read_source(made.source, form=made.form, furniture=made.furniture),
    )
    if not transcript.said_words:
        return
    word = data.draw(st.sampled_from(transcript.said_words))
    name = transcript.said[word.start : word.end].replace("’s", "").replace("'s", "")
    entry = read_entry(entry_file(name), slug="entry")
    mentions = find_mentions(transcript, compile_matcher([entry]))
    marked = _marked(transcript)
    for mention in mentions:
        if not any(start <= mention.start < end for start, end in marked):
            said = next(one for one in transcript.said_words if one.start == mention.start)
            assert transcript.heard_words[mention.word].key == said.key
    assert [mention.word for mention in mentions] == sorted(mention.word for mention in mentions)


def _marked(transcript: Transcript) -> list[tuple[int, int]]:
    return [
        (placed.said_start, placed.said_end)
        for placed, *_ in transcript.occurrences
        if placed.span.mark is Mark.CHANGE
    ]


def test_the_number_gives_the_line_and_the_address_of_the_published_mention() -> None:
    source = "00:03we met\n00:07Ola and\n00:07Claude\n"
    body = "**Ann:** We met {~~Ola~>Olah~~}[^a] and Claude.\n\n[^a]: name, record: So."
    entries = (entry_file("Olah"), entry_file("Claude"))
    files = plan_site(talk_tree(body, *entries, source=source, form="clock")).files
    assert [entry["mentions"] for entry in json.loads(files["data/glossary.json"])] == [
        [
            {
                "transcript": "talk",
                "line": 2,
                "time": 7,
                "speaker": "Ann",
                "url": "transcripts/talk/#t7",
            }
        ],
        [
            {
                "transcript": "talk",
                "line": 3,
                "time": 7,
                "speaker": "Ann",
                "url": "transcripts/talk/#t7-2",
            }
        ],
    ]


# Which mentions become links ----------------------------------------------------------------------


def test_the_first_mention_in_each_chapter_is_linked() -> None:
    run_links(
        "**Ann:** Olah, olah.\n\nOLAH!\n\n## Two\n\nSo olah and Olah.\n\n## Three\n\nNobody.",
        "Olah",
        expected=["Olah", "olah"],
    )


def test_every_entry_has_its_first_mention_linked() -> None:
    run_links(
        "Claude and Olah, Chris and Claude.",
        "Claude",
        ("Olah", "Chris"),
        expected=["Claude", "Olah"],
    )


def test_a_mention_inside_a_link_of_the_editor_is_not_linked_and_does_not_count() -> None:
    run_links("[With Olah](https://example.org/) and Olah and Olah.", "Olah", expected=["Olah"])
    run_links("A neural [network](https://example.org/).", "neural network", expected=[])


def test_the_link_takes_in_the_whole_of_a_mark_that_the_mention_touches() -> None:
    notes = "\n\n[^a]: name, record: So."
    run_links(f"So {{~~Ola~>Olah~~}}[^a] said.{notes}", "Olah", expected=["Olah"])
    run_links(f"So {{~~with Ola~>with Olah~~}}[^a] said.{notes}", "Olah", expected=["with Olah"])
    run_links(f"So {{~~Kris~>Chris~~}}[^a] Olah.{notes}", "Chris Olah", expected=["Chris Olah"])
    run_links(
        f"So Chris {{~~Ola sad~>Olah said~~}}[^a] it.{notes}",
        "Chris Olah",
        expected=["Chris Olah said"],
    )
    run_links("So {==Chris==}{>>Who?<<} Olah.", "Olah", "Chris", expected=["Chris", "Olah"])


def test_two_mentions_in_one_mark_are_one_link() -> None:
    body = "So {~~clawed oh la~>Claude, Olah~~}[^a] and Olah.\n\n[^a]: name, record: So."
    run_links(body, "Claude", "Olah", expected=["Claude, Olah", "Olah"])


def test_footnotes_stand_behind_the_link_and_not_inside() -> None:
    body = "So Chris[^n] {~~Ola~>Olah~~}[^a] said.\n\n[^n]: note: He.\n\n[^a]: name, record: So."
    run_links(body, "Chris Olah", expected=["Chris Olah"])


def test_emphasis_inside_a_link_stays() -> None:
    run_links(
        "So *Chris* Olah and *Claude*.", "Chris Olah", "Claude", expected=["Chris Olah", "Claude"]
    )


def test_a_link_has_the_entry_s_address_and_its_short_text() -> None:
    entry = entry_file("Olah", short='A "researcher" & more.')
    page = parse_page(plan_site(talk_tree("So Olah.", entry)).files["transcripts/talk.md"])
    (link,) = [element for element in page.elements if "sic-term" in element.classes]
    assert link.attributes["href"] == "../glossary/entry-1.md"
    assert link.attributes["title"] == 'A "researcher" & more.'


# Whose name it is ---------------------------------------------------------------------------------


def test_two_entries_that_claim_one_name_are_told() -> None:
    entries = {
        "glossary/chris-olah.md": entry_file("Chris Olah", also=["Olah"]).encode(),
        "glossary/olah.md": entry_file("olah’s").encode(),
    }
    (problem,) = parse_corpus(entries).problems
    assert problem.what == "“olah’s” is claimed by Chris Olah (docs/glossary/chris-olah.md) too"
    assert problem.place.path == "docs/glossary/olah.md"
    assert problem.remedy == "leave the name to one of the two entries"
