"""Times of another source: found by words, told where there are none, and no address of them."""

import random
from itertools import pairwise

import pytest

from build_tools.build.plan import check_tree, plan_site
from build_tools.checks.corpus import parse_corpus
from build_tools.model.source import Source
from build_tools.model.text import Problem
from build_tools.reading.tree import read_tree
from build_tools.sources.borrowing import borrow_times
from tests.pages import ROOT
from tests.trees import read_source, tree

TIMED = "00:10We met Chris Olah in Paris\n00:20and spoke of neurons.\n00:30Then we left the town.\n"
UNTIMED = "We met Chris Ola in Paris and\nspoke of neurons. Then\nwe left the town.\n"


def starts(source: Source) -> list[int]:
    return [cue.start if cue.start is not None else -1 for cue in source.cues]


def test_a_line_begins_with_its_first_word() -> None:
    borrowed = borrow_times(read_source(UNTIMED), read_source(TIMED, form="clock"))
    first, second, third = starts(borrowed.source)
    assert first == 10_000
    assert 20_000 < second < 25_000
    assert 30_000 < third < 35_000
    assert [cue.address for cue in borrowed.source.cues] == ["l1", "l2", "l3"]
    assert borrowed.matched == 14
    assert borrowed.unmatched == ()


def test_words_of_one_source_alone_share_the_time_between() -> None:
    timed = "00:10We met Chris Olah in Paris\n00:30Then we left the old town.\n"
    untimed = (
        "This is our own announcement.\nWe met Chris Olah in Paris\nand so it was,\n"
        "as I said before.\nThen we left the old town.\nThank you all for listening.\n"
    )
    borrowed = borrow_times(read_source(untimed), read_source(timed, form="clock"))
    times = starts(borrowed.source)
    assert borrowed.unmatched == ((1, 1), (3, 4), (6, 6))
    assert times == sorted(times)
    assert (times[1], times[4]) == (10_000, 30_000)
    assert times[0] < 10_000
    assert times[5] > 30_000


def test_two_talks_have_nothing_in_common() -> None:
    borrowed = borrow_times(read_source("one two three\n"), read_source("00:01x y\n", form="clock"))
    assert borrowed.matched == 0
    assert borrowed.unmatched == ((1, 1),)


def test_words_that_come_again_and_again_are_no_landmarks() -> None:
    song = " ".join(["la"] * 300)
    timed = f"00:10We met Chris Olah in Paris\n00:20{song}\n00:50Then we left the town\n"
    untimed = f"We met Chris Olah in Paris\n{song}\nThen we left the town\n"
    borrowed = borrow_times(read_source(untimed), read_source(timed, form="clock"))
    assert starts(borrowed.source) == [10_000, 20_000, 50_000]


@pytest.mark.parametrize("seed", range(3))
def test_a_perturbed_copy_gives_the_times_back(seed: int) -> None:
    """The words of a real talk in lines of their own, with every twelfth word misheard or gone."""
    timed = read_source(
        (ROOT / "docs/sources/vivatech-2024.txt").read_text(encoding="utf-8"),
        form="clock",
        furniture=[*range(1, 6), 368],
    )
    chance = random.Random(seed)
    lines: list[str] = []
    truth: list[float] = []
    for number, cue in enumerate(timed.cues):
        words = cue.text.split()
        start = cue.start or 0
        end = (timed.cues[number + 1].start if number + 1 < len(timed.cues) else None) or start
        # Lines end elsewhere than cues do.
        cut = chance.randrange(len(words))
        for at, part in ((0, words[:cut]), (cut, words[cut:])):
            kept = [word for word in (_mishear(word, chance) for word in part) if word]
            if any(sign.isalnum() for word in kept for sign in word):
                lines.append(" ".join(kept))
                said = len(" ".join(words[:at])) / len(cue.text)
                truth.append(start + (end - start) * said)
    borrowed = borrow_times(read_source("\n".join(lines)), timed)
    found = starts(borrowed.source)
    assert len(found) == len(truth)
    near = sum(abs(one - other) <= 2000 for one, other in zip(found, truth, strict=True))
    assert near >= 0.95 * len(truth), near / len(truth)
    assert all(one <= two for one, two in pairwise(found))
    assert borrowed.matched >= 0.9 * len(borrowed.source.words)


def _mishear(word: str, chance: random.Random) -> str:
    roll = chance.random()
    if roll < 0.04:
        return ""
    if roll < 0.08:
        return f"{word} uhm"
    return "garble" if roll < 0.12 else word


# In an edition ----------------------------------------------------------------------------------

