"""A collection in whose every field strings stand that would run on a page that let them.

`tests/cases/xss.txt` has the strings. Where a field does not take one, the check says so and
nothing is built; those are left out here, and counted.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from build_tools.authoring.import_.intake import Request, plan_intake
from build_tools.model.text import Text
from build_tools.reading.edition import parse_edition
from build_tools.reading.glossary import parse_entry
from build_tools.reading.rejection import reject_marks
from build_tools.reading.theme import parse_theme
from build_tools.sources.labels import is_speaker_name
from build_tools.text.characters import find_misplaced
from build_tools.text.words import find_keys
from tests.foreign import WRITTEN, Said
from tests.hostile import backslashed
from tests.pages import ROOT
from tests.trees import edition_file, entry_file, read_edition, theme_file, tree

_PICTURES = re.compile(r"[\u2400-\u241f]")
_PER_TRANSCRIPT = 40
_LONGEST_SHORT = 240
# As each of these, all strings are taken in by `sic import`.
_IMPORTED = ("vtt", "podcast-json", "plain")
# Addresses that scripts may trip over, and that nothing forbids.
_SLUGS = {"plain": "constructor", "vtt": "prototype"}


class Strewn(NamedTuple):
    """A tree of files; for each field how many strings it took and how many not; entries' forms."""

    tree: dict[str, bytes]
    taken: Counter[str]
    refused: Counter[str]
    forms: set[tuple[str, ...]]


@cache
def read_canaries() -> tuple[str, ...]:
    """Every string of the file."""
    lines = (ROOT / "tests/cases/xss.txt").read_text(encoding="utf-8").split("\n")
    return tuple(
        _PICTURES.sub(lambda picture: chr(ord(picture[0]) - 0x2400), line)
        for line in lines
        if line and not line.startswith("# ")
    )


def read_visible_canaries() -> tuple[str, ...]:
    """The strings without a character that the check refuses in what people write."""
    return tuple(text for text in read_canaries() if not [*find_misplaced(on_a_line(text))])


def strew() -> Strewn:
    """A collection that holds every string wherever a stranger could write it."""
    strewn = Strewn({}, Counter(), Counter(), set())
    strings = read_visible_canaries()
    for number in range(0, len(strings), _PER_TRANSCRIPT):
        _add_transcript(strewn, f"talk-{number}", strings[number : number + _PER_TRANSCRIPT])
    for form in _IMPORTED:
        _add_import(strewn, form, read_canaries())
    for number, pack in enumerate(_pack(strings)):
        _add_entry(strewn, f"entry-{number}", pack)
    _add_themes(strewn, strings)
    return strewn


def on_a_line(text: str) -> str:
    """A string as a field of one line has it."""
    return " ".join(text.split())


# Transcripts ------------------------------------------------------------------------------------


def _add_transcript(strewn: Strewn, slug: str, strings: Sequence[str]) -> None:
    """An edition with every construct there is, and a source to which it is faithful."""
    lines = [on_a_line(text) for text in strings]
    for field in (
        *("title", "event", "description", "source note", "reviewer", "chapter", "summary"),
        *("introduction", "words", "heard", "said", "reason", "doubt", "question", "emphasis"),
        *("link words", "speaker"),
    ):
        strewn.taken[field] += len(lines)
    labels = dict(_choose(strewn, "name before a turn", lines, _is_name))
    marks = dict(_choose(strewn, "label of a footnote", lines, _is_label))
    targets = dict(_choose(strewn, "target of a link", lines, _is_target))
    blocks = [_introduce(lines)]
    for number, line in enumerate(lines):
        label = marks.get(number, f"n{slug}-{number}")
        target = f"https://example.org/{targets.get(number, '')}"
        blocks += _say(line, f"**{labels.get(number, 'Ann')}:** ", label, target)
    together = " ".join(lines)
    text = edition_file(
        "\n\n".join(blocks) + "\n",
        title=f"Of {together}",
        event=together,
        description=together,
        note=f"Of {together}",
        reviewer=f"By {together}",
        reviewed=f"1-{4 * len(lines)}",
        recording="https://example.org/" + re.sub(r"[\s<>\"'()]", "`", together)[:500],
        file=f"{slug}.txt",
        speakers={"Ann": "Ann Lee", **{labels[n]: lines[n] for n in labels}},
    )
    heard = reject_marks(read_edition(text, slug=slug)).heard
    strewn.tree.update(tree({f"transcripts/{slug}.md": text, f"sources/{slug}.txt": heard}))


def _introduce(lines: Iterable[str]) -> str:
    return "Of " + "\n\nOf ".join(backslashed(line) for line in lines)


def _say(line: str, turn: str, label: str, target: str) -> Iterator[str]:
    """A chapter that is about one string."""
    text = backslashed(line)
    yield f"## {line}"
    yield f"> {text}"
    yield f"{turn}{text} and *{text}* and [{text}]({target}) so"
    yield (
        f"{{~~{text} herd~>{text} sheep~~}}[^{label}] and {{++{text}++}}[^{label}] "
        f"or {{--{text}--}}[^{label}] then {{=={text}==}}{{>>{text}<<}} it is"
    )
    yield f"[^{label}]: name, record: {text}"


