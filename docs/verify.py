"""Check that each transcript has the words of its source, apart from the marked corrections.

    python3 verify.py SITE                  a site, a downloaded offline site, or one page
    python3 verify.py PAGE --sources DIR    the same, with the sources in another folder

It shares nothing with the program that makes the site. It undoes each correction by the words that
page and note say were heard, and reports what has no place in the speech. What is left has the
words of the source: the same in the formats clock, plain, names, srt and vtt; in others in order,
and the other words of the source are listed. The words shown are those of transcript.json, and the
sources have the checksums in SHA256SUMS.

A word is a run of letters and digits; capitals are ignored. An apostrophe inside is part of it,
and so are points, commas and colons between digits. Currencies, other symbols, % & @ # and § are
words; so are a point or minus before a number, and each character of a script without spaces.
All else is punctuation, and so are >> and ->. What a page in another language than English shows
as no words is listed. The page “Published data” has the markup read here.
Exit status: 0 all is equal, 1 something differs, 2 wrong usage.
"""

import argparse
import bisect
import functools
import hashlib
import html
import io
import json
import re
import sys
import unicodedata
import zipfile
from pathlib import Path

EXACT = ("clock", "plain", "names", "srt", "vtt")
SCRIPTS = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
WORD = r"""(?x)[sw]|(?<![c/-])c(?![c/])|(?<![9as.'-])-(?=[s.]?9)|(?<![9a.])\.(?=9)
|[9a]+(?:(?:'|(?<=9)[.,](?=9))[9a]+)*"""
SPEECH = r"""(?sx)<p\ class="sic-(?:turn|on)"(?:\ (?:dir|lang)="[\w-]*")*>\s*
(?:<a\ class="sic-at"\ href="(?P<at>\#[\w-]+)"[^<>]*>[\d:]+</a>\s*)?
(?:<(?P<tag>a|span)\ class="sic-speaker"[^<>]*>
(?:<bdi[^<>]*>)?(?:[^<>!;&]|&\#?\w+;){1,40}(?:</bdi>)?</(?P=tag)>)?
(?P<speech>.*?)</p>|<h2[ >].*?</h2>|<p\ class="sic-(?:summary|themes|note)[ "].*?</p>"""
PIECE = r"""(?x)
(?P<silent><span\ class="sic-non-speech"><span\ class="sic-hidden">(?:no\ words:\ </span>
(?:\[|&\#91;)(?:laughter|applause|pause|crosstalk|inaudible)
|[^<>&]{1,30}</span>(?:\[|&\#91;)(?P<other>[^][<>&]{1,30}))(?:\]|&\#93;)</span>
|<sup\ id="[^"]*"><a\ class="footnote-ref[a-z\ -]*"\ href="\#(?P<note>fn:[^"]*)">[\d?]+</a></sup>)
|<ins\ class="sic-[\w -]+"\ data-heard="(?P<heard>[^"]*)">|</ins>
|</?(?:a|bdi|em|span)(?:\ (?:class="sic-[\w -]+"|(?:data-skip|dir|href|lang|title)="[^"]*"
|id="(?P<id>[^"]*)"))*>|[^<>]+"""
MARK = r'(?s)<ins [^<>]*data-heard="([^"]*)">((?:(?!<ins ).)*?)</ins>'
UNDO = r" \1 ", r" \2 ", r"\2"
TIME, TAG = r"\s*(\d+:)?\d{1,2}:\d\d", r"</?[A-Za-z\d][^>]*>|\{\\[^}]*\}|\[br\]"
# Only the name goes: what stands in brackets before the colon is speech. A dash or a full stop
# behind a name is one of speech where a file has none behind its other names.
COLON, DASH = r"\]?\s*(?:\([^()]*\)\s*)?[:：]|[\])]|(?<=\.)\s", r"\s[–—-]+\s|\.\s"
NAMED = r"(^|>>)(\W*)(?:%s)(?:\s*\((?:[A-Z]\.?){2,4}\))?(?=%s)"
COMMA = r"(?m)^([ \t]*[\d:]+:\d\d[.,]\d+),(?=\d+:[\d:]+[.,]\d+[ \t\r]*$)"


class Word(str):
    place = ""


@functools.cache
def shape(c):
    """Return one letter for what a character is in a word, or nothing if readers see nothing."""
    kind, plain = unicodedata.category(c), unicodedata.normalize("NFKC", c)
    if kind in ("Cf", "Cn", "Co", "Cs") or "\ufe00" <= c <= "\ufe0f" or c in "\u115f\u1160\u3164":
        return ""
    if c in "<>|~^`/":
        return "c" if c in "<>" else "/" if c == "/" else "s" if c == "^" else " "
    if kind in ("Sc", "Sm", "So") or plain in "%‰&@#§^" or (kind == "Sk" and c > "\uffff"):
        return "s"
    if kind[0] in "LMN" and c != "ʼ":
        return "w" if unicodedata.name(c, "").startswith(SCRIPTS) else "9" if kind == "Nd" else "a"
    return {"’": "'", "ʼ": "'", ":": ",", "٫": ",", "٬": ","}.get(c, c if c in "'.,-" else " ")


