"""Chapters akin to one another: which are shown, in which order, and at what cost."""

from collections.abc import Iterator

import pytest

from build_tools.build.plan import plan_site
from build_tools.transcript.related import MOST_LOOKUPS, ChapterKey, find_related
from tests.trees import edition_file, entry_file, tree


def chapters(*named: str, filler: int = 20) -> dict[ChapterKey, frozenset[str]]:
    """Chapters written as `slug number: entries`, among others that share nothing."""
    found = {}
    for line in named:
        key, _, entries = line.partition(":")
        slug, number = key.split()
        found[ChapterKey(slug, int(number))] = frozenset(entries.split())
    found |= {ChapterKey(f"z{n}", 0): frozenset({f"only-{n}"}) for n in range(filler)}
    return found


def kin_of(slug: str, number: int, *named: str, filler: int = 20) -> list[str]:
    """The kin of one chapter, as `slug number: shared entries`."""
    kin = find_related(chapters(*named, filler=filler)).get(ChapterKey(slug, number), ())
    return [f"{k.chapter.transcript} {k.chapter.number}: {' '.join(k.entries)}" for k in kin]


def test_two_shared_entries_make_chapters_akin_both_ways() -> None:
    named = ("a 0: scaling safety", "b 3: safety scaling trust")
    assert kin_of("a", 0, *named) == ["b 3: safety scaling"]
    assert kin_of("b", 3, *named) == ["a 0: safety scaling"]


def test_one_shared_entry_is_not_enough() -> None:
    assert kin_of("a", 0, "a 0: scaling safety", "b 0: scaling trust") == []


def test_chapters_of_one_transcript_are_not_akin() -> None:
    assert kin_of("a", 0, "a 0: scaling safety", "a 1: scaling safety") == []


def test_an_entry_of_more_than_a_quarter_of_all_chapters_does_not_count() -> None:
    named = ("a 0: x y", "b 0: x y", "c 0: x")
    assert kin_of("a", 0, *named, filler=9) == ["b 0: y x"]
    assert kin_of("a", 0, *named, filler=8) == []


def test_little_in_common_among_much_else_is_not_shown() -> None:
    much, more = (" ".join(f"{letter}{n}" for n in range(30)) for letter in "mn")
    named = (f"a 0: x y {much}", f"b 0: x y {more}", "c 0: x y", "d 0: x")
    assert kin_of("a", 0, *named) == ["c 0: y x"]
    assert kin_of("c", 0, *named) == ["a 0: y x", "b 0: y x"]


def test_the_nearest_three_are_shown_the_nearest_first() -> None:
    named = (
        "a 0: v w x y",
        *("b 0: v w", "c 0: v w x y", "d 0: v w x", "e 0: v w x p q r s t u", "f 0: g h"),
    )
    assert [kin.split(":")[0] for kin in kin_of("a", 0, *named)] == ["c 0", "d 0", "b 0"]


def test_equally_near_ones_are_ordered_by_name() -> None:
    named = ("m 0: x y", "d 0: x y", "c 1: x y", "c 0: x y", "b 0: x y")
    assert kin_of("m", 0, *named) == ["b 0: x y", "c 0: x y", "c 1: x y"]


def test_rare_entries_bring_nearer_than_common_ones() -> None:
    common = tuple(f"k{n} 0: p q" for n in range(4))
    named = ("a 0: p q x y", "b 0: p q i j", "c 0: x y k l", *common)
    assert kin_of("a", 0, *named)[0] == "c 0: x y"


def test_shared_entries_are_named_rarest_first() -> None:
    named = ("a 0: x y", "b 0: x y", "c 0: x", "d 0: p")
    assert kin_of("a", 0, *named) == ["b 0: y x"]


@pytest.mark.parametrize("named", [(), ("a 0:",), ("a 0:", "b 0:"), ("a 0: x", "b 0: x")])
def test_nothing_to_compare_is_no_kin(named: tuple[str, ...]) -> None:
    assert find_related(chapters(*named, filler=0)) == {}


def test_no_chapter_looks_up_more_than_its_share() -> None:
    # Entries of more chapters than may be looked up are passed over, those before them are not.
    crowd = [f"c{number:04} 0: x y" for number in range(MOST_LOOKUPS + 1)]
    named = ("a 0: p q x y", "b 0: p q x y", *crowd)
    kin = find_related(chapters(*named, filler=4 * MOST_LOOKUPS))
    assert [found.chapter.transcript for found in kin[ChapterKey("a", 0)]] == ["b"]
    assert ChapterKey("c0000", 0) not in kin


# On pages


def two_talks() -> Iterator[tuple[str, str]]:
    others = "".join(f"## Chapter {n}\n\nNothing of note {n}.\n\n" for n in range(4))
    words = "".join(f"Nothing of note {n}.\n" for n in range(4))
    for slug in ("first", "second"):
        yield f"sources/{slug}.txt", f"Gizmos and doodads.\n{words}"
        yield (
            f"transcripts/{slug}.md",
            edition_file(
                f"## On <b> *{slug}*\n\n> In brief.\n\nGizmos and doodads.\n\n{others}",
                title=f'The "{slug}" | talk',
                file=f"{slug}.txt",
                date="2024-05",
            ),
        )
    yield "glossary/gizmo.md", entry_file("Gizmo “1”", also=["gizmos"])
    yield "glossary/doodad.md", entry_file("Doodad", also=["doodads"])


def test_a_chapter_names_its_kin_behind_its_words() -> None:
    page = plan_site(tree(dict(two_talks()))).files["transcripts/first.md"].decode()
    assert (
        "{: .sic-on }\n\n"
        "Also discussed in: [On &lt;b&gt; &#42;second&#42;](../transcripts/second.md#l1"
        ' "Both name Doodad, Gizmo “1”"), The &quot;second&quot; &#124; talk, May 2024\n'
        "{: .sic-themes .sic-akin }\n\n"
    ) in page
    assert page.count("Also discussed in") == 1


def test_a_chapter_without_a_title_has_no_kin_and_is_none() -> None:
    files = dict(two_talks())
    files["transcripts/second.md"] = files["transcripts/second.md"].replace(
        "## On <b> *second*\n\n> In brief.\n\n", "**Ann:** "
    )
    planned = plan_site(tree(files)).files
    for slug in ("first", "second"):
        assert b"Also discussed" not in planned[f"transcripts/{slug}.md"]
