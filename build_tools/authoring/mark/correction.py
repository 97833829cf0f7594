"""Writes the correction that the form of a page composed, from the issue's text, into its edition.

`.github/workflows/apply.yml` runs the module once a maintainer has labelled the issue. A stranger
wrote the text: it comes in the environment, must match a strict pattern, and is only written if the
collection still passes the check.
"""

import os
import re
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from build_tools.authoring.mark import marking
from build_tools.authoring.mark.marking import Comparison
from build_tools.authoring.suggest.marks import render_mark
from build_tools.build.output import write_file
from build_tools.build.site import read_docs
from build_tools.checks.corpus import parse_corpus
from build_tools.model.address import ADDRESS, make_word_address, split_address
from build_tools.model.edition import Mark, Span
from build_tools.model.text import Edit, Place, Problem, ProblemsFoundError, Text
from build_tools.reading.critic import parse_spans, unescape
from build_tools.reading.edition import DEFINITION
from build_tools.reading.tree import Tree
from build_tools.text.differences import Difference
from build_tools.text.words import find_keys, is_unspaced

_DOCS = Path("docs")
_ISSUE = Place("the issue", 1)
_AGAIN = "open the form of the page again, and send what it writes unchanged"
# A lone carriage return would end a line of the edition; no file can hold half a character.
_SIGN = r"[^\r\n\ud800-\udfff]"
_BLOCK = re.compile(
    rf"""
    ^```text\n
    transcripts/(?P<slug> [a-z0-9]+ (?: -[a-z0-9]+ )* )\.md[ ]
    (?P<address> (?! .{{50}} ) {ADDRESS} )\n
    (?P<passage> {_SIGN}{{1,4000}} )\n
    (?: \[\^ (?P<label> [a-z0-9-]{{1,60}} ) \]:\  (?P<reason> {_SIGN}{{1,2000}} )\n )?
    (?: in\ place\ of\  (?P<old> {_SIGN}{{1,4000}} )\n )?
    (?: because:\  {_SIGN}{{1,2000}}\n )?
    ```$
    """,
    re.VERBOSE | re.MULTILINE,
)
_MARK = re.compile(
    r"\{(?:~~|\+\+|--)(?:\\.|[^\\])*?(?:~~|\+\+|--)\}(?:\[\^[^\]\[\s]{1,100}\])*", re.DOTALL
)


class Correction(NamedTuple):
    """The words heard and said at an address; words put in stand behind `before` or before `after`.

    `reason` is a footnote behind its label; without them, a correction is taken back. `old` is what
    the mark of these words says now, None if they have none.
    """

    slug: str
    address: str
    before: str
    heard: str
    said: str
    after: str
    label: str
    reason: str
    old: str | None


def main() -> None:
    """Writes the correction of the environment's ISSUE, and prints the path of its edition."""
    try:
        path, content = apply_correction(read_docs(_DOCS), os.environ["ISSUE"])
    except ProblemsFoundError as error:
        told = (f"{one.place}: {one.what}; {one.remedy}" for one in error.problems)
        sys.exit("\n".join(" ".join(line.split()) for line in told))
    write_file(_DOCS / path, content)
    print(_DOCS / path)


def apply_correction(tree: Tree, issue: str) -> tuple[str, bytes]:
    """The path and the new bytes of the edition that an issue corrects; or raises its problems."""
    correction, corpus = parse_correction(issue), parse_corpus(tree)
    found = {one.edition.slug: one for one in corpus.transcripts}.get(correction.slug)
    if not found:
        raise _refusal(f"there is no transcript {correction.slug} that passes the check")
    edits = place_correction(marking.compare(found.edition, found.source), correction)
    path = found.edition.path
    content = marking.edit_bytes(tree[path], edits)
    problems = parse_corpus({**tree, path: content}).problems
    if wrong := [one for one in problems if one not in corpus.problems and not one.warning]:
        raise ProblemsFoundError(wrong)
    return path, content