def words(text, lang=""):
    """Return the words of a text; the place of each stands before it, between two NULs."""
    text = text.replace("!=", "≠")
    text = text.replace("I", "ı").replace("İ", "i") if lang[:2] in ("az", "tr") else text
    seen, places, found = "", {0: ""}, []
    for number, part in enumerate(re.split("\0(.*?)\0", unicodedata.normalize("NFC", text))):
        if number % 2:
            places[len(seen)] = part
        else:
            seen += "".join(c for c in part if shape(c))
    starts = list(places)
    for one in re.finditer(WORD, "".join(map(shape, seen))):
        found.append(Word(re.sub("[’ʼ]", "'", seen[one.start() : one.end()].lower())))
        found[-1].place = places[starts[bisect.bisect(starts, one.start()) - 1]]
    return found


def plain(text):
    """Return the text of a piece of HTML, with straight apostrophes."""
    return html.unescape(text).replace("’", "'")


def read_page(text, lang):
    """Return the words heard, shown and left out, a line about the marks, and problems."""
    english = not re.search(r'<html [^<>]*lang="?(?!en\b)\w', text)
    left = "".join(re.findall(r'(?s)<details class="sic-furniture".*?</details>', text))
    left = "\0left out\0" + html.unescape(" ".join(re.findall(r"<li [^>]*>([^<]*)", left)))
    notes = re.findall(r'(?s)<p class="sic-note[a-z -]*" id="(fn:[^"]+)".*?>(.*?)</p>', text)
    notes = {
        name: re.sub("<[^<>]*>", "", "".join(re.findall("<del>(.*?)</del>", note)))
        for name, note in notes
    }
    text = re.split(r'<h2 id="about-this-text"|</article>', text.replace("\0", "\ufffd"))[0]
    text = re.sub(r'(?s)^.*?(?=<p class="sic-(turn|on)")', "", text)
    problems = [f"outside the speech: {odd}" for odd in re.sub(SPEECH, "", text).split("\n") if odd]
    heard, shown, others, marks, at = "", "", {}, 0, ""
    for block in re.finditer(SPEECH, text):
        speech, at, untold = "", block["at"] or at, []
        for odd in re.sub(PIECE, "", block["speech"] or "").split():
            problems.append(f"{at}: {odd} has no place in the speech")
        for piece in re.finditer(PIECE, block["speech"] or ""):
            if piece["other"] and english:
                problems.append(f"{at}: [{piece['other']}] has no place in the speech")
            others |= {piece["other"]: 1} if piece["other"] else {}
            if piece["heard"] is not None:
                marks, untold = marks + 1, [*untold, plain(piece["heard"])]
            elif piece["note"] and untold and plain(notes.get(piece["note"], "?")) == untold[0]:
                untold = untold[1:]
            speech += "" if piece["silent"] else f"\0#{piece['id']}\0" if piece["id"] else piece[0]
        problems += [f"{at}: no note says that “{one}” was heard" for one in untold]
        sides = (re.sub("<[^<>]*>", "", re.sub(MARK, new, speech)) for new in UNDO)
        told, said, whole = (html.unescape(f"\0{at}\0{side}\n") for side in sides)
        if words(said, lang) != words(whole, lang):
            problems.append(f"{at}: a mark begins or ends inside a word")
        if any(not shape(c) and c not in "\u200c\u200d\ufe0f" for c in whole):
            problems.append(f"{at}: invisible characters")
        heard, shown, at = heard + told, shown + said, re.findall("\0(.*?)\0", whole)[-1]
    line = f"{marks} corrections undone" + "; as no words: " * bool(others) + ", ".join(others)
    return [words(one, lang) for one in (heard, shown, left)], line, problems


def read_word(data):
    """Return the text of a Word document, without deleted words and the codes of fields."""
    text = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    text = re.sub(r"(?s)<((?:\w+:)?(?:Fallback|delText|instrText))\b.*?</\1>|\n", "", text)
    text = re.sub(r"<(?:\w+:)?(?:br|cr)\b[^>]*>|</(?:\w+:)?p>", "\n", text)
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<(?:\w+:)?tab\b[^>]*>", "\t", text)))


