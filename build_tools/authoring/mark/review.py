"""What a pull request is to be shown: lines of its files as they would stand with their marks.

It is data for whoever may write there. Nothing of it is Markdown or a command, since it comes out
of a run of the contributor's own files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from build_tools.model.text import Edit, Text


def render_review(edited: Iterable[tuple[Text, Sequence[Edit]]]) -> str:
    """The suggestions for every text: whole lines, from `first` to `last`, and what replaces them.

    Edits are in order; those that share a line are one suggestion.
    """
    suggestions = [one for text, edits in edited for one in _suggestions(text, edits)]
    return json.dumps({"suggestions": suggestions}, ensure_ascii=False, indent=2) + "\n"


def _suggestions(text: Text, edits: Sequence[Edit]) -> Iterator[dict[str, object]]:
    content = text.content
    held: list[Edit] = []
    for edit in edits:
        if held and "\n" in content[held[-1].end : edit.start]:
            yield _suggestion(text, held)
            held = []
        held.append(edit)
    if held:
        yield _suggestion(text, held)


def _suggestion(text: Text, edits: Sequence[Edit]) -> dict[str, object]:
    content = text.content
    begin = content.rfind("\n", 0, edits[0].start) + 1
    end = content.find("\n", edits[-1].end)
    end = len(content) if end < 0 else end
    position, pieces = begin, []
    for edit in edits:
        pieces += [content[position : edit.start], edit.written]
        position = edit.end
    lines = "".join([*pieces, content[position:end]]).split("\n")
    return {
        "path": text.path,
        "first": text.place(begin).line,
        "last": text.place(end).line,
        "lines": lines,
    }
