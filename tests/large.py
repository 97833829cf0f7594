"""Collections of many short talks: what lists hold of them grows, what they cost to compile not."""

from build_tools.model.glossary import KINDS
from build_tools.reading.rejection import reject_marks
from tests.trees import edition_file, entry_file, read_edition, tree

_LETTERS = ("a", "b", "m", "é", "ש", "9")
_BODY = """\
## Of looms

**Host:** Talk {number} is of {{~~lumes~>looms~~}}[^loom] and {{~~magnates~>magnets~~}}[^magnet].

**Guest:** Of {{==looms==}}{{>>“Looms” or “rooms”?<<}}, and [nothing](https://example.org/) else.

[^loom]: term, record: They *weave*; see [the entry](../glossary/loom.md).
[^magnet]: homophone, record, here only: They draw.
"""


def many_talks(talks: int, entries: int = 0, *, years: int = 5) -> dict[str, bytes]:
    """A number of talks over some years that name two entries each, and as many entries again."""
    files = {
        "index.md": "# Home\n",
        "glossary/loom.md": entry_file("loom", also=["looms"]),
        "glossary/magnet.md": entry_file("magnet", also=["magnets"]),
    }
    for number in range(talks):
        slug = f"talk-{number:04}"
        text = edition_file(
            _BODY.format(number=number),
            title=f"Talk *{number}*",
            date=f"{2024 - number % years}-{number % 12 + 1:02}-11",
            description="What is said in it, in a sentence.",
            file=f"{slug}.txt",
            speakers={"Host": "Ann Lee", "Guest": f"Bo {number // 2} Berg"},
        )
        files[f"transcripts/{slug}.md"] = text
        files[f"sources/{slug}.txt"] = reject_marks(read_edition(text)).heard
    for number in range(entries):
        term = f"{_LETTERS[number % len(_LETTERS)]}-{number} thing"
        kind = list(KINDS)[number % 2]
        files[f"glossary/thing-{number:05}.md"] = entry_file(term, kind=kind)
    return tree(files)
