"""`sic import`: makes a source and its first edition of a file."""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import NoReturn

import click

from build_tools.authoring.import_ import intake as importing
from build_tools.authoring.import_.episodes import match_files, parse_feed, parse_table
from build_tools.authoring.import_.intake import Intake, Request
from build_tools.authoring.import_.witness import plan_witness
from build_tools.build.output import write_file
from build_tools.build.site import read_docs
from build_tools.checks.names import SOURCE_SUFFIXES
from build_tools.cli.printing import DOCS, EPILOG, fail, many, print_problems, printable, ticking
from build_tools.model.text import Place, Problem, ProblemsFoundError
from build_tools.reading.sums import FOLDER
from build_tools.reading.tree import Tree
from build_tools.sources.charset import ENCODINGS, decode_text, known_encoding
from build_tools.sources.formats import FORMATS
from build_tools.sources.labels import is_speaker_name
from build_tools.sources.languages import Language, clean_tag
from build_tools.sources.raw import LeftOut, UnreadableSourceError
from build_tools.text.words import find_keys

_NEXT = "next: sic check; sic serve; then names, chapters and corrections in the edition"
# Files of a folder of episodes that may be transcripts.
_TRANSCRIPTS = (*SOURCE_SUFFIXES, ".ass", ".html", ".jsonl", ".md", ".ssa", ".ttml", ".xml")
# Examples of each reason for which text was left out.
_SHOWN = 3
# Labels that are read as words and are shown, and questions that are asked.
_MOST_LABELS, _MOST_QUESTIONS = 10, 12
_LONGEST = 60
# A day of speech with a time for each word, as the most talkative formats write it, has a fifth.
_MOST_BYTES = 50_000_000


def _checked_encoding(_: click.Context, __: click.Parameter, value: str) -> str:
    if value and not known_encoding(value):
        raise click.BadParameter(f"{value} is not known; known: {', '.join(ENCODINGS)}")
    return known_encoding(value) if value else ""


def _checked_date(_: click.Context, __: click.Parameter, value: str) -> str:
    if value and not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", value):
        raise click.BadParameter("write a day as 2024-05-22, a month as 2024-05, or a year")
    return value


def _checked_language(_: click.Context, __: click.Parameter, value: str) -> str:
    if value and not clean_tag(value):
        raise click.BadParameter(f"{value} is no language; write a tag such as ar or pt-BR")
    return clean_tag(value) if value else ""


def _parsed_speakers(
    _: click.Context | None, __: click.Parameter | None, values: Sequence[str]
) -> dict[str, str]:
    told = {}
    for value in values:
        label, sign, name = (part.strip() for part in value.rpartition("="))
        if not label or not sign:
            raise click.BadParameter("write “label=Name”, or “label=” where it is no name")
        if "*" in name or not is_speaker_name(name):
            raise click.BadParameter(f"“{name}” is no name: at most 40 characters, no * ! ? or ;")
        told[" ".join(label.split())] = " ".join(name.split())
    return told


_READABLE = click.Path(dir_okay=False)
_TITLE = "What the talk is called; else as the file or its name says."
_DATE = "When it was held, such as 2024-05-22; needed where neither the file nor its name says."
_FORMAT = "How to read the file, where it is not told by itself."
_ENCODING = "How its letters are written, where it is not UTF-8: cp1252, gb18030, …"
_LANG = "Its language: de, pt-BR, Arabic, …"
_WITNESS = "Take FILE in as another recogniser's text of the edition SLUG, and name it there."
_SPEAKER = 'Who a label of the file is: "stokes=Kim Stokes"; "Spoiler=" is no label.'


