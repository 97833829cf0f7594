"""Imports a file as two new files in docs/: its own bytes as a source, and a first edition."""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from typing import NamedTuple

from build_tools.authoring.import_.account import Account, Fact, make_account
from build_tools.authoring.import_.draft import DraftFields, Episode, render_draft
from build_tools.build.output import write_file
from build_tools.checks.fidelity import check_fidelity
from build_tools.checks.names import SLUG, SOURCE_SUFFIXES
from build_tools.model.edition import Edition
from build_tools.model.source import Source
from build_tools.model.text import Place, Problem, ProblemsFoundError, Text
from build_tools.reading.edition import parse_edition
from build_tools.reading.front_matter import LONGEST_HEAD, SHORT_MONTHS, find_day
from build_tools.reading.sums import FOLDER, SUMS, parse_sums, render_sum
from build_tools.reading.tree import SourcedEdition
from build_tools.sources.charset import decode_text, known_encoding, marked_encoding, unmarked_utf16
from build_tools.sources.formats import FORMATS
from build_tools.sources.labels import count_label, count_unnamed
from build_tools.sources.languages import Language, clean_tag, find_language
from build_tools.sources.pasted.surroundings import Surroundings, find_surroundings
from build_tools.sources.raw import CHAPTER, LeftOut, RawSource, UnreadableSourceError
from build_tools.sources.readers import read_cues, recognise_formats
from build_tools.sources.signatures import describe_bytes, describe_text
from build_tools.sources.source import compile_source
from build_tools.text.characters import blank_misplaced
from build_tools.text.words import has_word
from build_tools.transcript.guess_kind import make_slug

