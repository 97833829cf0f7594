"""Takes a file in: its own bytes as a source, with a first edition or as one more witness."""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from string import ascii_uppercase
from typing import Any, NamedTuple

from build_tools.authoring.import_.draft import Head, join_ranges, render_draft, render_head
from build_tools.authoring.mark.marking import edit_bytes
from build_tools.build.output import write_file
from build_tools.checks.edition import check_witnesses
from build_tools.checks.fidelity import check_fidelity
from build_tools.checks.names import SLUG, SOURCE_SUFFIXES
from build_tools.model.edition import BASE, UNKNOWN_VOICE, Edition
from build_tools.model.source import Source
from build_tools.model.text import Edit, Place, Problem, ProblemsFoundError, Text
from build_tools.reading.edition import parse_edition
from build_tools.reading.front_matter import LONGEST_HEAD, SHORT_MONTHS, find_day
from build_tools.reading.sums import FOLDER, SUMS, parse_sums, render_sum
from build_tools.reading.tree import SourcedEdition, Tree, read_edition
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
from build_tools.text.words import find_keys, has_word
from build_tools.transcript.guess_kind import make_slug

_ENCODING_REMEDY = "save it as UTF-8, or say what it is: --encoding cp1252 (or gb18030, …)"
_LAST_LINE = 999_999
# Formats of lines, which may have other lines around the speech.
_LINES = ("clock", "dialogue", "names", "plain")
_LONGEST_SLUG = 100
_DATE = re.compile(r"""(?x) (?<![0-9]) (?P<year> (?:19|20)[0-9]{2} ) (?P<sign> [-_.]? )
    (?P<month> [0-9]{2} ) (?P=sign) (?P<day> [0-9]{2} ) (?![0-9])""")
_MONTH = rf"(?:{'|'.join(SHORT_MONTHS)})[a-z]*\.?"
_ORDINAL = r"[0-9]{1,2}(?:st|nd|rd|th)?\.?"
_WRITTEN_DATE = re.compile(
    rf"\b(?:{_ORDINAL} {_MONTH}|{_MONTH} {_ORDINAL}),? (?:19|20)[0-9]{{2}}\b", re.IGNORECASE
)
# The id of a video behind a title, and a language before the suffix.
_NOT_IN_TITLE = re.compile(r"\s*\[[\w-]{11}\]|\.[a-z]{2}(?:-[A-Za-z]{2,4})?\Z")
# The clock with which a line begins, and that with which it ends.
_CLOCK = re.compile(r"\d{1,3}(?::\d{1,2}){1,3}(?:[.,]\d{1,3})?(?![\d:])")
_AT_END = re.compile(r"[ \t\[(#]\d{1,3}(?::\d{2}){1,2}\Z")
# The names of a time in JSON and XML; the pieces of one word in them have times too.
_TIME_NAME = re.compile(r"""(?x) ["\s]
    (?:start|begin|from|ts|tStartMs|offsetInTicks|offset|t|startTime|start_time|data-m)(?:"\s*:|=)""")
# A tag of captions whose classes or attributes hold a word, but not a voice.
_TAG = re.compile(r"(?i)<(?P<name>c|i|b|u|font|span|lang|ruby|rt)(?P<rest>[.\s][^<>\n]*)>")