def parse_correction(issue: str) -> Correction:
    """The correction that an issue holds: one block with a place, a passage and a footnote."""
    issue = issue.replace("\r\n", "\n")
    blocks = list(_BLOCK.finditer(issue))
    if len(blocks) != 1:
        raise _refusal("it holds no correction, or several")
    # Whoever labels the issue must have seen the block.
    if "<!--" in _BLOCK.sub("", issue):
        raise _refusal("it holds a comment that its page hides")
    parts = ("slug", "address", "passage", "label", "reason", "old")
    slug, address, passage, label, reason, replaced = blocks[0].group(*parts)
    (before, mark, after), old = _parse_passage(passage), None
    if replaced:
        around, old, behind = _parse_passage(replaced)
        heard = find_keys(f"{before} {mark.heard if mark else ''} {after}")
        if not old or old.notes or heard != find_keys(f"{around} {old.heard} {behind}"):
            raise _refusal("it is not the same words in place of one mark")
        if not mark and not label:
            return Correction(slug, address, around, old.heard, "", behind, "", "", old.said)
    if not mark or not label or mark.notes != (label,):
        raise _refusal("it is not one mark with its footnote")
    plain = unescape(reason)
    told = parse_spans(Text("the issue", reason), 0, len(reason)).value
    if told != (Span(0, Mark.PLAIN, plain, plain),):
        raise _refusal("its reason is not plain text")
    words = (before, mark.heard, mark.said.strip(), after)
    return Correction(slug, address, *words, label, reason, old.said if old else None)


def _parse_passage(passage: str) -> tuple[str, Span | None, str]:
    """The words before the mark of a passage, the mark, and the words behind it."""
    spans, problems = parse_spans(Text("the issue", passage), 0, len(passage))
    marks = [span for span in spans if span.mark is not Mark.PLAIN]
    if problems or len(marks) > 1 or any(span.mark is not Mark.CHANGE for span in marks):
        raise _refusal("it is not one mark with its footnote")
    at = marks[0].offset if marks else len(passage)
    before = "".join(span.heard for span in spans if span.offset < at)
    after = "".join(span.heard for span in spans if span.offset > at)
    return before, marks[0] if marks else None, after


def place_correction(compared: Comparison, correction: Correction) -> tuple[Edit, ...]:
    """The edits that write a mark and its footnote where the words stand."""
    lang, source = compared.edition.lang, compared.source
    before, heard, after = (find_keys(text, lang) for text in correction[2:4] + correction[5:6])
    number = source.find_word(correction.address)
    if number is None and not heard:
        # Words that were put in may stand behind the last one of a line.
        line, word = split_address(correction.address)
        behind = source.find_word(make_word_address(line, word - 1)) if word > 1 else None
        number = None if behind is None else behind + 1
    wanted, is_again = (*before, *heard, *after), correction.old is not None
    is_here = number is not None and compared.keys[number:][: len(wanted)] == wanted
    if number is None or not is_here or not (wanted or is_again):
        raise _refusal(f"“{' '.join(wanted)}” does not stand at #{correction.address}")
    first = number + len(before)
    if is_again:
        return tuple(sorted(_correct_again(compared, correction, first)))
    label = _number_label(compared, correction.label)
    if heard:
        edit = _replace(compared, first, first + len(heard), correction.said, label)
    else:
        edit = _insert(compared, first, bool(before), render_mark("", correction.said, label, ""))
    footnotes = marking.append_footnotes(compared.content, [f"[^{label}]: {correction.reason}"])
    return edit, *footnotes


def _number_label(compared: Comparison, label: str, free: Collection[str] = ()) -> str:
    used = {one for span in compared.spans for one in span.notes}
    used |= {one.label for one in compared.edition.footnotes}
    return marking.number_label(label, used.difference(free))