def _choose(
    strewn: Strewn, field: str, lines: Sequence[str], takes: Callable[[str], bool]
) -> Iterator[tuple[int, str]]:
    """Those that a field takes, each once, with their number."""
    known: set[str] = set()
    for number, line in enumerate(lines):
        good = line not in known and takes(line)
        known.add(line)
        (strewn.taken if good else strewn.refused)[field] += 1
        if good:
            yield number, line


def _is_name(line: str) -> bool:
    if not is_speaker_name(line):
        return False
    body = f"**{line}:** word\n"
    text = Text("talk.md", edition_file(body, speakers={line: "Ann Lee"}))
    edition, problems = parse_edition("talk", text)
    return bool(edition and not problems and edition.paragraphs[0].speaker == line)


def _is_label(line: str) -> bool:
    body = f"word[^{line}]\n\n[^{line}]: note: Indeed.\n"
    return not parse_edition("talk", Text("talk.md", edition_file(body))).problems


def _is_target(line: str) -> bool:
    body = f"[word](https://example.org/{line})\n"
    edition, problems = parse_edition("talk", Text("talk.md", edition_file(body)))
    spans = edition.paragraphs[0].spans if edition else ()
    return not problems and len(spans) == 1 and spans[0].target.startswith("https://")


def _names_of(strings: Iterable[str]) -> Iterator[str]:
    """Each string as a speaker's name, or another where a check would take it for none or twice."""
    known: set[tuple[str, ...]] = set()
    for name in map(on_a_line, strings):
        keys = tuple(key for key in find_keys(name) if key.isalnum())
        good = is_speaker_name(name) and not [*find_misplaced(name)] and keys not in known
        known.add(keys)
        yield name if good else "Ann Lee"


# Imports ------------------------------------------------------------------------------------------


def _add_import(strewn: Strewn, form: str, strings: Sequence[str]) -> None:
    """All strings said by people who are called so, in a file of a format."""
    (foreign,) = (one for one in WRITTEN if one.form == form)
    talk = [
        Said(3 * number, 3 * number + 3, name, ("So", *text.split()))
        for number, (name, text) in enumerate(zip(_names_of(strings), strings, strict=True))
    ]
    name = f"import-{form}{foreign.name.removeprefix('talk')}"
    data = foreign.write(talk).encode()
    title = on_a_line(" ".join(strings[:_PER_TRANSCRIPT]))
    slug = _SLUGS.get(form, "")
    intake = plan_intake(Request(name, data, slug, title, date="2024-05-22", format=form))
    strewn.taken[f"words of {form}"] += len(strings)
    strewn.tree.update(intake.files)


# Entries ----------------------------------------------------------------------------------------


def _pack(strings: Iterable[str]) -> Iterator[list[str]]:
    """Strings in runs that fit into what an entry says in short."""
    pack: list[str] = []
    for text in map(on_a_line, strings):
        if pack and len(" ".join((*pack, text))) > _LONGEST_SHORT:
            yield pack
            pack = []
        pack.append(text)
    yield pack


def _add_entry(strewn: Strewn, slug: str, lines: Sequence[str]) -> None:
    forms = list(
        {keys: line for line in lines if (keys := find_keys(line)) not in strewn.forms}.values()
    )
    forms = forms or [f"Thing {slug}"]
    strewn.taken["forms of an entry"] += len(forms)
    strewn.refused["forms of an entry"] += len(lines) - len(forms)
    for field in ("short", "body", "title of a reference", "author", "publisher"):
        strewn.taken[field] += len(lines)
    urls = dict(_choose(strewn, "address of a reference", lines, _is_address))
    references = [
        {
            "title": line,
            "author": line,
            "publisher": line,
            "date": "2020",
            **({"url": f"https://example.org/{line}"} if number in urls else {}),
        }
        for number, line in enumerate(lines)
    ]
    body = "\n\n".join(
        f"{backslashed(line)} *{backslashed(line)}* [{backslashed(line)}](https://example.org/)"
        for line in lines
    )
    text = entry_file(
        forms[0],
        body + "\n",
        short=" ".join(lines)[:_LONGEST_SHORT],
        also=forms[1:],
        see=forms[:1],
        sources=references,
    )
    strewn.tree[f"glossary/{slug}.md"] = text.encode()
    strewn.forms.update(find_keys(form) for form in forms)


def _is_address(line: str) -> bool:
    text = entry_file("A", sources=[{"title": "a", "url": f"https://example.org/{line}"}])
    return not parse_entry("a", Text("a.md", text)).problems


# Then and now -----------------------------------------------------------------------------------


def _add_themes(strewn: Strewn, strings: Iterable[str]) -> None:
    """A page with what its text and its head take."""
    lines = [on_a_line(text) for text in strings]
    bodies = [line for _, line in _choose(strewn, "text of then-and-now", lines, _is_body)]
    titles = [line for _, line in _choose(strewn, "title of then-and-now", lines, _is_title)]
    text = "\n\n".join(bodies) + "\n"
    theme = theme_file(" ".join(titles), text, description=" ".join(titles))
    strewn.tree["then-and-now/theme.md"] = theme.encode()


def _is_body(line: str) -> bool:
    """A link to a page that is not there is a problem of the whole tree."""
    text = Text("a.md", theme_file("A", f"{line}\n"))
    return "](x" not in line and not parse_theme("a", text).problems


def _is_title(line: str) -> bool:
    return not parse_theme("a", Text("a.md", theme_file(line, "So.\n", description=line))).problems