@click.command("import", epilog=EPILOG)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--slug", default="", help="The name of both files, and of the page's address.")
@click.option("--title", default="", help=_TITLE)
@click.option("--date", "day", default="", callback=_checked_date, help=_DATE)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help=_FORMAT)
@click.option("--encoding", default="", callback=_checked_encoding, help=_ENCODING)
@click.option("--table", type=_READABLE, help="A table of episodes; FILE is their folder.")
@click.option("--feed", type=_READABLE, help="The feed (RSS) of a podcast; FILE is its folder.")
@click.option("--witness", default=None, metavar="SLUG", help=_WITNESS)
@click.option("--engine", default="", help="The recogniser that wrote a witness.")
@click.option("--json", "as_json", flag_value="json", default="", help="The account as data.")
@click.option("--lang", default="", callback=_checked_language, help=_LANG)
@click.option("--speaker", "labels", multiple=True, callback=_parsed_speakers, help=_SPEAKER)
@click.option("--again", is_flag=True, help="Make an edition anew that nobody has changed yet.")
def command(
    file: Path,
    form: str | None,
    labels: dict[str, str],
    witness: str | None,
    *,
    again: bool,
    **told: str,
) -> None:
    """A first edition of FILE, whatever a recogniser or a web page gave.

    FILE is kept byte for byte in docs/sources/. Its words become docs/transcripts/<slug>.md, by
    speaker and paragraph: an edition, the transcript that people edit, which passes sic check as it
    stands. How many words came in and went out is said, and what was left out and why. Nothing is
    overwritten; a file that was taken in before is passed over.

    \b
    sic import talk-2024-05-22.vtt
    sic import captions.srt --slug paris-2024 --date 2024-05-22
    pbpaste | sic import - --slug panel --date 2024-05
    sic import --again docs/sources/paris-2024.srt --speaker "stokes=Kim Stokes"
    sic import --witness paris-2024 other.json --engine "Whisper large-v3"
    """  # noqa: D301 - click wants the sign itself
    _refuse_together(witness, {**told, "again": "--again" * again})
    title = " ".join(told["title"].encode("utf-8", "replace").decode().split())
    try:
        tree = read_docs(DOCS)
        slug = told["slug"] if witness is None else witness
        facts = (slug, title, told["day"], form or "", told["encoding"], told["lang"])
        if witness is not None:
            request = Request(str(file), _read_bytes(file), *facts, labels)
            _take_witness(request, told["engine"], tree, as_json=bool(told["as_json"]))
            return
        if told["table"] or told["feed"]:
            requests = _list_requests(file, form or "", told, labels)
        else:
            requests = [Request(str(file), _read_bytes(file), *facts, labels)]
        # Nobody is asked about one of several files.
        with ticking("reading files") if len(requests) > 1 else nullcontext():
            intakes = _plan_all(requests, again=again)
        new = [one for one in intakes if again or not importing.is_imported(one.files, DOCS)]
        if again:
            # The source stays.
            for intake in new:
                write_file(DOCS / intake.edition, intake.files[intake.edition])
        else:
            # All files are written or none.
            files = {path: data for one in new for path, data in one.files.items()}
            importing.write_intake(files, DOCS)
    except ProblemsFoundError as error:
        print_problems(error.problems)
        fail("nothing was written")
    if told["as_json"]:
        accounts = [_describe(intake, new=intake in new) for intake in intakes]
        one = accounts[0] if len(accounts) == 1 else accounts
        click.echo(json.dumps(one, ensure_ascii=False, indent=1))
    else:
        _report_all(requests, intakes, new)


# What belongs to a talk or to several, and not to one more text of a talk.
_NO_WITNESS = ("slug", "title", "table", "feed", "again")


def _refuse_together(witness: str | None, told: Mapping[str, str]) -> None:
    """Ends with wrong usage if an option would be ignored beside the others."""
    if witness is None and told["engine"]:
        raise click.UsageError("--engine names the recogniser of a witness: add --witness SLUG")
    if witness is not None and (ignored := [name for name in _NO_WITNESS if told[name]]):
        what = f"--witness takes one file in, for one edition: leave out --{', --'.join(ignored)}"
        raise click.UsageError(what)


def _take_witness(request: Request, engine: str, tree: Tree, *, as_json: bool) -> None:
    """Writes a witness and the edition that names it, and reports both."""
    intake, letter, missing, files, warnings = plan_witness(request, engine, tree)
    edition = DOCS / f"transcripts/{request.slug}.md"
    # Nothing is sealed if the edition cannot be written.
    edition.touch()
    sources = {path: data for path, data in files.items() if path.startswith(FOLDER)}
    importing.write_intake(sources, DOCS)
    write_file(edition, files[f"transcripts/{request.slug}.md"])
    print_problems(warnings)
    if as_json:
        account = {**_describe(intake, new=True), "witness": letter, "lacks": missing}
        click.echo(json.dumps(account, ensure_ascii=False, indent=1))
        return
    click.echo(f"format: {intake.format} ({FORMATS[intake.format].description})")
    click.echo(f"words: {intake.words:,}")
    for part in missing:
        click.echo(f"it lacks: {part}")
    click.echo(f"written: {(DOCS / next(iter(sources))).as_posix()}, witness {letter} of {edition}")
    click.echo(f"next: sic suggest {request.slug}")


def _report_all(requests: Sequence[Request], intakes: list[Intake], new: list[Intake]) -> None:
    for request, intake in zip(requests, intakes, strict=True):
        name = printable(request.name)
        if intake not in new:
            click.echo(f"{name} was taken in before, as {DOCS / intake.edition}")
            continue
        if len(intakes) > 1:
            click.echo(f"{name}:")
        for line in _report(intake):
            click.echo(printable(line))
    if new:
        click.echo(_NEXT)