def _correct_again(compared: Comparison, correction: Correction, first: int) -> Iterator[Edit]:
    """The edits of a mark and its footnotes; notes that only explain stay behind its words."""
    lang, starts = compared.edition.lang, compared.rejected.words.starts
    heard, said = (find_keys(text or "", lang) for text in (correction.heard, correction.old))
    found = [
        (span, offsets)
        for (span, at, *_), offsets in zip(compared.rejected.spans, compared.offsets, strict=True)
        if span.mark is Mark.CHANGE
        and bisect_left(starts, at) == first
        and (find_keys(span.heard, lang), find_keys(span.said, lang)) == (heard, said)
    ]
    if len(found) != 1:
        words = f"“{correction.heard}” is not corrected to “{correction.old}”"
        raise _refusal(f"{words} at #{correction.address}")
    (span, offsets), content = found[0], compared.content
    defined = {one.label: one for one in compared.edition.footnotes}
    reasons = [one for one in span.notes if defined[one].kind.corrects_words]
    uses = Counter(one for other in compared.spans for one in other.notes)
    alone = [one for one in reasons if uses[one] == 1]
    label = _number_label(compared, correction.label, alone) if correction.label else ""
    raw, start = content[offsets[0] : offsets[-1]], span.offset
    whole = _MARK.match(content, start)
    if not whole:
        raise _refusal("its mark cannot be read")
    if label:
        blank, core = raw[: len(raw) - len(raw.lstrip())], raw.strip()
        raw = blank + render_mark(core, correction.said, label, "")
    elif not raw and content[start - 1].isspace():
        start -= 1
    kept = "".join(f"[^{one}]" for one in span.notes if one not in reasons)
    yield Edit(start, whole.end(), raw + kept)
    here_only = any(defined[one].here_only for one in reasons)
    reason = correction.reason.replace(":", ", here only:", 1) if here_only else correction.reason
    footnote = f"[^{label}]: {reason}" if label else ""
    for one in alone:
        if definition := DEFINITION.match(content, defined[one].offset):
            # A line that is taken out leaves no empty one.
            yield Edit(definition.start(), definition.end() + (not footnote), footnote)
            footnote = ""
    if footnote:
        yield from marking.append_footnotes(content, [footnote])


def _replace(compared: Comparison, first: int, end: int, said: str, label: str) -> Edit:
    """The mark around plain words of one span, or in place of a doubt about exactly these words."""
    words, content = compared.words, compared.content
    number, start, stop = words[first].span, words[first].start, words[end - 1].end
    raw, span = content[start:stop], compared.spans[number]
    if span.mark is Mark.DOUBT and find_keys(span.heard) == compared.keys[first:end]:
        start, stop = span.offset, content.index("<<}", stop) + len("<<}")
    elif span.mark is not Mark.PLAIN or words[end - 1].last_span != number:
        raise _refusal(f"“{raw}” stands in a mark, or across the edge of a title or a link")
    if not said and first and "\n\n" not in words[first].gap and content[start - 1].isspace():
        start, raw = start - 1, f" {raw}"
    return Edit(start, stop, render_mark(raw, said, label, ""))


def _insert(compared: Comparison, word: int, behind: bool, mark: str) -> Edit:
    """The mark of words that are put in: behind the word before them, or before a word."""
    blank = "" if is_unspaced(compared.keys[word - behind][0]) else " "
    if behind:
        place = marking.place_rejection(compared, Difference(word, word, word, word))
        if place and not place[1]:
            return Edit(place[0], place[0], f"{blank}{mark}")
    elif compared.spans[compared.words[word].span].mark is Mark.PLAIN:
        start = compared.words[word].start
        return Edit(start, start, f"{mark}{blank}")
    raise _refusal("its words cannot be put in beside other marks")


def _refusal(what: str) -> ProblemsFoundError:
    return ProblemsFoundError([Problem(_ISSUE, what, _AGAIN)])


if __name__ == "__main__":
    main()