def read_source(data, facts, behind=COLON):
    """Return the words of a source that are speech, and those of lines that are left out.

    What stands `behind` a name tells that it is one.
    """
    wide = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = read_word(data) if data[:2] == b"PK" else data.decode(facts.get("encoding") or wide)
    kind, cue, found, left = facts["format"], False, "", ""
    text = re.sub(COMMA, r"\1 --> ", text) if kind == "srt" else text
    lines = re.split(r"\r\n|\r|\n", text.replace("\0", "\ufffd"))
    ranges = re.findall(r"(\d+)(?:-(\d+))?", facts.get("furniture", ""))
    names = "|".join(map(re.escape, json.loads(facts.get("names") or "[]"))) or "(?!)"
    for number, (line, after) in enumerate(zip(lines, [*lines[1:], ""]), 1):
        if kind in ("srt", "vtt"):
            cue = "-->" in line or ((cue or kind == "srt") and bool(line.strip()))
            line = "" if not cue or "-->" in line + after else re.sub(TAG, "", line)
        elif kind not in EXACT:
            line = re.sub(r"\\u([\da-f]{4})", lambda m: chr(int(m[1], 16)), re.sub(TAG, " ", line))
            line = re.sub(r"\\[Nnhrt]", " ", line)
        line = line if kind in EXACT[:4] else html.unescape(line)
        line = re.sub(TIME, "", line, count=1) if kind == "clock" else line
        line = f"\0line {number}\0" + re.sub(NAMED % (names, behind), r"\1\2", line) + "\n"
        out = any(int(first) <= number <= int(last or first) for first, last in ranges)
        found, left = found + line * (not out), left + line * out
    return words(found, facts.get("lang", "")), words(left, facts.get("lang", ""))


def differ(what, ours, theirs):
    """Return as a problem the first difference between two lists of words, if there is one."""
    same = [*(a == b for a, b in zip(ours, theirs)), len(ours) == len(theirs), False]
    at = same.index(False)
    near = [" ".join(side[max(at - 5, 0) : at + 5]) for side in (ours, theirs)]
    where = ", ".join(word.place for word in ours[at : at + 1] + theirs[at : at + 1])
    return [f"{where}: the page has “{near[0]}”, {what} “{near[1]}”"] * (at < len(same) - 1)


def check_page(path, folders):
    """Return a line about a transcript, and its problems."""
    text = path.read_text("utf-8")
    facts = "".join(re.findall("<p [^<>]*data-source=[^<>]*>", text)[:1])
    facts = re.findall(r'data-(\w+)="([^"]*)"', facts)
    facts = {name: html.unescape(value) for name, value in facts}
    lang, name = facts.get("lang", ""), Path(facts.get("source", "")).name
    (heard, shown, left), marks, problems = read_page(text, lang)
    data = next((at / name for at in folders if (at / name).is_file()), None)
    data, rest = data.read_bytes() if data else b"", []
    if hashlib.sha256(data).hexdigest() != facts.get("sha256"):
        problems.append(f"“{name}” is missing or has another checksum than the page says")
    facts = {"format": "", **facts}
    source, out = read_source(data, facts)
    if source != heard and facts.get("names"):
        source, out = read_source(data, facts, f"{COLON}|{DASH}")
    if facts["format"] in EXACT:
        problems += differ("the lines left out have", left, out)
    else:
        every, source = source, []
        for word in every:
            (source if heard[len(source) :][:1] == [word] else rest).append(word)
    problems += differ("the source", heard, source)
    turns = path.parent / path.stem.removesuffix("index") / "transcript.json"
    for key, ours in (("heard", heard), ("text", shown)) if turns.is_file() else ():
        told = json.loads(turns.read_text("utf-8"))["turns"]
        told = "".join(f"\0#{turn['id']}\0{turn[key]}\n" for turn in told)
        problems += differ(f"“{key}” of transcript.json", ours, words(told, lang))
    line = f"{len(heard):,} {'≠' if problems else '='} {len(source):,} words"
    besides = f"; {len(left):,} left out" * bool(left)
    besides += "; the source has besides: " * bool(rest) + " ".join(rest)
    return f"{line}, {marks}{besides}", problems


def check_sums(folder):
    """Return a line about the checksums of a folder, and what differs from them."""
    text = (folder / "SHA256SUMS").read_text("utf-8")
    told = {(name, digest) for digest, name in re.findall(r"(?m)^([\da-f]{64}) [ *](.+)$", text)}
    files = [path for path in folder.iterdir() if path.name != "SHA256SUMS"]
    here = {(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files}
    odd = sorted({name for name, _ in told ^ here})
    return f"{len(here)} checksums", [f"{name}: missing, changed or not listed" for name in odd]


def main():
    """Check a site and print the results; return whether something differs."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("site", type=Path, metavar="SITE")
    parser.add_argument("--sources", type=Path, metavar="DIR")
    site, sources = vars(parser.parse_args()).values()
    checks = {}
    for page in sorted(site.rglob("*.html")) if site.is_dir() else [site]:
        if re.search(r'<p [^<>]*data-source=|<p class="sic-(turn|on)"', page.read_text("utf-8")):
            folders = [sources] if sources else [up / "sources" for up in page.resolve().parents]
            checks[page] = check_page(page, folders)
            sums = (folder for folder in folders if (folder / "SHA256SUMS").is_file())
            checks |= {folder / "SHA256SUMS": check_sums(folder) for folder in sums}
    for path, (line, problems) in checks.items():
        print(f"{path}: {line}: {'DIFFERENT' if problems else 'equal'}", *problems[:5], sep="\n  ")
    return not checks or any(problems for _, problems in checks.values())


if __name__ == "__main__":
    sys.exit(main())
