"""Check that each transcript has the words of its source, apart from the marked corrections.

    python3 verify.py SITE                  a site, a downloaded offline site, or one page
    python3 verify.py PAGE --sources DIR    the same, with the sources in another folder

This file shares nothing with the program that makes the site. It reads the words of the speech
that a reader sees, and reports what has no place there. It undoes each correction: it takes the
words that the page says were heard, and checks that the note tells readers the same. It compares
these words with the source, without the lines that the page says are left out, times, cue
numbers and the speakers' names that the page lists. They are equal in the formats clock, plain,
names, srt and vtt. In others they stand in the source in order, and its other words are listed.
It compares the words shown with transcript.json, and the sources with their SHA256SUMS.

A word is a run of letters and digits; capitals are ignored. An apostrophe inside is part of it,
and so are points, commas and colons between digits. Currencies, other symbols, % & @ # and § are
words; so are a point or minus before a number, and each character of a script without spaces.
All else is punctuation. The site's page “Published data” has the markup that is read here.
Exit status: 0 all is equal, 1 something differs, 2 wrong usage.
"""

import argparse
import functools
import hashlib
import html
import json
import re
import sys
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

EXACT = ("clock", "plain", "names", "srt", "vtt")
SCRIPTS = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
WORD = r"[sw]|(?<![9as.'-])-(?=[s.]?9)|(?<![9a.])\.(?=9)|[9a]+(?:(?:'|(?<=9)[.,](?=9))[9a]+)*"
SPEECH, ASIDE = {"sic-turn", "sic-on"}, {"sic-summary", "sic-themes"}
LABELS = {"sic-at": r"[\d:]+", "sic-speaker": r"[^!;]{1,40}", "sup": r"\d+"}
TAGS = {"a", "bdi", "em", "ins", "p", "span", "sup"}
ATTRIBUTES = {"class", "data-heard", "dir", "href", "id", "lang", "title"}
TIME, TAG = r"\s*(\d+:)?\d{1,2}:\d\d", r"</?[A-Za-z\d][^>]*>|\{\\[^}]*\}"


class Word(str):
    place = ""


@functools.cache
def shape(c):
    """Return one letter for what a character is in a word, or nothing if readers see nothing."""
    kind, plain = unicodedata.category(c), unicodedata.normalize("NFKC", c)
    if kind in ("Cf", "Cn", "Co", "Cs") or "\ufe00" <= c <= "\ufe0f" or c in "\u115f\u1160\u3164":
        return ""
    if kind in ("Sc", "Sm", "So") or plain in "%‰&@#§^" or (kind == "Sk" and c > "\uffff"):
        return "s"
    if kind[0] in "LMN" and c != "ʼ":
        return "w" if unicodedata.name(c, "").startswith(SCRIPTS) else "9" if kind == "Nd" else "a"
    return {"’": "'", "ʼ": "'", ":": ",", "٫": ",", "٬": ","}.get(c, c if c in "'.,-" else " ")


def words(text, lang="", place=""):
    """Return the words of a text, which have the place."""
    text = text.replace("I", "ı").replace("İ", "i") if lang[:2] in ("az", "tr") else text
    text = "".join(c for c in unicodedata.normalize("NFC", text) if shape(c))
    found = re.finditer(WORD, "".join(map(shape, text)))
    kept = [Word(re.sub("[’ʼ]", "'", text[m.start() : m.end()].lower())) for m in found]
    for word in kept:
        word.place = place
    return kept


def read_page(text):
    """Return a page's facts, its paragraphs of runs [kind, text, place], and its problems."""
    facts, paragraphs, problems, stack, place, tags = {}, [], [], [], "", []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, at: tags.append((tag, {k: v or "" for k, v in at}))
    parser.handle_endtag = lambda tag: tags.append(("/" + tag, {}))
    parser.handle_data = lambda data: tags.append(("", {"text": data}))
    parser.feed(text)
    for tag, at in tags:
        classes, href, data = at.get("class", "").split(), at.get("href", ""), at.get("text", "")
        facts = at if "data-source" in at else facts
        if at.get("id") == "corrections-and-notes" or (paragraphs and tag == "/article"):
            break
        role = "aside" if tag == "h2" or ASIDE.intersection(classes) else tag
        role = next((name for name in LABELS if name in [tag, *classes]), role)
        if tag == "p" and SPEECH.intersection(classes):
            paragraphs, stack, role = [*paragraphs, []], [], "speech"
        if tag.startswith("/") or not paragraphs:
            stack = stack[:-1]
        elif tag:
            odd = {*at} - ATTRIBUTES or [c for c in classes if c[:4] not in ("sic-", "foot")]
            stack.append(role)
            if "aside" not in stack and (odd or tag not in TAGS or stack[0] != "speech"):
                problems.append(f"{place}: <{tag}> has no place in the speech {odd or ''}")
            place = f"#{at['id']}" if "id" in at and tag != "sup" else place
            place = href if role == "sic-at" else place
            if tag == "ins" or href.startswith("#fn:"):
                paragraphs[-1].append([tag, at.get("data-heard", href[1:]), place])
        elif "aside" not in stack and (stack or data.strip()):
            label, runs = next((name for name in stack if name in LABELS), ""), paragraphs[-1]
            kind = "label" if label else "said" if "ins" in stack else "kept"
            odd = any(not shape(c) and c not in "\u200c\u200d\ufe0f" for c in data)
            if not stack or odd or not re.fullmatch(LABELS.get(label, "(?s:.*)"), data):
                problems.append(f"{place}: {ascii(data)} has no place in the speech")
            if runs and runs[-1][0] == kind and not runs[-1][1][-1:].isspace():
                runs[-1][1] += data
            else:
                runs.append([kind, data, place])
    return facts, paragraphs, problems