def _plan_all(requests: Sequence[Request], *, again: bool) -> list[Intake]:
    """What to write for each file; raises ProblemsFoundError with the problems of all files."""
    intakes: list[Intake] = []
    problems: list[Problem] = []
    for request in requests:
        try:
            intakes.append(_plan(request, again=again, ask=len(requests) == 1))
        except ProblemsFoundError as error:
            problems += error.problems
    seen: set[str] = set()
    for request, intake in zip(requests, intakes, strict=False):
        if intake.edition in seen:
            what = f"another file would be {intake.edition} too"
            remedy = "give each episode a title of its own"
            problems.append(Problem(Place(request.name, 1), what, remedy))
        seen.add(intake.edition)
    if problems:
        raise ProblemsFoundError(problems)
    return intakes


def _list_requests(
    folder: Path, form: str, told: Mapping[str, str], labels: Mapping[str, str]
) -> list[Request]:
    """A request for each file of a folder that belongs to an episode; the others are told."""
    source = Path(told["table"] or told["feed"])
    if not folder.is_dir():
        _refuse(folder, "is no folder", "name the folder with the transcripts of all episodes")
    text = decode_text(str(source), _read_bytes(source), kept=True).value.content
    try:
        episodes = parse_table(text) if told["table"] else parse_feed(text)
    except UnreadableSourceError as error:
        _refuse(source, error.what, error.remedy)
    paths = (path for path in sorted(folder.iterdir()) if path.suffix.lower() in _TRANSCRIPTS)
    names = [path.name for path in paths if path.is_file() and path != source]
    requests = []
    for name, episode in match_files(names, episodes):
        path = folder / name
        if not episode:
            click.echo(f"{printable(str(path))}: no single episode of {source.name} fits", err=True)
            continue
        facts = ("", episode.title, episode.date, form, told["encoding"], told["lang"])
        requests.append(Request(str(path), _read_bytes(path), *facts, labels, episode.episode))
    if not requests:
        remedy = "name the files in a column file, or put the number of the episode in their names"
        _refuse(source, f"names no episode of a file in {folder}", remedy)
    return requests


def is_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty()


def _plan(request: Request, *, again: bool, ask: bool) -> Intake:
    """The plan of an import, with the answers of whoever sits at the terminal."""

    def plan(labels: Mapping[str, str]) -> Intake:
        asked = request._replace(labels=labels)
        return importing.plan_again(asked, DOCS) if again else importing.plan_intake(asked)

    intake = plan(request.labels)
    if not ask or request.name == "-" or not is_terminal():
        return intake
    questions = {}
    for label, n in intake.unnamed.items():
        begins = f"{many(n, 'cue')} begin with “{label}:”"
        questions[label] = f"{begins}. Who speaks (nothing: these are words)?"
    for name, n in intake.speakers.items():
        questions[name] = f"Who is “{name}”, {many(n, 'cue')} (nothing: leave it)?"
    told = dict(request.labels)
    for label in [label for label in questions if label not in told][:_MOST_QUESTIONS]:
        answer = click.prompt(printable(questions[label]), default="", show_default=False)
        told |= _parsed_speakers(None, None, [f"{label}={answer}"]) if answer.strip() else {}
    return plan(told) if told != request.labels else intake


def _read_bytes(file: Path) -> bytes:
    """The bytes of a file, or of standard input for `-`; a problem where they would not end."""
    try:
        if str(file) == "-":
            data = sys.stdin.buffer.read(_MOST_BYTES + 1)
        elif file.exists() and not file.is_file():
            _refuse(file, "is no file that can be read to its end", "save it as a file")
        else:
            with file.open("rb") as opened:
                data = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        _refuse(file, f"cannot be read: {error.strerror}", "see whether the name is right")
    if len(data) > _MOST_BYTES:
        what = f"is larger than {_MOST_BYTES // 10**6} MB"
        _refuse(file, what, "give each talk a file of its own")
    return data


def _refuse(file: Path, what: str, remedy: str) -> NoReturn:
    raise ProblemsFoundError([Problem(Place(str(file), 1), what, remedy)])


