"""`sic import`: makes a source and its first edition of a file."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from build_tools.authoring.import_ import intake as importing
from build_tools.authoring.import_.episodes import match_files, parse_feed, parse_table
from build_tools.authoring.import_.intake import Intake, Request, problem
from build_tools.build.output import write_file
from build_tools.build.site import read_docs
from build_tools.checks.names import SOURCE_SUFFIXES
from build_tools.cli.printing import DOCS, EPILOG, many, print_problems, printable, ticking
from build_tools.model.text import Problem, ProblemsFoundError
from build_tools.sources.charset import ENCODINGS, decode_text, known_encoding
from build_tools.sources.formats import FORMATS
from build_tools.sources.labels import is_speaker_name
from build_tools.sources.languages import clean_tag
from build_tools.sources.raw import LeftOut, UnreadableSourceError

_ONCE = '; the file has this label once: --speaker "{label}=" if it is no name'
_NEXT = "next: sic check; sic serve; then names, chapters and corrections in the edition"
# Files of a folder of episodes that may be transcripts.
_TRANSCRIPTS = (*SOURCE_SUFFIXES, ".ass", ".html", ".jsonl", ".md", ".ssa", ".ttml", ".xml")
# Examples of each reason to leave text out, labels that are shown, questions that are asked, and
# characters of each.
_SHOWN, _MOST_LABELS, _MOST_QUESTIONS, _LONGEST = 3, 10, 12, 60
# A day of speech with a time for each word, as the most talkative formats write it, has a fifth.
_MOST_BYTES = 50_000_000

_NO_DATE = "{} is no date; write a day as 2024-05-22, a month as 2024-05, or a year"
_NO_TAG = "{} is no language; write a tag such as ar or pt-BR"
_NO_NAME = f"{{}} is not known; known: {', '.join(ENCODINGS)}"
_READABLE = click.Path(dir_okay=False)
_TITLE = "What the talk is called; else as the file or its name says."
_DATE = "When it was held, such as 2024-05-22; needed where neither the file nor its name says."
_FORMAT = "How to read the file, where it is not told by itself."
_ENCODING = "How its letters are written, where it is not UTF-8: cp1252, gb18030, …"
_LANG = "Its language: de, pt-BR, Arabic, …"
_WITNESS = "Take FILE in as another recogniser's text of the edition SLUG, and name it there."
_SPEAKER = 'Who a label of the file is: "stokes=Kim Stokes"; "Spoiler=" is no label.'


def _checked(clean: Callable[[str], str], wrong: str) -> Callable[..., str]:
    """A callback that gives the cleaned value of an option, or says what is wrong with it."""

    def check(_: click.Context, __: click.Parameter, value: str) -> str:
        cleaned = clean(value) if value else ""
        if value and not cleaned:
            raise click.BadParameter(wrong.format(value))
        return cleaned

    return check


def _clean_date(text: str) -> str:
    return text if re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", text) else ""


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


@click.command("import", epilog=EPILOG)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--slug", default="", help="The name of both files, and of the page's address.")
@click.option("--title", default="", help=_TITLE)
@click.option("--date", "day", default="", callback=_checked(_clean_date, _NO_DATE), help=_DATE)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help=_FORMAT)
@click.option("--encoding", default="", callback=_checked(known_encoding, _NO_NAME), help=_ENCODING)
@click.option("--table", type=_READABLE, help="A table of episodes; FILE is their folder.")
@click.option("--feed", type=_READABLE, help="The feed (RSS) of a podcast; FILE is its folder.")
@click.option("--witness", default=None, metavar="SLUG", help=_WITNESS)
@click.option("--engine", default="", help="The recogniser that wrote a witness.")
@click.option("--json", "as_json", flag_value="json", default="", help="The account as data.")
@click.option("--lang", default="", callback=_checked(clean_tag, _NO_TAG), help=_LANG)
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
    _require_fitting(witness, {**told, "again": again})
    title = " ".join(told["title"].encode("utf-8", "replace").decode().split())
    slug = told["slug"] if witness is None else witness
    facts = (slug, title, told["day"], form or "", told["encoding"], told["lang"])
    given = Request("", b"", *facts, labels)
    warnings: Sequence[Problem] = ()
    tree = read_docs(DOCS)
    if told["table"] or told["feed"]:
        requests = _list_requests(file, told["table"], told["feed"], given)
    else:
        requests = [given._replace(name=str(file), data=_read_bytes(file))]
    if witness is None:
        intakes = _plan_all(requests, again=again)
    else:
        intake, warnings = importing.plan_witness(requests[0], told["engine"], tree)
        intakes = [intake]
    _write(intakes, replaces=again or witness is not None)
    print_problems(warnings)
    if told["as_json"]:
        accounts = [intake.account for intake in intakes]
        shown = accounts[0] if len(accounts) == 1 else accounts
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    for request, intake in zip(requests, intakes, strict=True):
        for line in _report(request.name, intake, is_one=len(intakes) == 1):
            click.echo(printable(line))
    if any(intake.account["written"] for intake in intakes):
        click.echo(_NEXT if witness is None else f"next: sic suggest {slug}")


def _require_fitting(witness: str | None, told: Mapping[str, object]) -> None:
    if witness is None and told["engine"]:
        raise click.UsageError("--engine names the recogniser of a witness: add --witness SLUG")
    # What belongs to a talk or to several, and not to one more text of a talk.
    ignored = [name for name in ("slug", "title", "table", "feed", "again") if told[name]]
    if witness is not None and ignored:
        what = f"--witness takes one file in, for one edition: leave out --{', --'.join(ignored)}"
        raise click.UsageError(what)


def _write(intakes: Sequence[Intake], *, replaces: bool) -> None:
    """Writes the new files of all intakes or none, and adds to each account what was written."""
    files: dict[str, bytes] = {}
    for one in intakes:
        is_new = replaces or not importing.is_imported(one.files, DOCS)
        one.account["written"] = list(one.files) if is_new else []
        files |= one.files if is_new else {}
    editions = {one.edition: files.pop(one.edition) for one in intakes if replaces}
    # Nothing is sealed if an edition cannot be written.
    for path in editions:
        (DOCS / path).touch()
    if files:
        importing.write_intake(files, DOCS)
    for path, data in editions.items():
        write_file(DOCS / path, data)


def _plan_all(requests: Sequence[Request], *, again: bool) -> list[Intake]:
    """What to write for each file; raises ProblemsFoundError with the problems of all files."""
    plan = partial(importing.plan_again, docs=DOCS) if again else importing.plan_intake
    if len(requests) == 1:
        return [_plan_asking(requests[0], plan)]
    intakes: dict[str, Intake] = {}
    problems: list[Problem] = []
    with ticking("reading files"):
        for request in requests:
            try:
                intake = plan(request)
                if intakes.setdefault(intake.edition, intake) is not intake:
                    what = f"another file would be {intake.edition} too"
                    raise problem(request.name, what, "give each episode a title of its own")
            except ProblemsFoundError as error:
                problems += error.problems
    if problems:
        raise ProblemsFoundError(problems)
    return list(intakes.values())


def _list_requests(folder: Path, table: str, feed: str, given: Request) -> list[Request]:
    """A request for each file of a folder that belongs to an episode; the others are told."""
    source = Path(table or feed)
    if not folder.is_dir():
        raise problem(folder, "is no folder", "name the folder with the transcripts")
    text = decode_text(str(source), _read_bytes(source), kept=True).value.content
    try:
        episodes = parse_table(text) if table else parse_feed(text)
    except UnreadableSourceError as error:
        raise problem(source, error.what, error.remedy) from error
    paths = (path for path in sorted(folder.iterdir()) if path.suffix.lower() in _TRANSCRIPTS)
    names = [path.name for path in paths if path.is_file() and path != source]
    matched = list(match_files(names, episodes))
    shown = printable(str(folder))
    # A feed has episodes without a transcript.
    for row in episodes if table else ():
        if all(episode is not row for _, episode in matched):
            named = printable(row.title or row.number or "a row")
            click.echo(f"{printable(source.name)}: no file of {shown} fits “{named}”", err=True)
    requests = []
    for name, one in matched:
        path = folder / name
        if not one:
            click.echo(f"{printable(str(path))}: no single episode of {source.name} fits", err=True)
            continue
        own = given._replace(name=str(path), data=_read_bytes(path), slug="", title=one.title)
        requests.append(own._replace(date=one.date, head=one.head, guests=one.guests))
    if not requests:
        remedy = "name the files in a column file, or put the number of the episode in their names"
        raise problem(source, f"names no episode of a file in {folder}", remedy)
    return requests


def is_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty()


def _plan_asking(request: Request, plan: Callable[[Request], Intake]) -> Intake:
    """The plan of an import, with the answers of whoever sits at the terminal."""
    intake = plan(request)
    if request.name == "-" or not is_terminal():
        return intake
    questions = {
        label: f"{many(n, 'cue')} begin with “{label}:”. Who speaks (nothing: these are words)?"
        for label, n in intake.account["labels_taken_for_words"].items()
    }
    for one in intake.account["speakers"]:
        name, cues = one["label"], many(one["cues"], "cue")
        questions[name] = f"Who is “{name}”, {cues} (nothing: leave it)?"
    told = dict(request.labels)
    for label in [label for label in questions if label not in told][:_MOST_QUESTIONS]:
        answer = click.prompt(printable(questions[label]), default="", show_default=False)
        told |= _parsed_speakers(None, None, [f"{label}={answer}"]) if answer.strip() else {}
    return plan(request._replace(labels=told)) if told != request.labels else intake


def _read_bytes(file: Path) -> bytes:
    """The bytes of a file, or of standard input for `-`; a problem where they would not end."""
    if str(file) != "-" and file.exists() and not file.is_file():
        raise problem(file, "is no file", "name a file; a folder needs --table or --feed")
    try:
        with click.open_file(str(file), "rb") as opened:
            data: bytes = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise problem(file, what, "see whether the name is right") from error
    if len(data) > _MOST_BYTES:
        what = f"is larger than {_MOST_BYTES // 10**6} MB"
        raise problem(file, what, "give each talk a file of its own")
    return data


def _report(name: str, intake: Intake, *, is_one: bool) -> Iterator[str]:
    account = intake.account
    if not account["written"]:
        yield f"{name} was taken in before, as {DOCS / intake.edition}"
        return
    if not is_one:
        yield f"{name}:"
    yield "format: {name} ({description})".format_map(account["format"])
    came, went = account["words"].values()
    if "witness" in account:
        yield f"words: {went:,}"
        yield from (f"it lacks: {part}" for part in account["lacks"])
        source, edition = (DOCS / path for path in intake.files)
        yield f"written: {source.as_posix()}, witness {account['witness']} of {edition}"
        return
    yield f"encoding: {account['encoding']}"
    tag, why, sure = account["language"].values()
    doubt = "" if sure else "; this is a guess: --lang"
    unknown = "nothing in the file tells it, so English is assumed: --lang"
    yield f"language: {f'{tag}, since {why}{doubt}' if tag else unknown}"
    yield f"words: {came:,} came in, {went:,} went out, {came - went:,} left out"
    yield from _list_left_out(intake.left_out, intake.unit)
    yield from _list_speakers(account)
    yield "times: {source:,} in the file, {used:,} used".format_map(account["times"])
    for tag, count in account["tags_left_out"].items():
        yield f"tags left out: <{tag} …>: {many(count, 'place')}"
    yield "title: {value}, from {why}".format_map(account["title"])
    yield "date: {value}, from {why}".format_map(account["date"])
    if account["chapters"]:
        yield f"chapters: {account['chapters']}"
    yield from (f"written: {(DOCS / path).as_posix()}" for path in intake.files)


def _list_speakers(account: Mapping[str, Any]) -> Iterator[str]:
    under = account["words_with_speaker"]
    yield "words under a name: {source:,} in the file, {edition:,} in the edition".format_map(under)
    for speaker in account["speakers"]:
        told = f"speaker: {speaker['label'][:_LONGEST]}, {many(speaker['cues'], 'cue')}"
        yield told + _ONCE.format_map(speaker) * speaker["once"]
    if not account["speakers"]:
        yield "speakers: the file names none"
    elif left := account["words"]["out"] - under["edition"]:
        yield f"speaker: unknown, {many(left, 'word')} that the file gives to nobody"
    unnamed = account["labels_taken_for_words"].most_common()
    for label, cues in unnamed[:_MOST_LABELS]:
        told = f'--speaker "{label}={label if label[:1].isupper() else label.title()}"'
        yield f"{many(cues, 'cue')} begin{'s' * (cues == 1)} with “{label}:”: {told}"
    if len(unnamed) > _MOST_LABELS:
        yield f"    and {len(unnamed) - _MOST_LABELS} more words stand before a colon"


def _list_left_out(pieces: Sequence[LeftOut], unit: str) -> Iterator[str]:
    if pieces and all(piece.is_repeated for piece in pieces):
        yield "    those left out are the same speech once more: nothing of it is missing"
    for why in dict.fromkeys(piece.why for piece in pieces):
        found = [piece for piece in pieces if piece.why == why]
        words = many(sum(map(importing.count_words, found)), "word")
        yield f"left out: {why}: {words} in {many(len(found), 'place')}"
        for piece in found[:_SHOWN]:
            text = " ".join(piece.text[: 20 * _LONGEST].split())
            text = text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…"
            place = f"{unit} {piece.line}: " if piece.line else ""
            if piece.where:
                place = f"“{piece.where}”: {many(importing.count_words(piece), 'word')}"
                place, text = (place, "") if piece.is_repeated else (f"{place}: ", text)
            yield f"    {place}{text}"
        if len(found) > _SHOWN:
            yield f"    and {len(found) - _SHOWN} more"