def read_source(data, facts):
    """Return the words of a source without those that are no speech."""
    wide = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    lines = re.split(r"\r\n|\r|\n", data.decode(facts.get("data-encoding") or wide))
    kind, cue, found = facts["data-format"], False, []
    ranges = re.findall(r"(\d+)(?:-(\d+))?", facts.get("data-furniture", ""))
    names = "|".join(map(re.escape, json.loads(facts.get("data-names") or "[]"))) or "(?!)"
    for number, (line, after) in enumerate(zip(lines, [*lines[1:], ""]), 1):
        if kind in ("srt", "vtt"):
            cue = "-->" in line or ((cue or kind == "srt") and bool(line.strip()))
            line = "" if not cue or "-->" in line + after else re.sub(TAG, "", line)
        elif kind not in EXACT:
            line = re.sub(r"\\u([\da-f]{4})", lambda m: chr(int(m[1], 16)), re.sub(TAG, " ", line))
        line = line if kind in EXACT[:4] else html.unescape(line)
        line = re.sub(TIME, "", line, count=1) if kind == "clock" else line
        if not any(int(first) <= number <= int(last or first) for first, last in ranges):
            line = re.sub(rf"^\W*({names})\s*:", "", line)
            found += words(line, facts.get("data-lang", ""), f"line {number}")
    return found


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
    facts, paragraphs, problems = read_page(text)
    if {"data-source", "data-format", "data-sha256"} - {*facts}:
        return "the page does not say what its source is", ["no data-source, -format, -sha256"]
    notes = dict(re.findall(r'<li id="(fn:[^"]+)">(.*?)</li>', text, re.DOTALL))
    heard, said, marks, lang = [], [], 0, facts.get("data-lang", "")
    for runs in paragraphs:
        shown = [run for run in runs if run[0] in ("kept", "said")]
        parts = [word for _, text, place in shown for word in words(text, lang, place)]
        if parts != words("".join(text for _, text, _ in shown), lang):
            problems.append(f"{shown[0][2]}: a mark or a line begins or ends inside a word")
        said, pending = said + parts, []
        for kind, text, place in runs:
            heard += words(text, lang, place) if kind in ("kept", "ins") else []
            pending, marks = pending + [text] * (kind == "ins"), marks + (kind == "ins")
            note = html.unescape("".join(re.findall("<del>(.*?)</del>", notes.get(text, ""))))
            pending = pending[1:] if kind == "a" and pending and note == pending[0] else pending
        problems += [f"{place}: no note says that “{text}” was heard" for text in pending]
    name = Path(facts["data-source"]).name
    data = next((at / name for at in folders if (at / name).is_file()), Path("/dev/null")).read_bytes()
    if hashlib.sha256(data).hexdigest() != facts["data-sha256"]:
        problems.append(f"{name} is missing or has another checksum than the page says")
    source, rest = read_source(data, facts), []
    if facts["data-format"] not in EXACT:
        every, source = source, []
        for word in every:
            (source if heard[len(source) :][:1] == [word] else rest).append(word)
    problems += differ("the source", heard, source)
    turns = path.parent / (path.stem.removesuffix("index")) / "transcript.json"
    for key, ours in (("heard", heard), ("text", said)) if turns.is_file() else ():
        told = json.loads(turns.read_text("utf-8"))["turns"]
        told = [word for turn in told for word in words(turn[key], lang, "#" + turn["id"])]
        problems += differ(f"“{key}” of transcript.json", ours, told)
    line = f"{len(heard):,} {'≠' if problems else '='} {len(source):,} words, {marks} corrections undone"
    return line + "; the source has besides: " * bool(rest) + " ".join(rest), problems


def check_sums(folder):
    """Return as problems what differs between a folder and the checksums in it."""
    told = re.findall(r"^([\da-f]{64}) [ *](.+)$", (folder / "SHA256SUMS").read_text("utf-8"), re.M)
    here = {p.name: p for p in folder.iterdir() if p.name != "SHA256SUMS"}
    there = {n: hashlib.sha256(p.read_bytes()).hexdigest() for n, p in here.items() if p.is_file()}
    return [f"{name}: missing, changed or not listed" for _, name in {*told} ^ {(d, n) for n, d in there.items()}]


def main():
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("site", type=Path, metavar="SITE")
    parser.add_argument("--sources", type=Path, metavar="DIR")
    site, sources = vars(parser.parse_args()).values()
    pages = sorted(site.rglob("*.html")) if site.is_dir() else [site]
    pages = [p for p in pages if re.search(r'data-source=|class="sic-(turn|on)"', p.read_text("utf-8"))]
    wrong = ["no transcript is found"] * (not pages)
    folders = {}
    for page in pages:
        ups = [sources] if sources else [up / "sources" for up in page.resolve().parents]
        folders |= {up: "" for up in ups if (up / "SHA256SUMS").is_file()}
        line, problems = check_page(page, ups)
        print(f"{page}: {line}: {'DIFFERENT' if problems else 'equal'}", *problems[:5], sep="\n  ")
        wrong += problems
    for folder in folders:
        problems = check_sums(folder)
        print(f"{folder / 'SHA256SUMS'}: {'DIFFERENT' if problems else 'equal'}", *problems[:5], sep="\n  ")
        wrong += problems
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
