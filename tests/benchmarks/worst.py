"""The longest that any input of a megabyte takes, reader by reader; prints a table.

    python -m tests.benchmarks.worst [--reader NAME] [--size BYTES] [--above SECONDS]

Inputs are made to hurt: one sign without end, marks that never close, nesting, names and notes by
the hundred thousand. Seconds are processor time, of one process that looks for rubbish as seldom as
`sic` does. What takes longer than `LIMIT` is stopped and counts as that.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType
from typing import NamedTuple

import click

from build_tools.corpus import mark_editions, parse_corpus
from build_tools.edition import parse_edition, reject_marks
from build_tools.front_matter import LONGEST_HEAD
from build_tools.glossary import parse_entry
from build_tools.intake import Request, plan_intake
from build_tools.model import ProblemsFoundError, Text
from build_tools.plan import check_tree, plan_site
from build_tools.processes import collect_seldom
from build_tools.sources import FORMATS, parse_source, recognise_formats
from build_tools.suggest import suggest
from build_tools.theme import parse_theme
from tests.foreign import WRITTEN, Said
from tests.trees import edition_file, entry_file, theme_file, tree

SIZE = 1_000_000
LIMIT = 10.0


# Whether a reader is measured at all: inputs of the others are not made.
Wanted = Callable[[str], bool]


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
    "little pictures": "😀",
    "Thai": "ก็",
    "letters that fold to three": "ΐ",
    "letters that fold to eighteen": "ﷺ",
    "marks of two orders": "a\u0301\u0323",
    "soft hyphens": "a\u00ad",
    "curly apostrophes": "a’",
    "double brackets": "[[",
    "double bracketed words": "[[a]] ",
    "link halves": "[a] (b) ",
    "links to addresses": "[a](#l1) ",
    "links of words": "[a](b)a",
    "starred links": "*[a](b)* ",
    "bold words": "**a** ",
    "bold and starred words": "***a*** ",
    "question openings": "{>>",
    "question closings": "<<}",
    "doubts without questions": "{==a==} ",
    "substitution closings": "~~}",
    "openings of two marks": "{++{--",
    "crossed marks": "{++a{--b++}c--} ",
    "marks of nothing": "{++++}",
    "marks and two notes": "{++a++}[^a][^a] ",
    "a mark and its notes": "[^a][^b]",
    "closed headings": "## a ##\n\n",
    "headings of signs": "## # # #\n\n",
    "turns of nobody": "**Bob:** a\n\n",
    "summaries": "## a\n\n> b\n\n",
    "quotations of places": "> “a”\n> [Ann, 2024](../transcripts/talk.md#l1)\n\n",
    "codes": "`a` ",
    "tables": "| a | b |\n",
    "closing tags": "</b>",
    "open voices": "<v Ann>",
    "voices without end": "<v ",
    "classes": "<c.a.b.c>",
    "times inside": "<00:00:01.000>",
    "times inside, and words": "<00:00:01.000><c> a</c>",
    "paragraphs of HTML": "<p>a",
    "timed spans": '<span data-m="1">a</span>',
    "timed paragraphs": '<p begin="1s">a</p>',
    "attributes": "a='b' ",
    "sections of characters": "<![CDATA[a]]>",
    "instructions": "<?a?>",
    "unended references": "&amp",
    "large references": "&#1114112;",
    "notes of WebVTT": "NOTE a\n\n",
    "styles of WebVTT": "STYLE\n",
    "signatures of WebVTT": "WEBVTT\n\n",
    "numbers in lines": "1\n",
    "objects of JSON": '{"a":1},',
    "escapes of JSON": "\\u00e9",
    "advertisements": "OpenSubtitles.org\n",
    "titles of chapters": "## a\nb\n",
    "times of a panel": "0:01\na\n",
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
        "empty keys": ": a\n",
        "lists in lists": "- - a\n",
        "empty lists": "[],",
        "commas in lists": "[a,",
        "folded texts": ">\n a\n",
        "non-breaking blanks": "\u00a0",
        "dates": "2024-05-22 ",
        "infinities": ".inf ",
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
    yield "reviews", "reviewed:\n" + "  - lines: [1]\n    by: a\n    date: 2024\n" * (SIZE // 41)
    yield "backward furniture", "source:\n  furniture: [" + "9-1, " * (SIZE // 5) + "]"
    # As long as a head may be.
    yield "known keys", "".join(f"N{n:06}: a\n" for n in range(LONGEST_HEAD // 11))
    yield "known speakers", "speakers:\n" + "".join(f"  N{n:05}: a\n" for n in range(19_000))
    yield "known sources", "sources:\n" + "  - title: a\n" * (LONGEST_HEAD // 14)
    yield "deep indents", "\n".join(" " * n + "a:" for n in range(1400))


def _edition(body: str) -> str:
    return edition_file(body + "\n")


def _editions(wanted: Wanted) -> Iterator[Case]:
    if not wanted("edition"):
        return
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


def _entries(wanted: Wanted) -> Iterator[Case]:
    if not wanted("entry") and not wanted("theme"):
        return
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


def _talks() -> Iterator[tuple[str, Callable[[int], Said]]]:
    """What is said in a talk, cue by cue."""
    yield "an ordinary talk", lambda n: Said(2 * n, 2 * n + 2, _person(n), _ORDINARY)
    yield "one word a cue", lambda n: Said(2 * n, 2 * n + 2, _person(n), ("a",))
    yield "as many speakers as cues", lambda n: Said(2 * n, 2 * n + 2, f"Ann L{n:05}", ("a",))
    yield "time that stands still", lambda n: Said(0, 0, _person(n), ("a",))
    yield "time that runs backwards", lambda n: Said(90_000 - n, 90_001 - n, "Ann Lee", ("a",))
    yield "the same words again and again", lambda n: Said(n, n + 1, "", ("Thank", "you."))


def _person(number: int) -> str:
    return ("Ann Lee", "Bo")[number // 3 % 2]


def _sources(wanted: Wanted) -> Iterator[Case]:
    for foreign in WRITTEN:
        if not wanted(foreign.form):
            continue
        for name, say in _talks():
            one = len(foreign.write([say(n) for n in range(100)]).encode()) / 100
            talk = foreign.write([say(n) for n in range(int(SIZE / one))])
            yield Case(foreign.form, name, partial(_intake, talk.encode(), foreign.form))
        signs = foreign.write([Said(0, 2, "Ann Lee", ("qqq",)), Said(2, 4, "Bo", ("b",))])
        for name, body in _bodies():
            if foreign.form in _JSON:
                body = json.dumps(body, ensure_ascii=False)[1:-1]
            data = signs.replace("qqq", body).encode()
            yield Case(foreign.form, name, partial(_read, data, foreign.form))
    for form in FORMATS:
        if wanted(f"{form}, bare"):
            for name, body in _bodies():
                yield Case(f"{form}, bare", name, partial(_read, body.encode(), form))
    for name, body in _bodies() if wanted("recognise") or wanted("import") else ():
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
    yield from _glossaries()
    # As many as a head can name.
    many = {f"N{n:06}": "Ann Lee" for n in range(LONGEST_HEAD // 24)}
    yield (
        "speakers",
        tree(
            {
                "sources/talk.txt": "a " * len(many),
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


def _glossaries() -> Iterator[tuple[str, dict[str, bytes]]]:
    """A talk of ten thousand words, and a megabyte of entries for them."""
    words = " ".join(_ORDINARY[n * 7919 % len(_ORDINARY)] for n in range(10_000))
    talk = {"sources/talk.txt": words, "transcripts/talk.md": _edition("**Ann:** " + words)}
    one = len(entry_file("T00000"))
    yield (
        "entries",
        tree(
            talk
            | {
                f"glossary/t{n}.md": entry_file(f"So it {n:05}", see=["So it 00000"])
                for n in range(SIZE // (one + 20))
            }
        ),
    )
    forms = LONGEST_HEAD // 14
    for name, form in (("forms", "so it {:05}"), ("forms that begin alike", "so it is what {:05}")):
        also = [form.format(n) for n in range(forms * 11 // len(form.format(1)) // 2)]
        entries = {f"glossary/t{n}.md": entry_file(f"So {n}", also=also) for n in range(8)}
        yield name, tree(talk | entries)


def _tree_cases(wanted: Wanted) -> Iterator[Case]:
    if not any(map(wanted, ("check", "compile", "mark", "suggest"))):
        return
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
    collect_seldom()
    worst: dict[str, tuple[float, str]] = {}

    def is_wanted(reader: str) -> bool:
        return not readers or reader in readers

    for cases in (_editions, _entries, _sources, _tree_cases):
        for case in cases(is_wanted):
            if not is_wanted(case.reader):
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
