"""Changes that a reader would see without a mark: every kind of them is a problem."""

import unicodedata

import pytest

from build_tools.build.plan import plan_site
from build_tools.checks.corpus import parse_corpus
from build_tools.text.characters import find_misplaced
from tests.trees import edition_file, tree

CONFUSING = "\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u202a\u202e\u2060"
CONFUSING += (
    "\u2066\u2069\u206a\u2800\u3164\ufe0f\ufeff\uffa0\ufff9\U000e0041\U000e0101\ue000\ufdd0"
)


def problems_in(text: str, source: str = "so") -> list[str]:
    """The problems of an edition's file and its source."""
    files = tree({"transcripts/talk.md": text, "sources/talk.txt": source})
    return [problem.what for problem in parse_corpus(files).problems if not problem.warning]


def problems_of(source: str, body: str, lang: str = "") -> str:
    """The problems of a turn, one a line."""
    return "\n".join(problems_in(edition_file(f"**Ann:** {body}", lang=lang), source))


@pytest.mark.parametrize("character", CONFUSING, ids=lambda one: f"U+{ord(one):04X}")
@pytest.mark.parametrize("body", ["the{}rapist spoke", "the {}rapist spoke", "the rapist spoke{}"])
def test_a_character_that_nobody_sees_is_named(character: str, body: str) -> None:
    found = problems_of("the rapist spoke", body.format(character))
    assert f"U+{ord(character):04X}" in found


@pytest.mark.parametrize(
    "text",
    [
        *(
            *("नमस्‍ते क्‍ष", "می‌خواهم", "👩‍👩‍👧 ❤️‍🔥 1️⃣ ❤️", "葛\U000e0100", "a\u0301"),
            *("\u0600\u0661", "ａ　ｂ"),
        ),
        *("tab\tand\nline", "a\xa0b", "𝔸", "①"),
    ],
)
def test_a_character_that_its_script_needs_has_its_place(text: str) -> None:
    assert list(find_misplaced(text)) == []


def test_every_invisible_character_of_unicode_is_misplaced_in_a_latin_word() -> None:
    visible = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x8E2, 0x110BD, 9, 10, 13}
    for code in range(0x110000):
        character = chr(code)
        invisible = unicodedata.category(character) in ("Cf", "Cc", "Co", "Cs", "Zl", "Zp")
        if invisible and code not in visible:
            assert [offset for offset, _ in find_misplaced(f"a{character}b")] == [1], hex(code)


CHANGED = [
    ("we grew 5 percent", "we grew .5 percent"),
    *(("profit was $5 billion", "profit was -$5 billion"), ("we own 5 of it", "we own 5％ of it")),
    ("it cost 1.500m to build", "it cost 1,500m to build"),
    ("it has 3.5k lines", "it has 3-5k lines"),
    *(
        *(("if 5<6", "if 5>6"), ("x < y", "x > y"), ("x<y", "x>y"), ("x <y", "x >y")),
        ("x <= y", "x >= y"),
    ),
    *(("took <5 ms", "took >5 ms"), ("x < y", "x, y"), ("a < 5", "a > 5"), ("x +/- y", "x / y")),
    *(("about 10^6", "about 106"), ("about 3/4 of it", "about 3 4 of it")),
    *(("it is 5 degrees", "it is −5 degrees"), ("it is 5 degrees", "it is –5 degrees")),
    *(("at 2.30pm", "at 2:30pm"), ("v1.2 of it", "v1,2 of it"), ("a 6′ man", "a 6″ man")),
    *(("5<6", "5 6"), ("about 5 of", "about ±5 of"), ("5 of it", "5‰ of it")),
    *(("5 of it", "5٪ of it"), ("5 of it", "5° of it"), ("we paid 5", "we paid ＄5")),
    *(("5 of", "½5 of"), ("a 1,000", "a 1.000"), ("5 to 6", "5 to ,6")),
    ("it was 5", "it was (-5)"),
    ("10 4", "10^4"),
]


@pytest.mark.parametrize(("source", "body"), CHANGED)
def test_a_number_that_changes_is_a_changed_word(source: str, body: str) -> None:
    assert problems_of(source, body)


@pytest.mark.parametrize(
    ("source", "body"),
    [
        *(("we have 5 10 people", "we have 5–10 people"), ("we met well", "We met, -- well.")),
        *(
            *(("over 5 people", "over—5 people"), ("5 people", "5 people.")),
            *(("in 2020 2021", "in 2020-2021"), (">> well yes", "well -> yes")),
        ),
    ],
)
def test_punctuation_beside_a_number_is_free(source: str, body: str) -> None:
    assert problems_of(source, body) == ""


def test_letters_are_folded_by_language() -> None:
    assert problems_of("in Massen trinken", "in Maßen trinken", lang="de")
    assert problems_of("sıkıldım", "sikildim", lang="tr")
    assert problems_of("ISIRGAN", "isirgan", lang="tr")
    assert not problems_of("ısırgan istanbul", "Isırgan İstanbul", lang="tr")
    assert not problems_of("STRAẞE", "Straße", lang="de")


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("they said the uh rapist spoke", "they said the{-- uh --}[^x]rapist spoke"),
        ("1 x 5", "1{-- x --}[^x]5"),
        ("they were nowhere near", "they were now{++ not ++}[^x]here near"),
        ("a therapist", "a the{++ t ++}[^x]rapist"),
        ("it is in Ten sity", "it is in{~~ Ten ~>ten~~}[^x]sity"),
        *(("not one", "no{~~t ~>~~}[^x]one"), ("the models", "the model{--s--}[^x]")),
        *(("the model", "the model{++s++}[^x]"), ("5 000", "5{-- --}[^x]000")),
    ],
)
def test_a_mark_that_joins_or_splits_a_word_is_a_problem(source: str, body: str) -> None:
    assert problems_of(source, f"{body}\n\n[^x]: garble, record: It was so.")


