"""Renders new marks as suggestions for a pull request: lines of files as marked.

The suggestions are JSON data for a reviewer with rights to write. They hold no Markdown and no
commands, since a run of the contributor's own files made them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from build_tools.authoring.mark.marking import apply_edits
from build_tools.model.text import Edit, Text


def render_review(edited: Iterable[tuple[Text, Sequence[Edit]]]) -> str:
    """The suggestions for every text: whole lines, from `first` to `last`, with their replacement.

    Edits are in order; those that share a line are one suggestion.
    """
    suggestions = [one for text, edits in edited for one in _suggestions(text, edits)]
    return json.dumps({"suggestions": suggestions}, ensure_ascii=False, indent=2) + "\n"


def _suggestions(text: Text, edits: Sequence[Edit]) -> Iterator[dict[str, object]]:
    batch: list[Edit] = []
    for edit in edits:
        if batch and "\n" in text.content[batch[-1].end : edit.start]:
            yield _suggestion(text, batch)
            batch = []
        batch.append(edit)
    if batch:
        yield _suggestion(text, batch)


def _suggestion(text: Text, edits: Sequence[Edit]) -> dict[str, object]:
    content = text.content
    start = content.rfind("\n", 0, edits[0].start) + 1
    end = content.find("\n", edits[-1].end)
    end = len(content) if end < 0 else end
    return {
        "path": text.path,
        "first": text.place(start).line,
        "last": text.place(end).line,
        "lines": apply_edits(content[:end], edits)[start:].split("\n"),
    }