# Whole cues that sites add to their files. An address alone may be said in the middle of a talk,
# but hardly in its first or last cue.
_ADDRESS = re.compile(r"\W{0,9}(?:https?://|www\.)\S{1,200}\W{0,9}", re.IGNORECASE)
_ADVERTISEMENT = re.compile(
    rf"""
    (?:subtitles\ )? (?:transcribed|downloaded|encoded)\ (?:by|from|with)
    \W{{1,3}} {_ADDRESS.pattern}
    | .{{0,80}} \b OpenSubtitles\.(?:org|com) \b .{{0,80}}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ENCODING_REMEDY = "save it as UTF-8, or say what it is: --encoding cp1252 (or gb18030, …)"
_LAST_LINE = 999_999
# Formats of lines, which may have other lines around the speech.
_LINES = ("clock", "dialogue", "names", "plain")
_LONGEST_SLUG = 100
_DATE = re.compile(
    r"""
    (?<![0-9]) (?P<year> (?:19|20)[0-9]{2} ) (?P<sign> [-_.]? )
    (?P<month> [0-9]{2} ) (?P=sign) (?P<day> [0-9]{2} ) (?![0-9])
    """,
    re.VERBOSE,
)
_MONTH = rf"(?:{'|'.join(SHORT_MONTHS)})[a-z]*\.?"
_ORDINAL = r"[0-9]{1,2}(?:st|nd|rd|th)?\.?"
_WRITTEN_DATE = re.compile(
    rf"\b(?:{_ORDINAL} {_MONTH}|{_MONTH} {_ORDINAL}),? (?:19|20)[0-9]{{2}}\b", re.IGNORECASE
)
_VIDEO_ID = re.compile(r"\s*\[[\w-]{11}\]")
_LANGUAGE = re.compile(r"\.[a-z]{2}(?:-[A-Za-z]{2,4})?\Z")


class Request(NamedTuple):
    """A file to import: its name and bytes, and the options given for it.

    `labels` has the names of speakers by the file's labels; "" says that a label is words.
    """

    name: str
    data: bytes
    slug: str = ""
    title: str = ""
    date: str = ""
    format: str = ""
    encoding: str = ""
    lang: str = ""
    labels: Mapping[str, str] = {}
    episode: Episode = Episode()


class Intake(NamedTuple):
    """The two files to write, by path below docs/, and a report on them.

    `left_out` holds the parts that the reader skipped, `furniture` the cues that are no speech.
    Both are numbered in `unit`: lines or pieces. `speakers` and `unnamed` count the cues of each
    speaker, and those that begin with what may be a name; `once` are the labels that the text has
    once. `unknown` counts the words of which the file does not say who spoke them.
    """

    files: Mapping[str, bytes]
    edition: str
    format: str
    others: tuple[str, ...]
    encoding: str
    language: Language
    unit: str
    words: int
    speakers: Mapping[str, int]
    unnamed: Mapping[str, int]
    once: frozenset[str]
    unknown: int
    chapters: int
    left_out: tuple[LeftOut, ...]
    furniture: tuple[LeftOut, ...]
    account: Account


def plan_intake(request: Request) -> Intake:
    """Both files, and a report on every word.

    Raises ProblemsFoundError if the file cannot be read, has no day or holds no speech.
    """
    encoding, content = _decode(request)
    recognised = recognise_formats(request.name, content)
    chosen = _choose(request, recognised, content)
    request, raw, around, unnamed = _read_around(request, chosen, content)
    furniture = _find_furniture(raw, around)
    lines = frozenset(piece.line for piece in furniture)
    form = FORMATS[chosen]
    last = form.count_units(content, (cue.line for cue in raw.cues))
    language = _find_language(request, content, raw, around)
    source = compile_source(
        request.name, request.data, raw.cues, lines, form.unit, last, lang=language.tag
    )
    if not source.words:
        what = f"the file, read as {chosen}, holds no word of speech"
        remedy = "see whether it is whole; sic formats lists the formats for --format"
        raise _problem(request, what, remedy)
    slug = _choose_slug(request)
    title, day = _find_facts(request, around, slug)
    fields = DraftFields(
        title.value,
        day.value,
        slug + _suffix(request.name),
        chosen,
        "" if encoding in ("utf-8", marked_encoding(request.data)) else encoding,
        tuple(sorted(lines)),
        language.tag,
        tuple({*around.fields.get("speakers", "").split("\n"), *request.episode.guests}),
        dict(request.labels),
        request.episode,
    )
    pieces = (*raw.left_out, *around.pieces.values())
    chapters = [piece for piece in pieces if piece.why == CHAPTER]
    edition = f"transcripts/{slug}.md"
    draft, read = _draft(request, slug, source, fields, chapters)
    speakers = Counter(cue.speaker for cue in source.cues if cue.speaker)
    return Intake(
        files={f"sources/{fields.file}": request.data, edition: draft.encode()},
        edition=edition,
        format=chosen,
        others=tuple(name for name in recognised if name not in (chosen, "plain")),
        encoding=encoding or "utf-8",
        language=language,
        unit=source.unit,
        words=len(source.words),
        speakers=speakers,
        unnamed={name: count for name, count in unnamed.items() if name not in request.labels},
        once=frozenset(name for name in speakers if count_label(name, content) == 1),
        unknown=sum(source.cues[number].speaker == "" for number in source.cue_of_word),
        chapters=len(chapters),
        left_out=raw.left_out,
        furniture=furniture,
        account=make_account(content, raw, source, read, (title, day)),
    )


def _find_facts(request: Request, around: Surroundings, slug: str) -> tuple[Fact, Fact]:
    """The title and the day."""
    listed = "the list of episodes" if any(request.episode) else ""
    told_title = " ".join(blank_misplaced(around.fields.get("title", "")).split())[:_LONGEST_SLUG]
    told_day = find_date(around.fields.get("date", ""))
    title = _first(request.title, listed or "--title", told_title, _title(request.name), slug)
    day = _first(request.date, listed or "--date", told_day, find_date(request.name))
    if not day.value:
        remedy = "add --date 2024-05-22, or a month or year; or a column date to the table"
        raise _problem(request, "the date is unknown", remedy)
    return title, day


def _first(told: str, how: str, *found: str) -> Fact:
    """What was told or the first value that was found, and where it comes from."""
    places = (how, "the file's text", "the file's name", "--slug")
    facts = (Fact(*one) for one in zip((told, *found), places, strict=False) if one[0])
    return next(facts, Fact("", ""))


def _decode(request: Request) -> tuple[str, str]:
    """The name of the encoding, "" if nothing tells it, and the text."""
    if not request.encoding and (foreign := describe_bytes(request.data)):
        what, remedy = foreign
        raise _problem(request, f"the file is {what}", remedy)
    encoding = known_encoding(request.encoding)
    encoding = encoding or marked_encoding(request.data) or unmarked_utf16(request.data)
    is_told = encoding or request.format or request.data.startswith(b"PK")
    zeros, size = request.data.count(0), len(request.data)
    if not is_told and 10 * zeros > size:
        what = f"{zeros:,} of its {size:,} bytes are zero: it is no text"
        remedy = "download or save it once more, as UTF-8; perhaps it was cut off"
        raise _problem(request, what, remedy)
    decoded = decode_text(request.name, request.data, kept=True, encoding=encoding)
    if wrong := [problem for problem in decoded.problems if not problem.warning]:
        raise ProblemsFoundError(
            replace(one, remedy=_ENCODING_REMEDY) if "encoding" in one.remedy else one
            for one in wrong
        )
    return encoding, decoded.value.content


def _read_around(
    request: Request, form: str, content: str
) -> tuple[Request, RawSource, Surroundings, Counter[str]]:
    """What a file holds, with the labels of the request and those that the file lists."""
    is_text = form in _LINES and request.format != "plain"
    around = find_surroundings(content if is_text else "")
    raw = _read(request, form, content)
    if listed := _find_listed(raw, around):
        request = request._replace(labels={**listed, **request.labels})
        raw = _read(request, form, content)
    unnamed = count_unnamed(cue for cue in raw.cues if cue.line not in around.pieces)
    _check_labels(request, {cue.speaker for cue in raw.cues} | unnamed.keys())
    return request, raw, around, unnamed


def _find_listed(raw: RawSource, around: Surroundings) -> dict[str, str]:
    """The labels read as words that are speakers, since the front matter lists them."""
    names = around.fields.get("speakers", "").split("\n")
    whole = {name.partition(" ")[0]: name for name in names} | {name: name for name in names}
    unnamed = count_unnamed(cue for cue in raw.cues if cue.line not in around.pieces)
    return {label: whole[label] for label in unnamed if label in whole}


def _check_labels(request: Request, met: Collection[str]) -> None:
    """Raises ProblemsFoundError if a label that was told stands nowhere."""
    if strange := [label for label, name in request.labels.items() if name and label not in met]:
        what = f"no speaker is called “{strange[0]}”, and no line begins with “{strange[0]}:”"
        raise _problem(request, what, f"labels of the file: {', '.join(sorted(filter(None, met)))}")


def _draft(
    request: Request, slug: str, source: Source, fields: DraftFields, chapters: Iterable[LeftOut]
) -> tuple[str, Edition]:
    """The first edition; raises AssertionError if it does not pass the check: a mistake of ours."""
    draft = render_draft(source, fields, chapters)
    if draft.index("\n---\n") + len("\n---\n") > LONGEST_HEAD:
        speakers = len({cue.speaker for cue in source.cues if cue.speaker})
        has = f"{speakers} speakers and {len(fields.furniture)} advertisements"
        what = f"the file has {has}, and its first edition cannot name all of them"
        remedy = "--format plain takes nothing for a name; or give each talk a file of its own"
        raise _problem(request, what, remedy)
    edition, problems = parse_edition(slug, Text(f"transcripts/{slug}.md", draft))
    sourced = SourcedEdition(edition, source)
    if wrong := problems or check_fidelity(sourced):
        raise AssertionError(f"the first edition does not pass: {wrong[:3]}")
    return draft, sourced.edition


def _choose_slug(request: Request) -> str:
    slug = request.slug or make_slug(request.title or _plain_stem(request.name), _LONGEST_SLUG)
    if not SLUG.fullmatch(slug) or slug == "index":
        what = f"“{slug}” is no name for a page's address"
        remedy = "name it with --slug: a-z, 0-9 and single hyphens, such as vivatech-2024"
        raise _problem(request, what, remedy)
    return slug


def _choose(request: Request, recognised: tuple[str, ...], content: str) -> str:
    """The format to read a file as; raises ProblemsFoundError for one that no reader takes."""
    if request.format:
        return request.format
    known = recognised[0] if recognised else ""
    foreign = None
    if known in ("", *_LINES):
        apart = find_surroundings(content if known in ("dialogue", "names") else "").pieces
        lines = (line for n, line in enumerate(content.split("\n"), 1) if n not in apart)
        foreign = describe_text("\n".join(lines), tabular=known in ("names", "plain"))
    if foreign:
        what, remedy = foreign
        remedy = f"{remedy}; --format plain takes all of it as speech"
        raise _problem(request, f"the file is {what}", remedy)
    if known:
        return known
    what = "the file is of no format that is known here"
    remedy = "sic formats lists those that are; --format reads it as one of them"
    raise _problem(request, what, remedy)


def _find_language(
    request: Request, content: str, raw: RawSource, around: Surroundings
) -> Language:
    if request.lang:
        return Language(request.lang, "--lang says so")
    if tag := clean_tag(around.fields.get("lang", "")):
        return Language(tag, "the file says so")
    return find_language(request.name, content, " ".join(cue.text for cue in raw.cues[:2000]))


def _read(request: Request, form: str, content: str) -> RawSource:
    try:
        return read_cues(form, content, request.labels)
    except UnreadableSourceError as error:
        place = Place(request.name, error.line)
        raise ProblemsFoundError([Problem(place, error.what, error.remedy)]) from error


def _find_furniture(raw: RawSource, around: Surroundings) -> tuple[LeftOut, ...]:
    """The cues that are no speech in any transcript, for the field `furniture`."""
    spoken = [cue for cue in raw.cues if has_word(cue.text)]
    found = [around.pieces[cue.line] for cue in spoken if cue.line in around.pieces]
    spoken = [cue for cue in spoken if cue.line not in around.pieces]
    cues_of_line = Counter(cue.line for cue in spoken)
    for number, cue in enumerate(spoken):
        text = " ".join(cue.text.split())
        at_edge = number in (0, len(spoken) - 1) and not cue.speaker
        foreign = _ADVERTISEMENT.fullmatch(text) or (at_edge and _ADDRESS.fullmatch(text))
        # Furniture is whole lines: a line with other speech stays.
        if foreign and cues_of_line[cue.line] == 1:
            found.append(LeftOut(cue.line, text, "an advertisement or the address of a site"))
    return tuple(sorted(piece for piece in found if piece.line <= _LAST_LINE))


def _problem(request: Request, what: str, remedy: str) -> ProblemsFoundError:
    return ProblemsFoundError([Problem(Place(request.name, 1), what, remedy)])


def find_date(name: str) -> str:
    """The date in a file's name or in a text, or "".

    >>> find_date("talk-20240522.vtt"), find_date("2024-13-01.vtt"), find_date("May 2, 2024")
    ('2024-05-22', '', '2024-05-02')
    """
    numbers = (
        match.expand(r"\g<year>-\g<month>-\g<day>") for match in _DATE.finditer(PurePath(name).name)
    )
    words = (match[0] for match in _WRITTEN_DATE.finditer(name))
    return next(filter(None, map(find_day, (*numbers, *words))), "")


def _plain_stem(name: str) -> str:
    """A file's name without its suffix, its language and the id of a video."""
    return _VIDEO_ID.sub("", _LANGUAGE.sub("", PurePath(name).stem))


def _title(name: str) -> str:
    words = re.split(r"[\s_-]+", _DATE.sub(" ", _plain_stem(name)))
    title = " ".join(word for word in words if word)
    return title[:1].upper() + title[1:]


def _suffix(name: str) -> str:
    """The suffix of the source's file; .txt is added to suffixes that a browser may execute."""
    suffix = PurePath(name).suffix.lower()
    if suffix in SOURCE_SUFFIXES:
        return suffix
    return f"{suffix}.txt" if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ".txt"


def is_imported(files: Mapping[str, bytes], docs: Path) -> bool:
    """Whether the same source exists already with an edition, which may have changed since."""
    return all(
        (docs / path).is_file() and (path.endswith(".md") or (docs / path).read_bytes() == data)
        for path, data in files.items()
    )


def plan_again(request: Request, docs: Path) -> Intake:
    """What `plan_intake` gives for a source of `docs`, with new answers beside the earlier ones.

    Raises ProblemsFoundError unless its edition is byte for byte what the import wrote.
    """
    for path in sorted((docs / "transcripts").glob("*.md")):
        content = path.read_bytes()
        written = content.decode(errors="replace")
        edition = parse_edition(path.stem, Text(path.as_posix(), written)).value
        source = edition.source if edition else None
        file = docs / FOLDER / source.file if source else docs
        if not edition or not source or not file.is_file() or file.read_bytes() != request.data:
            continue
        facts = {name: getattr(edition, name) for name in Episode._fields[:-1]}
        facts["recording"] = "".join(one.address for one in edition.recording[:1])
        earlier = Request(
            # A suffix that a browser may execute has got another one behind it.
            file.stem if "." in file.stem else file.name,
            request.data,
            *(path.stem, edition.title, edition.date),
            # Whoever asks for `plain` by name gets no furniture.
            "" if source.format == "plain" and source.furniture else source.format,
            source.encoding,
            "".join(_LANG_FIELD.findall(written)[:1]),
            source.labels,
            Episode(**facts, guests=(*edition.speakers.values(),))
            if any(facts.values())
            else Episode(),
        )
        if plan_intake(earlier).files.get(edition.path) != content:
            what = "the edition is no longer what sic import wrote"
            remedy = "change names and turns in it by hand, or move it away and import anew"
            raise ProblemsFoundError([Problem(Place(path.as_posix(), 1), what, remedy)])
        given = {key: value for key, value in request._asdict().items() if value and key in _AGAIN}
        return plan_intake(earlier._replace(**given, labels={**earlier.labels, **request.labels}))
    raise _problem(request, "the file was not taken in before", "import it without --again")


# What may be told again; all else stays as it was.
_AGAIN = ("title", "date", "format", "encoding", "lang")
_LANG_FIELD = re.compile(r"^lang: (\S+)$", re.MULTILINE)


def write_intake(files: Mapping[str, bytes], docs: Path) -> None:
    """Writes both files and the digest of the source, or nothing.

    Raises ProblemsFoundError if one of the files exists already.
    """
    targets = {docs / path: data for path, data in files.items()}
    there = [target for target in targets if os.path.lexists(target)]
    if there:
        what = "the file is there already, and nothing is overwritten"
        remedy = "take another name with --slug, or move the file away"
        places = (Place(target.as_posix(), 1) for target in there)
        raise ProblemsFoundError(Problem(place, what, remedy) for place in places)
    written: list[Path] = []
    try:
        for target, data in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch(exist_ok=False)
            written.append(target)
            # A killed run leaves no half of a source, which somebody might seal as a whole.
            write_file(target, data)
        sums = docs / SUMS
        if not sums.exists():
            written.append(sums)
            sums.touch()
        write_file(sums, _list_sources(files, sums.read_bytes()))
    except BaseException:
        for target in written:
            target.unlink(missing_ok=True)
        raise


def _list_sources(files: Mapping[str, bytes], listed: bytes) -> bytes:
    """The digests that are listed, and those of the sources."""
    for path, data in files.items():
        name = path.removeprefix(FOLDER)
        if name != path and name not in parse_sums(listed):
            line_end = b"" if listed.endswith(b"\n") or not listed else b"\n"
            listed += line_end + render_sum(hashlib.sha256(data).hexdigest(), name).encode()
    return listed