@pytest.mark.parametrize(
    ("heard", "said", "short"),
    [(1, 7, True), (1, 8, False), (12, 12, True), (13, 13, False), (41, 1, True)],
)
def test_a_mark_of_many_words_needs_somebody_who_listened(
    heard: int, said: int, short: bool
) -> None:
    source, correction = (" ".join([word] * size) for word, size in (("we", heard), ("you", said)))
    body = f"{{~~{source}~>{correction}~~}}[^x]\n\n[^x]: homophone, record: It sounds so."
    needed = f"this mark puts {said} words in the place of {heard}"
    assert (needed in problems_of(source, body)) is not short


def test_a_reason_without_a_word_is_none() -> None:
    body = "we {~~did~>do~~}[^x]\n\n[^x]: homophone, record: …"
    assert "has no reason" in problems_of("we did", body)


@pytest.mark.parametrize(
    ("heard", "said", "long"),
    [(2, 8, False), (2, 9, True), (12, 12, False), (13, 13, True), (40, 0, False), (41, 0, True)],
)
def test_no_mark_is_proposed_for_a_passage(heard: int, said: int, long: bool) -> None:
    around = " ".join(f"word{number}" for number in range(60))
    source, edition = (f"{around} {word * size}" for word, size in (("a ", heard), ("b ", said)))
    files = {"transcripts/talk.md": edition_file(f"**Ann:** {edition}"), "sources/talk.txt": source}
    [problem] = parse_corpus(tree(files)).problems
    assert ("change less at a time" in problem.remedy) is long


@pytest.mark.parametrize(
    "name",
    [
        "No, no, Sam lied when he said that, but I think",
        *("We lied!", "Ann; Bo", "Why?", "a" * 41, "Nobody knows. it is so", "He confessed. Ann"),
    ],
)
def test_a_sentence_is_no_name(name: str) -> None:
    found = problems_in(edition_file("**Ann:** so", speakers={"Ann": name}))
    assert any("is no name of a speaker" in what for what in found), found


@pytest.mark.parametrize(
    "name",
    ["Martin Luther King, Jr.", "J. R. R. Tolkien", "Dr. Ann Lee", "Ann’s voice", "SPEAKER_00"],
)
def test_a_name_is_a_name(name: str) -> None:
    assert problems_in(edition_file("**Ann:** so", speakers={"Ann": name})) == []


@pytest.mark.parametrize(
    "name", ["Ann:", "ann lee:", "*Ann:*", "“Ann”:", "Ann：", "- *Ann*:", "[Ann]:"]
)
def test_an_introduction_that_looks_like_a_turn_is_a_problem(name: str) -> None:
    found = problems_in(edition_file(f"{name} We lied.\n\n## So\n\n**Ann:** so"))
    assert any("into the mouth of" in what for what in found), found


def test_a_character_in_front_matter_is_named_written_by_its_number_too() -> None:
    for written in ("a\u200bb", r'"a\u200bb"', r'"a\xadb"', r'"a\U000E0041b"'):
        text = edition_file("**Ann:** so").replace("title: ", f"event: {written}\ntitle: ", 1)
        found = problems_in(text)
        assert any("has no place here" in what for what in found), (written, found)


@pytest.mark.parametrize(
    ("source", "body", "note"),
    [
        ("we did not lie", "we did{-- not--}[^x] lie", "takes out “not”"),
        ("we did lie", "we did{++ not++}[^x] lie", "puts in “not”"),
        ("we lost 12 million", "we lost {--12 million--}[^x]", "takes out “12”, “million”"),
        ("then Sam lied", "then {--Sam--}[^x] lied", "takes out “sam”"),
        ("Chris Ola in 1994", "Chris {~~Ola in 1994~>Olah in 2014~~}[^x]", ""),
        ("the the end", "the {--the--}[^x] end", ""),
    ],
)
def test_a_correction_that_turns_the_sense_stands_out(source: str, body: str, note: str) -> None:
    text = edition_file(f"**Ann:** {body}\n\n[^x]: garble: It was so.")
    files = plan_site(tree({"transcripts/talk.md": text, "sources/talk.txt": source})).files
    page, register = files["transcripts/talk.md"].decode(), files["corrections.md"].decode()
    assert (note in page, note in register, " sic-sense" in page) == (True, True, bool(note))


@pytest.mark.parametrize(("source", "edition"), [("-5", "5"), ("5", "-5"), ("-$5", "$5")])
def test_a_minus_is_marked_with_its_number(source: str, edition: str) -> None:
    whole = "it was {} degrees in the mill"
    mark = f"{{~~{source}~>{edition}~~}}[^x]"
    assert f"the source says “{source}” (line 1), the edition “{edition}”" in problems_of(
        whole.format(source), whole.format(edition)
    )
    reason = "\n\n[^x]: number?, sound: So."
    assert not problems_of(whole.format(source), whole.format(mark) + reason)
