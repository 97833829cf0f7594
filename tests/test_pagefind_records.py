"""Input of Pagefind: records of speech, and pages without parts that are not searched."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from build_tools.model.transcript import Passage, Piece
from build_tools.pages.search import group_passages, render_record

TAGS = {"html", "body", "i", "div", "span"}


def passage(
    speaker: str, chapter: str, number: int, said: str, transcript: str = "talk"
) -> Passage:
    return Passage(
        transcript, "A talk", "2024-05-22", chapter, speaker, f"t{number}", (Piece(said),)
    )


class _Parsed(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.values: dict[str, str] = {}
        self.ids: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = {name: value or "" for name, value in attrs}
        if "data-is" in found:
            name = found.get("data-pagefind-meta") or found["data-pagefind-filter"]
            self.values[name.removesuffix("[data-is]")] = found["data-is"]
        if "id" in found:
            self.ids.append(found["id"])

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_record_is_what_one_speaker_says_until_it_is_long_enough() -> None:
    long = "word " * 500
    passages = [
        passage("Ann", "First", 1, "Hello."),
        passage("Bo", "First", 2, "Yes."),
        passage("Ann", "Second", 3, long),
        passage("Ann", "Second", 4, "And more."),
        passage("Bo", "Third", 5, "No."),
        passage("Ann", "Third", 6, "Well."),
        passage("Ann", "", 7, "Others.", "other"),
    ]
    records = [[one.address for one in record] for record in group_passages(passages)]
    assert sorted(records) == [["t1", "t3", "t4"], ["t2", "t5"], ["t6"], ["t7"]]


def test_a_record_names_its_chapters_and_what_it_can_be_filtered_by() -> None:
    first = passage("Ann", "One, two: three", 1, "Hello.")
    (record,) = group_passages([first, passage("Ann", "Four", 9, "Bye.")])
    page = _Parsed(render_record(record))
    assert page.values == {
        "chapters": "t1 One, two: three ¶ t9 Four",
        "speaker": "Ann",
        "transcript": "A talk",
        "year": "2024",
    }
    assert page.ids == ["t1", "t9"]
    assert page.text.split() == ["Hello.", "Bye."]


def test_unknown_values_are_no_filter() -> None:
    (record,) = group_passages([passage("", "", 1, "Hello.")])
    assert _Parsed(render_record(record)).values.keys() == {"chapters", "transcript", "year"}


NAMES = st.sampled_from(["Ann", "Bo", ""])


@given(st.lists(st.tuples(NAMES, NAMES, st.sampled_from(["a", "b " * 300]))))
def test_every_passage_is_in_one_record_of_its_speaker(turns: list[tuple[str, str, str]]) -> None:
    passages = [passage(*turn[:2], number, turn[2]) for number, turn in enumerate(turns)]
    records = list(group_passages(passages))
    lines = [[int(one.address[1:]) for one in record] for record in records]
    assert sorted(line for found in lines for line in found) == list(range(len(passages)))
    assert all(found == sorted(found) for found in lines)
    assert all(len({one.speaker for one in record}) == 1 for record in records)


@given(st.text(), st.text(st.sampled_from("<>&\"' ;/=ltgampscri\0\n\u2028\u200b!-.[]")))
def test_whatever_is_said_a_record_holds_no_tag_but_its_own(said: str, more: str) -> None:
    hostile = Passage("talk", more, "2024", said, more, "l1", (Piece(said, more),))
    (record,) = group_passages([hostile])
    page = _Parsed(render_record(record))
    assert set(page.tags) <= TAGS
    assert page.ids == ["l1"]
