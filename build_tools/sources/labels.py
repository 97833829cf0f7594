"""Who speaks, as a file's own lines say: names before speech, and signs that somebody else begins.

A label must look like a name and recur, unless nearly every line or cue begins with one. All other
text stays speech, so that no word is lost. A name carries on over the lines below it only in a file
that has one wherever the speaker changes; elsewhere nobody is known to speak them.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

from build_tools.model.edition import NonSpeech
from build_tools.model.source import Cue
from build_tools.text.words import find_keys

# Between brackets, as for the deaf.
_SAID = r"[^\W\d_][^\[\](){}<>:\n]{0,39}"
_LABEL = re.compile(rf"""(?x)
    [ \t]* (?: (?P<change> >>+ | [-‐–—―] ) [ \t]* | \*[ ]+(?=\*\*) )?   # in captions: a change
    (?: (?P<stars> \*\*?)?
        (?P<name> [^\s:：*<>{{}}] [^:：\n*<>{{}}]{{0,59}} )
        (?: : (?(stars) (?P=stars) ) | (?(stars) (?P=stars): | (?!) ) | ： )
        (?: (?<=：) | (?=\s|$) )
      | (?P<marked> \[{_SAID}\] | \({_SAID}\) | [QA]\. ) (?=[ \t]+\S) ) [ \t]*""")
_LETTERS = {"Q.", "A."}
# `Ann - text`, and `Mr. Lee. Text` of protocols; in a set of labels such a name ends with a dash.
_DASHED = re.compile(
    r"""(?x) [ \t]*
    (?P<name>
        (?: (?: M[rs]{1,2} | Dr ) \. | The[ ]Chair\w* | Senator | Chair(?:wo)?man | Secretary
          | Representative | Governor | Judge | Justice | Professor )
        (?: [ ][A-Z][\w'’-]{1,39} ){0,3} (?=\.)
      | [^\W\d_][^\s:：*]{0,39} (?: [ ][^\s:：*–—-]{1,39} ){0,3} (?=[ \t]+[-–—])
    ) (?: \. | [ \t]+[-–—] ) [ \t]+ (?=\S)"""
)
_DASH = " -"
# How somebody speaks, in small letters: `ANN (whispering):`; or the codes of a screenplay.
_NOTED = re.compile(r"""(?x) (?P<name> [^()]+? ) [ ]? \(
    (?: V\.?O\.? | O\.?[SC]\.? | CONT['’]D | (?P<said> [^\W\d_][^()/]{1,40} ) ) \)""")
# Marks of the direction of writing.
_UNSEEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# A file says by these that it does not know who speaks.
_UNKNOWN = frozenset(("unknown", "unknown speaker", "unidentified speaker", "speaker unknown"))
# Signs that another speaker begins: `>>` before any word, a dash before the first of a line.
_CHANGE = re.compile(r">>+|[-‐–—―](?=(?P<blank>\s*)(?P<next>[^\s‐–—―=>-]|\Z))")
_DASHES = frozenset("-‐–—―")
# Where a speaker may begin inside a line, and inside one that begins with a dash.
_PART = re.compile(r"(?<=[^\S\n])(?=>>)")
_DASHED_PART = re.compile(r"(?<=[^\S\n])(?=>>)|(?<=[.?!…] )(?=[-–—―] ?[^\W\d_a-zß-ÿ])")
# A sentence goes on behind it, so that a dash may be one of a pair around other words.
_OPEN = re.compile(r"[\w,‐–—―-]\Z")
_NO_NAME = """
    meeting note notes nb warning attention caution reminder date time subject topic agenda
    title location place attendees participants transcript transcription chapter part
    section summary keywords source url http https www link email tel phone example examples
    but and so or then now well look listen remember first second third
    finally also because however therefore thus yes no ok okay right today tomorrow
    yesterday conclusion result results step tip hint fact problem solution update edit ps
    re fwd the this that these those here there
"""
# Words in small letters in names of people and of meeting rooms.
_PARTICLES = "de da di du del della la le el al bin ibn van von der den ten zu of and the y e"
# These words name a speaker even if the file has them in small letters elsewhere.
_ROLES = """
    speaker host guest interviewer interviewee moderator narrator announcer audience emcee
    reporter q a man woman male female voice chair president
"""
# Words of a name, and characters of one that an edition can declare.
_LONGEST_NAME, MOST_CHARACTERS = 6, 40
# A full stop ends an initial or an abbreviation in a name, no sentence: a word of five letters
# or more in front of it would be one.
_SENTENCE = re.compile(r"[!?;]|[^\W\d_]{5,}[.]|[.]\s+[a-z]")
# A conversation has a label for fewer words than the first number; the second is the longest turn
# through which a name carries on.
_WORDS_A_LABEL, _LONGEST_TURN = 300, 1500
# No word is what an apostrophe or a point cuts off, as in "I'm" and "p.m.": M may be a label.
_WORD = re.compile(r"\b(?:(?<!['’])(?:[^\W\d_]\b(?!\.)|[^\W\d_]{2}\b)|[^\W\d_]{3,}\b)")
_NO_NAMES, _SMALL, _ROLE_NAMES = (frozenset(w.split()) for w in (_NO_NAME, _PARTICLES, _ROLES))
# A cue or a part of it, and whether a label or another sign of a change begins it.
_Piece = tuple[Cue, bool]


def looks_like_name(name: str) -> bool:
    """Whether a text before a colon or beside a time may be a name or a label."""
    words = name.split()
    if not 1 <= len(words) <= _LONGEST_NAME or not any(sign.isalpha() for sign in name):
        return False
    if re.search(r"[?!…;“”\"|/=]|[.,]$", name) or name.casefold() in _NO_NAMES:
        return False
    return all(_begins_large(word) or word in _SMALL for word in words) and _begins_large(words[0])


def _begins_large(word: str) -> bool:
    first = next((sign for sign in word if sign.isalnum()), "")
    return word == "&" or (bool(first) and not first.islower())


def split_changes(text: str, above: str = "") -> Iterator[tuple[str, str | None]]:
    """The lines of a text, in parts where a sign of another speaker stands inside one.

    With each stands what is behind the sign with which it begins, or None without a sign.

    >>> [rest for text in ("- So >> So", "-so", "-5") for _, rest in split_changes(text)]
    ['So ', 'So', None, None]
    """
    for line in text.splitlines(keepends=True):
        form = _DASHED_PART if line.lstrip()[:1] in _DASHES else _PART
        for part in form.split(line):
            yield part, _strip_change(part.lstrip(), above.strip())
        above = line


def _strip_change(text: str, above: str) -> str | None:
    change = _CHANGE.match(text)
    if not change:
        return None
    listed = above[:1] in _DASHES and above[-1:] not in _DASHES
    if change["next"] and not listed:
        small = change["next"].islower()
        paired = change[0] not in "-‐" and (small or text.rstrip()[-1:] in _DASHES)
        if (small and not change["blank"]) or (paired and _OPEN.search(above)):
            return None
    rest = text[change.end() :].lstrip()
    return rest if find_keys(rest) == find_keys(text) else None


def find_labels(texts: Iterable[str], told: Mapping[str, str] | None = None) -> frozenset[str]:
    """The names with which the lines of a file's cues begin.

    `told` has the labels that somebody told, with a name, or "" where they are words.
    """
    texts, told = tuple(texts), told or {}
    lines = [line for text in texts for line in text.split("\n") if line.strip()]
    met = [label for line in lines if (label := _LABEL.match(line))]
    marked = Counter(_name_of(label) for label in met if label["marked"])
    written = Counter(_name_of(label) for label in met if not label["marked"])
    bold = Counter(_name_of(label) for label in met if label["stars"])
    sure = {_name_of(label) for label in met if (label["change"] or "")[:1] == ">"} | bold.keys()
    found = {*_choose_labels(texts, lines, _join_notes(written), sure)}
    found |= {n for n in bold if bold[n] > 1 and is_speaker_name(n) and n.lower() not in _NO_NAMES}
    # In other files the letters of a protocol count points, and brackets hold sounds.
    asks = min(marked[letter] for letter in _LETTERS) > 1
    if 2 * marked.total() >= len(lines) or (asks and 10 * marked.total() >= len(lines)):
        named = (name for name in marked if name.casefold() not in {*NonSpeech})
        found.update(filter(is_speaker_name, named))
    if not asks:
        found -= _LETTERS
    found = found or _find_dashed(lines)
    given = {label for label in written | marked if told.get(label)}
    return frozenset(name for name in found if name.removesuffix(_DASH) not in told) | given


def _find_dashed(lines: list[str]) -> set[str]:
    """The names with which a third of the lines begin, each several times, if there are several."""
    times = Counter(dashed["name"] for line in lines if (dashed := _DASHED.match(line)))
    names = [name for name in times if looks_like_name(name)]
    often = _find_recurring(names, times, lines)
    count = sum(times[name] for name in often)
    fits = len(often) > 1 and 3 * count >= len(lines) and 4 * count >= 3 * times.total()
    if all(map(str.isupper, often)):
        often.update(name for name in names if name.isupper())
    return {name + _DASH for name in often} if fits else set()


def _find_recurring(names: Iterable[str], times: Counter[str], lines: list[str]) -> set[str]:
    """The names met several times that are no words in small letters anywhere."""
    small = {word for line in lines for word in _WORD.findall(line)} - _ROLE_NAMES
    return {name for name in names if times[name] > 1 and name.lower() not in small}


def _split_note(label: str) -> tuple[str, str]:
    noted = _NOTED.fullmatch(label)
    said = (noted["said"] or "") if noted else ""
    if not noted or said[:1] != said[:1].lower() or said in _ROLE_NAMES:
        return label, ""
    return noted["name"], f"({said}) " if said else ""


def _join_notes(written: Counter[str]) -> Counter[str]:
    """The labels with those of one name as one, if it stands with several notes or without one."""
    names = Counter(_split_note(label)[0] for label in written)
    times: Counter[str] = Counter()
    for label, count in written.items():
        name = _split_note(label)[0]
        times[name if names[name] > 1 else label] += count
    return times


def _name_of(label: re.Match[str]) -> str:
    name = " ".join(_UNSEEN.sub("", label["marked"] or label["name"]).split())
    if label["marked"]:
        return name.strip("[]()")
    return name[1:-1] if re.fullmatch(r"\[[^\[\]]+\]", name) else name


def _choose_labels(
    texts: Iterable[str], lines: list[str], times: Counter[str], sure: set[str]
) -> Iterable[str]:
    heads = [text.lstrip() for text in texts if text.strip()]
    labelled = sum(bool((label := _LABEL.match(head)) and label["name"]) for head in heads)
    if labelled > 2 and 10 * labelled >= 9 * len(heads) and 2 * len(times) <= labelled:
        return (name for name in times if is_speaker_name(name))
    found = [name for name in times if looks_like_name(name)]
    # Beside labels in capitals, a word that is met once in small letters is none.
    often = [name for name in found if times[name] > 1]
    large = [name for name in often if name.isupper() and name[-1].isalpha()]
    if len(large) == len(often) > 1 and max(map(len, large)) > 2:
        found = [name for name in found if name.isupper() or name.casefold() in _ROLE_NAMES]
    total = sum(times[name] for name in found)
    if total > 1 and 2 * total >= len(lines):
        return found
    # Capitals are labels if one of them recurs, as in captions for the deaf.
    capitals = {name for name in found if len(name) > 1 and name.isupper()}
    capitals = capitals if any(times[name] > 1 for name in capitals) else set()
    return _find_recurring(found, times, lines) | capitals | sure.intersection(found)


def is_speaker_name(name: str) -> bool:
    """Whether an edition can declare a speaker of this name, whatever it looks like."""
    return len(name) <= MOST_CHARACTERS and not _SENTENCE.search(name)


def split_label(text: str, labels: frozenset[str]) -> tuple[str, str]:
    """The label at the beginning of a text, if it is one of these, or "", and the rest."""
    written, rest = _parse_label(text, labels)
    name, note = (written, "") if written in labels else _split_note(written)
    return (name.removesuffix(_DASH), note + rest) if name in labels else ("", text)


def _parse_label(text: str, labels: Collection[str]) -> tuple[str, str]:
    """What stands at the beginning of a text as a label does, or "", and the rest."""
    dashes = any(known.endswith(_DASH) for known in labels)
    if dashes and (dashed := _DASHED.match(text)):
        return dashed["name"] + _DASH, text[dashed.end() :]
    label = _LABEL.match(text)
    return (_name_of(label), text[label.end() :]) if label else ("", text)


def count_unnamed(cues: Iterable[Cue]) -> Counter[str]:
    """What stands before a colon at the beginning of cues and is read as words, and how often."""
    labels = (_LABEL.match(line) for cue in cues for line in cue.text.split("\n"))
    times = Counter(_name_of(label) for label in labels if label and label["name"])
    for name, count in list(times.items()):
        fits = is_speaker_name(name) and len(name.split()) <= _LONGEST_NAME
        # Words met once count only if they look like a name.
        if not (looks_like_name(_split_note(name)[0]) or (count > 2 and fits)):
            del times[name]
    return times


def count_label(name: str, content: str) -> int:
    r"""How often a name stands before a colon in a file, or in brackets before a line.

    >>> [count_label(name, "[Ann] So.\nBo (laughs): So.\nBo: So.") for name in ("Ann", "Bo")]
    [1, 2]
    """
    name = re.escape(name)
    form = rf"(?m)^[ \t>-]*[\[<(]{name}[\])>]|{name}(?:[ ]?\([^()\n]*\))?(?:\*\*)?[:：]"
    return len(re.findall(form, content))


def name_cues(
    cues: Iterable[Cue], told: Mapping[str, str] | None = None, *, seek: bool = True
) -> tuple[Cue, ...]:
    """The cues with the speakers that the file names; "" where it names none.

    A cue in which somebody else begins becomes several cues. Labels in the texts are sought if
    `seek` and the file has no speakers otherwise; those that are `told` are found in any file.
    """
    told = told or {}
    silent = {label for label, name in told.items() if not name}
    cues = tuple(cue._replace(speaker="") if cue.speaker in silent else cue for cue in cues)
    named = any(cue.speaker for cue in cues)
    labels = frozenset(told) - silent
    if seek and not named:
        labels = find_labels((cue.text for cue in cues), told)
    if not labels and not named:
        return cues
    pieces = list(_split_speakers(cues, labels, silent))
    found = [cue for cue, _ in pieces] if named else _carry_names(pieces)
    return tuple(
        cue._replace(speaker="") if cue.speaker.casefold() in _UNKNOWN else cue for cue in found
    )


def _split_speakers(
    cues: tuple[Cue, ...], labels: frozenset[str], words: Collection[str]
) -> Iterator[_Piece]:
    waiting = above = ""
    for cue in cues:
        speaker, label, begins = waiting or cue.speaker, waiting, waiting != ""
        line = first = 0
        parts: list[str] = []
        for part, behind in split_changes(cue.text, above):
            name, rest = split_label(part, labels)
            # Whoever an unknown name at the head of a cue is, the speaker before it may be over.
            other = _parse_label(part, labels)[0].removesuffix(_DASH)
            unsure = line == 0 and not name and other not in words and looks_like_name(other)
            if name or unsure or behind is not None:
                text = "".join(parts)
                if text.strip():
                    text = text.rstrip("\n")
                    yield cue._replace(line=cue.line + first, text=text, speaker=speaker), begins
                    first = line
                # A sign at the head of a voice's own cue says no more than the voice does.
                if name or text.strip() or not cue.speaker:
                    speaker, label, begins = name, name, True
                parts = []
            parts.append(rest)
            line += part.count("\n")
        text = "".join(parts)
        above = cue.text.rpartition("\n")[2]
        # A name alone in its cue names the speaker of the next cue.
        waiting = "" if text.strip() else label
        yield cue._replace(line=cue.line + first, text=text, speaker=speaker), begins


def _carry_names(pieces: list[_Piece]) -> list[Cue]:
    """The cues, each name until the next change if the file has labels at most changes."""
    cues = [cue for cue, _ in pieces]
    words = [len(find_keys(cue.text)) for cue in cues]
    begun = [number for number, (_, begins) in enumerate(pieces) if begins]
    # Of each turn: who is named, and whether it has further cues.
    turns = [
        (cues[begin].speaker, any(words[begin + 1 : end]))
        for begin, end in pairwise([*begun, len(cues)])
        if any(words[begin:end])
    ]
    labelled = sum(name != "" for name, _ in turns)
    # The same name again behind cues without one: somebody else may have spoken between.
    again = sum(one[0] == two[0] != "" and one[1] for one, two in pairwise(turns))
    sparse = sum(words) > _WORDS_A_LABEL * labelled
    if 2 * labelled < len(turns) or 3 * again >= labelled or sparse:
        return cues
    for begin, end in pairwise([*begun, len(cues)]):
        if sum(words[begin:end]) <= _LONGEST_TURN:
            speaker = cues[begin].speaker
            cues[begin:end] = [cue._replace(speaker=speaker) for cue in cues[begin:end]]
    return cues
