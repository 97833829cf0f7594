"""The longest that any input of a megabyte takes, reader by reader; prints a table.

    python -m tests.benchmarks.worst [--reader NAME] [--size BYTES] [--above SECONDS]

Inputs are made to hurt: one sign without end, marks that never close, nesting, names and notes by
the hundred thousand. Seconds are processor time, of one process. What takes longer than `LIMIT` is
stopped and counts as that.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import FrameType
from typing import NamedTuple

import click

from build_tools.corpus import mark_editions, parse_corpus
from build_tools.edition import parse_edition, reject_marks
from build_tools.glossary import parse_entry
from build_tools.intake import Request, plan_intake
from build_tools.model import ProblemsFoundError, Text
from build_tools.plan import check_tree, plan_site
from build_tools.sources import FORMATS, parse_source, recognise_formats
from build_tools.suggest import suggest
from build_tools.theme import parse_theme
from tests.foreign import WRITTEN, Said
from tests.trees import edition_file, entry_file, theme_file, tree

SIZE = 1_000_000
LIMIT = 10.0


class Case(NamedTuple):
    """An input for a reader: a name for it, and what is run on it."""

    reader: str
    name: str
    run: Callable[[], object]


# What is repeated up to a megabyte -------------------------------------------------------------

REPEATED = {
    "one letter": "a",
    "one-letter words": "a ",
    "different words": "",
    "blanks": " ",
    "tabs": "\t",
    "blank lines": "\n",
    "lines of a letter": "a\n",
    "paragraphs of a letter": "a\n\n",
    "no-break spaces": "\u00a0",
    "combining marks": "\u0301",
    "letters with marks": "e\u0301",
    "zero-width joiners": "\u200d",
    "right-to-left marks": "\u202e",
    "null characters": "\0",
    "Han": "語",
    "İ": "İ",
    "digits": "1",
    "numbers": "1 ",
    "points and digits": "1.",
    "clocks": "00:00 ",
    "clocks in lines": "00:00\n",
    "clocks with text": "00:00 a\n",
    "glued clocks": "00:00a\n",
    "arrows": "-->",
    "times": "00:00:00.000 --> 00:00:01.000\n",
    "times and a word": "00:00:00.000 --> 00:00:01.000\na\n\n",
    "names": "Ann: a\n",
    "different names": "",
    "colons": ":",
    "colons in lines": "a:\n",
    "header lines": "Ann  0:01\na\n",
    "brackets with clocks": "[00:00] Ann: a\n",
    "bold names": "**Ann:** a\n\n",
    "stars": "*",
    "starred words": "*a* ",
    "half-starred words": "*a ",
    "double stars": "** ",
    "underscores": "_",
    "backslashes": "\\",
    "backslashed stars": "\\*",
    "opening brackets": "[",
    "brackets and blanks": "[ ",
    "closing brackets": "]",
    "links": "[a](b) ",
    "link openings": "[a](",
    "link closings": "](a)",
    "nested links": "[[a](b)",
    "images": "![a](b) ",
    "notes": "[^a]",
    "note openings": "[^",
    "definitions": "[^a]: name: b\n",
    "different definitions": "",
    "definitions openings": "[^a]:\n",
    "additions": "{++a++}",
    "noted additions": "{++a++}[^a] ",
    "addition openings": "{++",
    "rejections": "{--a--}[^a] ",
    "rejection openings": "{--",
    "rejection closings": "--}",
    "substitutions": "{~~a~>b~~}[^a] ",
    "substitution openings": "{~~",
    "substitution halves": "{~~a~>",
    "doubts": "{==a==}{>>b<<} ",
    "doubt openings": "{==a==}{>>",
    "arrows of marks": "~>",
    "braces": "{",
    "headings": "## a\n\n",
    "heading signs": "#",
    "headings unparted": "## a\n",
    "quotations": "> a\n",
    "quotation signs": ">",
    "quotes": '"',
    "curly quotes": "“a ",
    "quoted lines": "> “a”\n",
    "apostrophes": "a'",
    "hyphens": "-",
    "rules": "---\n",
    "ampersands": "&",
    "references": "&amp;",
    "reference openings": "&#",
    "less-than signs": "<",
    "tags": "<b>",
    "tag openings": "<b ",
    "voices": "<v Ann>a</v>",
    "comments": "<!-- -->",
    "comment openings": "<!--",
    "entities": "<!ENTITY a 'a'>",
    "commas": ",",
    "quoted cells": '"a",',
    "open quoted cells": '"a',
    "tabbed cells": "a\t",
    "semicolons": ";",
    "sentences": "So it is. ",
    "questions": "a? ",
    "addresses": "https://a.example/ ",
    "bars": "|",
    "backticks": "`",
    "code fences": "```\n",
    "list items": "- ",
    "nested lists": "- - ",
    "carriage returns": "\r",
    "separators": "\u2028",
    "opening braces of JSON": '{"a":',
    "opening lists of JSON": "[",
    "bracketed asides": "[music] ",
    "dashes of speakers": "- a\n",
    "chevrons of speakers": ">> a ",
}
_COUNTED = {
    "different words": "w{:x} ",
    "different names": "N{:x}: a\n",
    "different definitions": "[^n{:x}]: name: b\n",
}


def fill(name: str) -> str:
    """So much as is wanted of what has this name."""
    size = SIZE
    if name in _COUNTED:
        form = _COUNTED[name]
        return "".join(map(form.format, range(size // len(form.format(65535)))))
    piece = REPEATED[name]
    return piece * (size // len(piece.encode()))


def _bodies() -> Iterator[tuple[str, str]]:
    """Texts for every reader of text."""
    for name in REPEATED:
        yield name, fill(name)
    yield "one letter and a star", "a" * SIZE + "*"
    yield "one doubt", "{==" + fill("one-letter words") + "==}{>>b<<}"
    yield "one link", "[" + fill("one-letter words") + "](b)"
    yield "one emphasis", "*" + fill("one-letter words") + "*"
    yield "a paragraph of lines", "a b\n" * (SIZE // 4)
    yield "emphasis over lines", "*" + "a\n" * (SIZE // 2) + "*"
    yield "noted words", "".join(f"a[^n{number}] " for number in range(SIZE // 11))
    yield (
        "notes and definitions",
        "".join(f"{{++a++}}[^{number}] " for number in range(SIZE // 33))
        + "\n\n"
        + "".join(f"[^{number}]: name: b\n" for number in range(SIZE // 33)),
    )
    yield (
        "undefined notes, many defined",
        (
            "".join(f"a[^m{number}] " for number in range(SIZE // 33))
            + "\n\n"
            + "".join(f"[^n{number}]: note: b\n" for number in range(SIZE // 33))
        ),
    )


# Heads -----------------------------------------------------------------------------------------


def _heads() -> Iterator[tuple[str, str]]:
    """YAML that hurts."""
    laughs = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    laughs += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    yield "billion laughs", "\n".join(laughs)
    for name, piece in {
        "opening lists": "[",
        "opening mappings": "{",
        "nested mappings": "{a: ",
        "dashes": "- ",
        "question marks": "? ",
        "anchors": "&a ",
        "different anchors": "",
        "tags": "!a ",
        "bars": "|\n",
        "quotes": '"',
        "single quotes": "'",
        "double quoted": '"a" ',
        "backslashes": "\\",
        "colons": "a: ",
        "keys": "",
        "same keys": "a: b\n",
        "comments": "# a\n",
        "blanks": " ",
        "blank lines": "\n",
        "merge keys": "<<: ",
        "percent signs": "%",
        "documents": "...\n",
        "digits": "1",
        "underscored digits": "1_",
        "sexagesimal": "1:",
    }.items():
        if piece:
            repeated = piece * ((SIZE - 200) // len(piece))
        elif name == "keys":
            repeated = "".join(f"k{number:06}: a\n" for number in range(SIZE // 12))
        else:
            repeated = "".join(f"- &a{number:06} a\n" for number in range(SIZE // 14))
        yield name, repeated
        yield f"title: {name}", f"title: {repeated}"
        yield f"list of {name}", "also:\n" + "\n".join(f"  {line}" for line in repeated.split("\n"))
    yield "speakers", "speakers:\n" + "".join(f"  N{n:06}: a\n" for n in range(SIZE // 14))
    yield "furniture", "source:\n  furniture: [" + "1-999999, " * (SIZE // 10) + "]"
    yield "long furniture", "source:\n  furniture: [" + "1-9, " * (SIZE // 6) + "]"
    yield "also", "also: [" + "".join(f"n{n:06}, " for n in range(SIZE // 9)) + "]"
    yield "see", "see: [" + "".join(f"n{n:06}, " for n in range(SIZE // 9)) + "]"
    yield "sources", "sources:\n" + "  - title: a\n" * (SIZE // 13)
    yield "deep indents", "\n".join(" " * n + "a:" for n in range(1400))


def _edition(body: str) -> str:
    return edition_file(body + "\n")


def _editions() -> Iterator[Case]:
    for name, body in _bodies():
        text = Text("docs/transcripts/talk.md", _edition(body))
        yield Case("edition", name, partial(parse_edition, "talk", text))
        text = Text("docs/transcripts/talk.md", _edition("**Ann:** " + body))
        yield Case("edition", f"a turn of {name}", partial(parse_edition, "talk", text))
        text = Text("docs/transcripts/talk.md", _edition("## C\n\n> " + body))
        yield Case("edition", f"a summary of {name}", partial(parse_edition, "talk", text))
        text = Text("docs/transcripts/talk.md", _edition("a\n\n[^a]: name: " + body))
        yield Case("edition", f"a footnote of {name}", partial(parse_edition, "talk", text))
    for name, head in _heads():
        text = Text("docs/transcripts/talk.md", f"---\n{head}\n---\na\n")
        yield Case("edition", f"a head: {name}", partial(parse_edition, "talk", text))


def _entries() -> Iterator[Case]:
    for name, body in _bodies():
        entry = Text("docs/glossary/a.md", entry_file("A", body + "\n"))
        yield Case("entry", name, partial(parse_entry, "a", entry))
        theme = Text("docs/then-and-now/a.md", theme_file("A", body + "\n"))
        yield Case("theme", name, partial(parse_theme, "a", theme))
    for name, head in _heads():
        text = Text("docs/glossary/a.md", f"---\n{head}\n---\na\n")
        yield Case("entry", f"a head: {name}", partial(parse_entry, "a", text))


# Sources ---------------------------------------------------------------------------------------

_DAY = "2024-05-22"


def _intake(data: bytes, form: str) -> None:
    try:
        plan_intake(Request("talk.txt", data, date=_DAY, format=form))
    except ProblemsFoundError:
        return


_ORDINARY = ("So", "it", "is", "what", "we", "said", "then,", "and", "nobody", "knew", "why.")


def _talk(length: int, words: Sequence[str]) -> list[Said]:
    return [
        Said(2 * n, 2 * n + 2, ("Ann Lee", "Bo")[n // 3 % 2], tuple(words)) for n in range(length)
    ]


def _sources() -> Iterator[Case]:
    for foreign in WRITTEN:
        for name, words in (("an ordinary talk", _ORDINARY), ("one word a cue", ("a",))):
            one = len(foreign.write(_talk(100, words)).encode()) / 100
            data = foreign.write(_talk(int(SIZE / one), words)).encode()
            yield Case(foreign.form, name, partial(_intake, data, foreign.form))
        signs = foreign.write([Said(0, 2, "Ann Lee", ("qqq",)), Said(2, 4, "Bo", ("b",))])
        for name, body in _bodies():
            if foreign.form in _JSON:
                body = body.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
                body = body.replace("\t", "\\t").replace("\r", "\\r").replace("\0", "\\u0000")
            data = signs.replace("qqq", body).encode()
            yield Case(foreign.form, name, partial(_read, data, foreign.form))
    for form in FORMATS:
        for name, body in _bodies():
            yield Case(f"{form}, bare", name, partial(_read, body.encode(), form))
    for name, body in _bodies():
        yield Case("recognise", name, partial(recognise_formats, "talk.txt", body))
        yield Case("import", name, partial(_intake, body.encode(), ""))


_JSON = frozenset(foreign.form for foreign in WRITTEN if foreign.name.startswith("talk.json"))


def _read(data: bytes, form: str) -> None:
    parse_source("docs/sources/talk.txt", data, form, frozenset())


# Trees -----------------------------------------------------------------------------------------


def _trees() -> Iterator[tuple[str, dict[str, bytes]]]:
    """An edition of a megabyte, faithful to its source where it can be."""
    other = "b a c a b " * (SIZE // 25)
    for name, body in _bodies():
        text = _edition("## C\n\n**Ann:** " + body)
        edition = parse_edition("talk", Text("docs/transcripts/talk.md", text)).edition
        if edition:
            yield (
                name,
                tree(
                    {
                        "sources/talk.txt": reject_marks(edition).heard,
                        "transcripts/talk.md": text,
                        "glossary/a.md": entry_file("A thing", also=["a a", "b"]),
                    }
                ),
            )
            yield (
                f"{name} of another source",
                tree({"sources/talk.txt": other, "transcripts/talk.md": text}),
            )
    many = {f"N{n:06}": "Ann Lee" for n in range(SIZE // 33)}
    yield (
        "speakers",
        tree(
            {
                "sources/talk.txt": "a " * (SIZE // 33),
                "transcripts/talk.md": edition_file(
                    "".join(f"**{one}:** a\n\n" for one in many), speakers=many
                ),
            }
        ),
    )
    half = " ".join(_ORDINARY[n * 7919 % len(_ORDINARY)] for n in range(SIZE // 5))
    yield (
        "every fifth word changed",
        tree(
            {
                "sources/talk.txt": half,
                "transcripts/talk.md": _edition(
                    "**Ann:** "
                    + " ".join(
                        "changed" if n % 5 == 0 else word for n, word in enumerate(half.split())
                    )
                ),
            }
        ),
    )
    yield (
        "every word moved",
        tree(
            {
                "sources/talk.txt": half,
                "transcripts/talk.md": _edition("**Ann:** " + " ".join(reversed(half.split()))),
            }
        ),
    )


def _tree_cases() -> Iterator[Case]:
    for name, made in _trees():
        yield Case("check", name, partial(check_tree, made))
        yield Case("compile", name, partial(_plan, made))
        yield Case("mark", name, partial(_mark, made))
        yield Case("suggest", name, partial(_suggest, made))


def _plan(made: dict[str, bytes]) -> None:
    try:
        plan = plan_site(made, exports=False)
    except ProblemsFoundError:
        return
    for path in plan.files:
        plan.files[path]


def _mark(made: dict[str, bytes]) -> None:
    list(mark_editions(parse_corpus(made)))


def _suggest(made: dict[str, bytes]) -> None:
    corpus = parse_corpus(made)
    for transcript in corpus.transcripts:
        suggest(transcript, corpus.entries, corpus.transcripts)


# Measuring -------------------------------------------------------------------------------------


class _TooLongError(Exception):
    pass


def _stop(_: int, __: FrameType | None) -> None:
    raise _TooLongError


def measure(case: Case) -> float:
    """Seconds of processor time; at most `LIMIT`, unless a single call takes longer."""
    signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    started = time.process_time()
    try:
        case.run()
    except _TooLongError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - started


@click.command()
@click.option("--reader", "readers", multiple=True, help="Of these readers alone.")
@click.option("--size", default=SIZE, show_default=True, help="Of each input, in bytes.")
@click.option("--above", default=0.0, help="Print each input that takes longer, in seconds.")
def main(readers: tuple[str, ...], size: int, above: float) -> None:
    """Prints the worst time of each reader, and of which input it is."""
    global SIZE
    SIZE = size
    worst: dict[str, tuple[float, str]] = {}
    for cases in (_editions, _entries, _sources, _tree_cases):
        for case in cases():
            if readers and case.reader not in readers:
                continue
            seconds = measure(case)
            if above and seconds > above:
                print(f"{seconds:6.2f} s  {case.reader}: {case.name}", flush=True)
            worst[case.reader] = max(worst.get(case.reader, (0.0, "")), (seconds, case.name))
    print("| reader | worst | of |\n|---|--:|---|")
    for reader, (seconds, name) in worst.items():
        print(f"| {reader} | {seconds:.2f} s | {name} |")


if __name__ == "__main__":
    main()