class Request(NamedTuple):
    """A file to import: its name and bytes, and the options given for it.

    `labels` has the names of speakers by the file's labels; "" says that a label is words. `head`
    are further fields of front matter, and `guests` names of an episode's list.
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
    head: Mapping[str, str] = {}
    guests: tuple[str, ...] = ()


class Intake(NamedTuple):
    """The two files to write, by path below docs/, and the account of the import.

    `source` is what front matter says of the source. `left_out` is no speech, numbered in `unit`:
    lines or pieces. `account` tells, as data for JSON, what file and edition hold.
    """

    files: Mapping[str, bytes]
    edition: str
    source: Head
    unit: str
    left_out: tuple[LeftOut, ...]
    account: dict[str, Any]


def plan_intake(request: Request) -> Intake:
    """Both files, and a report on every word.

    Raises ProblemsFoundError if the file cannot be read, has no day or holds no speech.
    """
    encoding, content = _decode(request)
    recognised = recognise_formats(request.name, content)
    chosen = _choose(request, recognised, content)
    request, raw, around, unnamed = _read_around(request, chosen, content)
    spoken = {cue.line for cue in raw.cues if cue.line <= _LAST_LINE and has_word(cue.text)}
    lines = frozenset(spoken & around.pieces.keys())
    form = FORMATS[chosen]
    last = form.count_units(content, (cue.line for cue in raw.cues))
    file_says = clean_tag(around.fields.get("lang", ""))
    told = ((request.lang, "--lang says so"), (file_says, "the file says so"))
    speech = " ".join(cue.text for cue in raw.cues[:2000])
    language = next((Language(tag, why) for tag, why in told if tag), None)
    language = language or find_language(request.name, content, speech)
    source = compile_source(
        request.name, request.data, raw.cues, lines, form.unit, last, lang=language.tag
    )
    if not source.words:
        what = f"the file, read as {chosen}, holds no word of speech"
        remedy = "see whether it is whole; sic formats lists the formats for --format"
        raise problem(request.name, what, remedy)
    slug = _choose_slug(request)
    title, date = _find_facts(request, around, slug)
    named: Head = {
        "file": slug + _suffix(request.name),
        "format": chosen,
        "encoding": "" if encoding in ("utf-8", marked_encoding(request.data)) else encoding,
        "furniture": tuple(join_ranges(lines)),
        "labels": request.labels,
    }
    named = {name: value for name, value in named.items() if value}
    head: dict[str, Any] = {"title": title["value"], "date": date["value"], **request.head}
    head |= {"lang": language.tag} if language.tag else {}
    chapters = [one for one in (*raw.left_out, *around.pieces.values()) if one.why == CHAPTER]
    listed = {*around.fields.get("speakers", "").split("\n"), *request.guests}
    draft = render_draft(source, {**head, "source": named}, chapters, request.labels, listed)
    _check_draft(request, slug, source, draft)
    edition, length = f"transcripts/{slug}.md", len(source.words)
    left_out = (*raw.left_out, *(around.pieces[line] for line in sorted(lines)))
    unnamed = Counter({label: n for label, n in unnamed.items() if label not in request.labels})
    account = {
        "edition": edition,
        "format": {"name": chosen, "description": form.description},
        "encoding": encoding or "utf-8",
        "title": title,
        "date": date,
        "language": language._asdict(),
        "words": {"in": length + sum(map(count_words, left_out)), "out": length},
        "labels_taken_for_words": unnamed,
        **_count_told(content, raw, source),
        "chapters": len(chapters),
        "left_out": [{**piece._asdict(), "words": count_words(piece)} for piece in left_out],
    }
    files = {f"sources/{named['file']}": request.data, edition: draft.encode()}
    return Intake(files, edition, named, source.unit, left_out, account)


def _count_told(content: str, raw: RawSource, source: Source) -> dict[str, Any]:
    """What a file tells beside its words, and what its edition has of it."""
    words: Counter[str] = Counter()
    for cue in raw.cues:
        words[cue.speaker] += len(find_keys(cue.text))
    cues = Counter(cue.speaker for cue in source.cues if cue.speaker)
    named = sum(bool(source.cues[number].speaker) for number in source.cue_of_word)
    used = sum(cue.start is not None for cue in source.cues)
    tags = _TAG.finditer(content) if "->" in content else ()
    told = words.total() - words[""] - words[UNKNOWN_VOICE]
    once = {label: count_label(label, content) == 1 for label in cues}
    return {
        "words_with_speaker": {"source": told, "edition": named},
        "speakers": [
            {"label": label, "cues": number, "words": words[label], "once": once[label]}
            for label, number in cues.items()
        ],
        "times": {"source": max(used, _count_times(content)), "used": used},
        "tags_left_out": Counter(tag["name"].lower() for tag in tags if has_word(tag["rest"])),
    }


def count_words(piece: LeftOut) -> int:
    """How many words were left out with a piece."""
    return len(find_keys(piece.text))


def _count_times(content: str) -> int:
    """The times of a text: the clocks at the beginning of a line, or those with a name."""
    if content.lstrip().startswith(("{", "[", "<")):
        return len(_TIME_NAME.findall(content))
    lines = (line.strip(" \t[]()#:") for line in content.split("\n"))
    return sum(bool(_CLOCK.match(line) or _AT_END.search(line)) for line in lines)


def _find_facts(request: Request, around: Surroundings, slug: str) -> list[dict[str, str]]:
    """The title and the day, each with where it comes from."""
    title = " ".join(blank_misplaced(around.fields.get("title", "")).split())[:_LONGEST_SLUG]
    day = find_date(around.fields.get("date", ""))
    stem = re.sub(r"[\s_-]+", " ", _DATE.sub(" ", _plain_stem(request.name))).strip()
    found = {
        "title": (request.title, title, stem[:1].upper() + stem[1:], slug),
        "date": (request.date, day, find_date(request.name)),
    }
    if not any(found["date"]):
        remedy = "add --date 2024-05-22, or a month or year; or a column date to the table"
        raise problem(request.name, "the date is unknown", remedy)
    facts = []
    for name, values in found.items():
        listed = "the list of episodes" if request.head or request.guests else f"--{name}"
        places = (listed, "the file's text", "the file's name", "--slug")
        number = next(number for number, value in enumerate(values) if value)
        facts.append({"value": values[number], "why": places[number]})
    return facts


def _decode(request: Request) -> tuple[str, str]:
    """The name of the encoding, "" if nothing tells it, and the text."""
    if not request.encoding and (foreign := describe_bytes(request.data)):
        raise problem(request.name, f"the file is {foreign[0]}", foreign[1])
    data, encoding = request.data, known_encoding(request.encoding)
    encoding = encoding or marked_encoding(data) or unmarked_utf16(data)
    is_told = encoding or request.format or data.startswith(b"PK")
    if not is_told and 10 * data.count(0) > len(data):
        what = f"{data.count(0):,} of its {len(data):,} bytes are zero: it is no text"
        remedy = "download or save it once more, as UTF-8; perhaps it was cut off"
        raise problem(request.name, what, remedy)
    decoded = decode_text(request.name, data, kept=True, encoding=encoding)
    if wrong := [one for one in decoded.problems if not one.warning]:
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
    names = around.fields.get("speakers", "").split("\n")
    whole = {name.partition(" ")[0]: name for name in names} | {name: name for name in names}
    while True:
        try:
            raw = read_cues(form, content, request.labels)
        except UnreadableSourceError as error:
            raise problem(request.name, error.what, error.remedy, error.line) from error
        unnamed = count_unnamed(cue for cue in raw.cues if cue.line not in around.pieces)
        # Labels read as words are speakers if the front matter lists them.
        told = request.labels
        listed = {label: whole[label] for label in unnamed if label in whole and label not in told}
        if not listed:
            break
        request = request._replace(labels={**listed, **told})
    met = {cue.speaker for cue in raw.cues} | unnamed.keys()
    if strange := [label for label, name in request.labels.items() if name and label not in met]:
        what = f"no speaker is called “{strange[0]}”, and no line begins with “{strange[0]}:”"
        remedy = f"labels of the file: {', '.join(sorted(filter(None, met)))}"
        raise problem(request.name, what, remedy)
    return request, raw, around, unnamed


def _check_draft(request: Request, slug: str, source: Source, draft: str) -> None:
    """Raises AssertionError if the first edition does not pass the check: a mistake of ours."""
    if draft.index("\n---\n") + len("\n---\n") > LONGEST_HEAD:
        what = "the file has so many speakers that no edition can name all of them"
        remedy = "--format plain takes nothing for a name; or give each talk a file of its own"
        raise problem(request.name, what, remedy)
    edition, problems = parse_edition(slug, Text(f"transcripts/{slug}.md", draft))
    if wrong := problems or check_fidelity(SourcedEdition(edition, source)):
        raise AssertionError(f"the first edition does not pass: {wrong[:3]}")


def _choose_slug(request: Request) -> str:
    slug = request.slug or make_slug(request.title or _plain_stem(request.name), _LONGEST_SLUG)
    if not SLUG.fullmatch(slug) or slug == "index":
        what = f"“{slug}” is no name for a page's address"
        remedy = "name it with --slug: a-z, 0-9 and single hyphens, such as vivatech-2024"
        raise problem(request.name, what, remedy)
    return slug


def _choose(request: Request, recognised: tuple[str, ...], content: str) -> str:
    """The format to read a file as; raises ProblemsFoundError for one that no reader takes."""
    if request.format:
        return request.format
    known = recognised[0] if recognised else ""
    if known in ("", *_LINES):
        apart = find_surroundings(content if known in ("dialogue", "names") else "").pieces
        lines = (line for n, line in enumerate(content.split("\n"), 1) if n not in apart)
        if foreign := describe_text("\n".join(lines), tabular=known in ("names", "plain")):
            remedy = f"{foreign[1]}; --format plain takes all of it as speech"
            raise problem(request.name, f"the file is {foreign[0]}", remedy)
    if not known:
        remedy = "sic formats lists those that are; --format reads it as one of them"
        raise problem(request.name, "the file is of no format that is known here", remedy)
    return known


def problem(file: str | Path, what: str, remedy: str, line: int = 1) -> ProblemsFoundError:
    """What is wrong with a file, to be raised."""
    return ProblemsFoundError([Problem(Place(str(file), line), what, remedy)])


def find_date(name: str) -> str:
    """The date in a file's name or in a text, or "".

    >>> find_date("talk-20240522.vtt"), find_date("2024-13-01.vtt"), find_date("May 2, 2024")
    ('2024-05-22', '', '2024-05-02')
    """
    found = _DATE.finditer(PurePath(name).name)
    numbers = (match.expand(r"\g<year>-\g<month>-\g<day>") for match in found)
    words = (match[0] for match in _WRITTEN_DATE.finditer(name))
    return next(filter(None, map(find_day, (*numbers, *words))), "")


def _plain_stem(name: str) -> str:
    return _NOT_IN_TITLE.sub("", PurePath(name).stem)


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
        text = Text(path.as_posix(), content.decode(errors="replace"))
        edition = parse_edition(path.stem, text).value
        file = docs / FOLDER / edition.source.file
        if not file.is_file() or file.read_bytes() != request.data:
            continue
        earlier = _find_request(edition, file.name, request.data)
        if plan_intake(earlier).files.get(edition.path) != content:
            what = "the edition is no longer what sic import wrote"
            remedy = "change names and turns in it by hand, or move it away and import anew"
            raise problem(path.as_posix(), what, remedy)
        # All else stays as it was, the source too.
        facts = ("title", "date", "format", "encoding", "lang")
        given = {name: value for name in facts if (value := getattr(request, name))}
        labels = {**earlier.labels, **request.labels}
        intake = plan_intake(earlier._replace(**given, labels=labels))
        for name in {"title", "date"} - given.keys():
            intake.account[name]["why"] = "the edition"
        return intake._replace(files={intake.edition: intake.files[intake.edition]})
    raise problem(request.name, "the file was not taken in before", "import it without --again")


def _find_request(edition: Edition, file: str, data: bytes) -> Request:
    source, stem = edition.source, PurePath(file).stem
    facts = ("podcast", "episode", "description", "show_notes")
    head = {name: getattr(edition, name) for name in facts}
    head["recording"] = "".join(one.address for one in edition.recording[:1])
    return Request(
        # A suffix that a browser may execute has got another one behind it.
        stem if "." in stem else file,
        data,
        *(edition.slug, edition.title, edition.date),
        # Whoever asks for `plain` by name gets no furniture.
        "" if source.format == "plain" and source.furniture else source.format,
        source.encoding,
        edition.lang if ("lang",) in edition.offsets else "",
        source.labels,
        {name: value for name, value in head.items() if value},
        tuple(edition.speakers.values()) if any(head.values()) else (),
    )


def plan_witness(request: Request, engine: str, tree: Tree) -> tuple[Intake, tuple[Problem, ...]]:
    """A witness, with the edition that names it and the parts that it lacks; and warnings.

    The slug of the request is that of the edition. Raises ProblemsFoundError if there is none, or
    if the file is not of the same talk.
    """
    slug, path = request.slug, f"transcripts/{request.slug}.md"
    sourced = read_edition(slug, tree, "docs").value if path in tree else None
    if not sourced:
        raise problem(request.name, f"there is no edition {slug}", "write --witness SLUG FILE")
    edition = sourced.edition
    letter = next((one for one in ascii_uppercase if one not in {BASE, *edition.witnesses}), "?")
    # Nothing of the first edition of a witness is kept but how to read its file, so any day serves.
    own = request._replace(slug=f"{slug}-{letter.lower()}", date="2000", lang=edition.lang)
    intake = plan_intake(own)
    told = {**intake.source, "engine": engine, "date": request.date}
    block: Head = {"witnesses": {letter: {name: value for name, value in told.items() if value}}}
    lines = [f"{line}\n" for line in render_head(block)]
    written = "".join(lines[bool(edition.witnesses) :])
    # The next witness belongs behind the others, or at the end of the front matter.
    end = edition.text.content.index("\n---", 1) + 1
    begin = edition.offsets[("witnesses",)] if edition.witnesses else end
    behind = (at for keys, at in edition.offsets.items() if len(keys) == 1 and at > begin)
    at = min(behind, default=end)
    files = {name: data for name, data in intake.files.items() if name != intake.edition}
    files[path] = edit_bytes(tree[path], [Edit(at, at, written)])
    # The new source is not sealed yet.
    unsealed = {name: data for name, data in {**tree, **files}.items() if name != SUMS}
    changed, problems = read_edition(slug, unsealed, "docs")
    if not changed or not changed.source or letter not in changed.edition.witnesses:
        remedy = f"write it yourself under witnesses:\n{''.join(lines[1:]).rstrip()}"
        raise problem(request.name, f"{path} has its witnesses in another shape", remedy)
    found = (*problems, *check_witnesses(changed))
    if wrong := [one for one in found if not one.warning]:
        raise ProblemsFoundError(wrong)
    source, number = changed.source, list(changed.witnesses).index(letter)
    missing = (
        f"{end - first} words from {source.unit} {source.cue_at(first).line} on"
        for first, end in changed.collation.find_missing(number)
    )
    account = {**intake.account, "edition": path, "witness": letter, "lacks": list(missing)}
    return intake._replace(files=files, edition=path, account=account), found


def write_intake(files: Mapping[str, bytes], docs: Path) -> None:
    """Writes both files and the digest of the source, or nothing.

    Raises ProblemsFoundError if one of the files exists already.
    """
    if there := [docs / path for path in files if os.path.lexists(docs / path)]:
        what = "the file is there already, and nothing is overwritten"
        remedy = "take another name with --slug, or move the file away"
        places = (Place(target.as_posix(), 1) for target in there)
        raise ProblemsFoundError(Problem(place, what, remedy) for place in places)
    sums = docs / SUMS
    listed = sums.read_bytes() if sums.exists() else b""
    listed += b"\n" * (listed[-1:] not in (b"", b"\n"))
    for path, data in files.items():
        name = path.removeprefix(FOLDER)
        if name != path and name not in parse_sums(listed):
            listed += render_sum(hashlib.sha256(data).hexdigest(), name).encode()
    written: list[Path] = []
    try:
        # A killed run leaves no half of a source, which somebody might seal as a whole.
        for path, data in {**files, SUMS: listed}.items():
            target = docs / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if target != sums or not sums.exists():
                target.touch(exist_ok=False)
                written.append(target)
            write_file(target, data)
    except BaseException:
        for target in written:
            target.unlink(missing_ok=True)
        raise