def _report(intake: Intake) -> Iterator[str]:
    """The lines of the account of an import."""
    account, left_out = intake.account, (*intake.left_out, *intake.furniture)
    out = sum(_count_words(piece) for piece in left_out)
    yield f"format: {intake.format} ({FORMATS[intake.format].description})"
    if intake.others:
        yield f"    it could be read as {', '.join(intake.others)} too: --format"
    yield f"encoding: {intake.encoding}"
    yield _report_language(intake.language)
    yield f"words: {intake.words + out:,} came in, {intake.words:,} went out, {out:,} left out"
    if left_out and all(piece.is_repeated for piece in left_out):
        yield "    those left out are the same speech once more: nothing of it is missing"
    yield from _list_left_out(left_out, intake.unit)
    in_turns = f"{account.in_turns:,} in the edition"
    yield f"words under a name: {account.named:,} in the file, {in_turns}"
    yield from _list_speakers(intake)
    yield f"times: {account.found:,} in the file, {account.used:,} used"
    for tag, count in account.tags.items():
        yield f"tags left out: <{tag} …>: {many(count, 'place')}"
    yield f"title: {account.title.value}, from {account.title.why}"
    yield f"date: {account.date.value}, from {account.date.why}"
    if intake.chapters:
        yield f"chapters: {intake.chapters}"
    yield from (f"written: {(DOCS / path).as_posix()}" for path in intake.files)


def _describe(intake: Intake, *, new: bool) -> dict[str, object]:
    """The account of an import as data."""
    account, left_out = intake.account, (*intake.left_out, *intake.furniture)
    out = [{**piece._asdict(), "words": _count_words(piece)} for piece in left_out]
    return {
        "edition": intake.edition,
        "written": list(intake.files) if new else [],
        "format": {"name": intake.format, **FORMATS[intake.format]._asdict()},
        "encoding": intake.encoding,
        "title": account.title._asdict(),
        "date": account.date._asdict(),
        "language": intake.language._asdict(),
        "words": {"in": intake.words + sum(map(_count_words, left_out)), "out": intake.words},
        "words_with_speaker": {"source": account.named, "edition": account.in_turns},
        "labels_taken_for_words": dict(intake.unnamed),
        "speakers": [
            {
                "label": label,
                "cues": cues,
                "words": account.cue_words.get(label, 0),
                "once": label in intake.once,
            }
            for label, cues in intake.speakers.items()
        ],
        "times": {"source": account.found, "used": account.used},
        "tags_left_out": dict(account.tags),
        "chapters": intake.chapters,
        "left_out": out,
    }


def _report_language(language: Language) -> str:
    if not language.tag:
        return "language: nothing in the file tells it, so English is assumed: --lang"
    doubt = "" if language.sure else "; this is a guess: --lang"
    return f"language: {language.tag}, since {language.why}{doubt}"


def _list_speakers(intake: Intake) -> Iterator[str]:
    for name, cues in intake.speakers.items():
        once = f'; it stands there once: --speaker "{name}=" if it is no name'
        yield f"speaker: {name[:_LONGEST]}, {many(cues, 'cue')}{once * (name in intake.once)}"
    if not intake.speakers:
        yield "speakers: the file names none"
    elif intake.unknown:
        yield f"speaker: unknown, {many(intake.unknown, 'word')} that the file gives to nobody"
    unnamed = sorted(intake.unnamed.items(), key=lambda one: -one[1])
    for label, cues in unnamed[:_MOST_LABELS]:
        told = f'--speaker "{label}={label if label[:1].isupper() else label.title()}"'
        yield f"{many(cues, 'cue')} begin{'s' * (cues == 1)} with “{label}:”: {told}"
    if len(unnamed) > _MOST_LABELS:
        yield f"    and {len(unnamed) - _MOST_LABELS} more words stand before a colon"


def _list_left_out(pieces: Iterable[LeftOut], unit: str) -> Iterator[str]:
    kinds: dict[str, list[LeftOut]] = {}
    for piece in pieces:
        kinds.setdefault(piece.why, []).append(piece)
    for why, found in kinds.items():
        words = many(sum(map(_count_words, found)), "word")
        yield f"left out: {why}: {words} in {many(len(found), 'place')}"
        yield from (f"    {_render_left_out(piece, unit)}" for piece in found[:_SHOWN])
        if len(found) > _SHOWN:
            yield f"    and {len(found) - _SHOWN} more"


def _count_words(piece: LeftOut) -> int:
    return len(find_keys(piece.text))


def _render_left_out(piece: LeftOut, unit: str) -> str:
    """The place of a piece, and an example of its text unless the text is repeated elsewhere."""
    if piece.where:
        counted = f"“{piece.where}”: {many(_count_words(piece), 'word')}"
        return counted if piece.is_repeated else f"{counted}: {_shorten(piece.text)}"
    place = f"{unit} {piece.line}: " if piece.line else ""
    return place + _shorten(piece.text)


def _shorten(text: str) -> str:
    shown = " ".join(text[: 20 * _LONGEST].split())
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST].rstrip()}…"