HEAD = """---
title: A talk
date: 2024-05-22
source:
  file: talk.txt
  format: plain
timing:
  file: {file}
  format: {form}
---

## We begin

We met Chris {{~~Ola~>Olah~~}}[^olah] in Paris and spoke of neurons. Then we left the town.

[^olah]: name, record: He writes it so.
"""


def talk(
    *, file: str = "talk.panel.txt", form: str = "clock", timed: str = TIMED
) -> dict[str, bytes]:
    return tree(
        {
            "sources/talk.txt": UNTIMED,
            "sources/talk.panel.txt": timed,
            "transcripts/talk.md": HEAD.format(file=file, form=form),
        }
    )


def problems(files: dict[str, bytes]) -> list[Problem]:
    return list(check_tree(files))


def test_borrowed_times_make_captions_and_move_no_address() -> None:
    files = plan_site(talk()).files
    captions = files["transcripts/talk/talk.vtt"].decode()
    assert captions.startswith(
        "WEBVTT\n\n00:00:10.000 --> 00:00:21.818\nWe met Chris Olah in Paris and\n"
    ), captions
    assert b"#l1" in files["transcripts/talk.md"]
    assert b"#t1" not in files["transcripts/talk.md"]
    assert b'"time": null' in files["transcripts/talk/transcript.json"]
    without = talk()
    head = without["transcripts/talk.md"].decode()
    cut = head.index("timing:")
    without["transcripts/talk.md"] = (head[:cut] + head[head.index("---\n", cut) :]).encode()
    plain = plan_site(without).files
    added = {f"transcripts/talk/talk.{end}" for end in ("vtt", "srt")}
    added |= {f"transcripts/talk/talk.{end}.json" for end in ("podcast", "chapters")}
    assert files.keys() - plain.keys() == added
    # Lists of files and the edition itself may name the source; the speech may not.
    lists = {"downloads.md", "transcripts/talk.md", "transcripts/talk/edition.md.txt"}
    unlisted = plain.keys() - lists
    assert {path: files[path] for path in unlisted} == {path: plain[path] for path in unlisted}
    spoken, as_before = (
        made["transcripts/talk.md"].split(b"</details>")[-1] for made in (files, plain)
    )
    assert spoken == as_before


def test_borrowed_times_are_reported() -> None:
    (told,) = problems(talk())
    assert told.warning
    assert str(told.place) == "docs/transcripts/talk.md:8:3"
    assert told.what == "times borrowed from talk.panel.txt: 14 of 15 words (93.3%) matched"
    (told,) = problems(talk(timed="00:10We met Chris Olah in Paris\n00:20and spoke of neurons.\n"))
    assert told.what.endswith("(60.0%) matched; of lines 3 none")


@pytest.mark.parametrize(
    ("files", "what"),
    [
        (talk(file="none.txt"), "the source “none.txt” is not in docs/sources/"),
        (talk(form="clok"), "“clok” is no format of sources"),
        (talk(form="plain"), "timing: talk.panel.txt has no times"),
        (
            talk(timed="00:01Quite another talk it is.\n"),
            "talk.panel.txt has only 0 of 15 words (0.0%) in common with the source",
        ),
        (talk(file="../talk.txt"), "the source “../talk.txt” is not in docs/sources/"),
    ],
)
def test_a_timing_that_cannot_be_used_is_reported(files: dict[str, bytes], what: str) -> None:
    (problem,) = problems(files)
    assert problem.what == what
    assert not problem.warning
    assert problem.place.line in (8, 9)


def test_a_source_with_times_borrows_none() -> None:
    files = talk()
    files["sources/talk.txt"] = TIMED.replace("Olah", "Ola").encode()
    files["transcripts/talk.md"] = files["transcripts/talk.md"].replace(
        b"format: plain", b"format: clock"
    )
    (problem,) = problems(files)
    assert (problem.what, problem.remedy) == ("the source has times of its own", "take timing: out")


def test_a_real_transcript_without_times_borrows_them() -> None:
    """Lines with times of their own make, word for word, the captions of the other transcript."""
    corpus = parse_corpus(read_tree(ROOT / "docs"))
    bartlett = next(t for t in corpus.transcripts if t.edition.slug == "logan-bartlett-2023")
    timed = "\n".join(
        f"{4 * number // 60:02}:{4 * number % 60:02}{cue.text}"
        for number, cue in enumerate(bartlett.source.cues)
    )
    borrowed = borrow_times(bartlett.source, read_source(timed, form="clock"))
    assert borrowed.matched == len(bartlett.source.words)
    assert starts(borrowed.source) == [4000 * n for n in range(len(bartlett.source.cues))]
