"""A correction: from the form of a page through the issue to the rebuilt page, and hostile ones."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from build_tools.authoring.mark.correction import apply_correction
from build_tools.build.site import read_docs
from build_tools.checks.fidelity import MOST_GAINED, MOST_HEARD, MOST_SAID
from build_tools.model.edition import Mark
from build_tools.model.text import ProblemsFoundError
from tests.project import Project
from tests.reading import Reader, Servers, wait_until_ready
from tests.site_html import REPOSITORY, ROOT, build_site, project_environment
from tests.test_reading_aids import violations
from tests.trees import read_edition

PATH = "transcripts/mending-a-bridge.md"
TREE = read_docs(ROOT / "build_tools/authoring/new/starter/docs")
ISSUE = f"""A talk\r

```text\r
{PATH} t23w16\r
{{~~lamp~>lantern~~}}[^lantern]\r
[^lantern]: homophone?, sound: He says so.\r
```"""
SELECT = """wanted => {
  const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT)
  for (let at = -1; at < 0 && texts.nextNode();) {
    at = texts.currentNode.data.indexOf(wanted)
    if (at >= 0) getSelection().setBaseAndExtent(
      texts.currentNode, at, texts.currentNode, at + wanted.length)
  }
}"""
# What a reader may type: signs of the edition, of Markdown and of a shell, lines, no word.
TYPED = """dock~~}[^piers]|{~~peck~>dock~~}|dock\\|*dock* [a](b)|{>>dock<<}|++} --} dock|C++|!?|\
deck|<b>dock</b>|dock &amp;|dock\n\n## dock|```\ndock\n```|$(dock) `dock`|**Ann:** dock|深い dock"""
UNSEEN = [pair for one in ("do\u200bck", "d\u202eock") for pair in ((one, "Why"), ("dock", one))]
REFUSED = (*UNSEEN, ("!?", "!?"), ("deck", "deck"))
# By what is typed for some words: the mark and the footnote that the form writes.
WRITTEN = {
    ("a lamp", "a lantern"): "{~~lamp~>lantern~~}[^lantern] [^lantern]: homophone?, sound: Why\\*.",
    ("the deck", "the top deck"): "the {++top++}[^top] [^top]: dropout?, sound: Why\\*.",
    ("much mending", "mending"): "{--much--}[^much] [^much]: garble?, sound: Why\\*.",
    ("the mill?", "the mill, then?"): "mill {++then++}[^then] [^then]: dropout?, sound: Why\\*.",
    ("habit", "a hobbit"): "{~~habit~>a hobbit~~}[^a-hobbit] [^a-hobbit]: garble?, sound: Why\\*.",
}

# By what a mark heard and what is typed for it: the block of the form, and the edition's new text.
OF = "homophone?, sound: Why\\*.\nin place of "
OF_GARBLE, OF_DROPOUT = (OF.replace("homophone", kind) for kind in ("garble", "dropout"))
AGAIN = {
    ("scower", "scouring"): (
        f"t18w13\n{{~~scower~>scouring~~}}[^scouring]\n[^scouring]: {OF}{{~~scower~>scour~~}}",
        "called {~~scower~>scouring~~}[^scouring].",
    ),
    ("scower", "Scower!"): (
        "t18w13\nscower\nin place of {~~scower~>scour~~}\nbecause: Why*.",
        "That is called scower.\n",
    ),
    ("peers", ""): (
        f"t11w11\n{{--peers--}}[^peers]\n[^peers]: {OF_GARBLE}{{~~peers~>piers~~}}",
        "is the {--peers--}[^peers].",
    ),
    ("you", "we"): (
        "t23w10\n{~~you~>we~~}[^we]\n[^we]: homophone?, sound: Why\\*.\nin place of {--you--}",
        "so you {~~you~>we~~}[^we] send",
    ),
    ("", "once"): (
        f"t23w17\n{{++once++}}[^once]\n[^once]: {OF_DROPOUT}{{++too++}}",
        "a lamp {++once++}[^once].",
    ),
    ("", ""): ("t23w17\n—\nin place of {++too++}\nbecause: Why*.", "down with a lamp.\n"),
}
EDITION = TREE[PATH].decode().replace("a lamp.", "a lamp {++too++}[^too].")
MARKED = {**TREE, PATH: f"{EDITION.rstrip()}\n[^too]: dropout?, sound: So.\n".encode()}


def block(lines: str) -> str:
    """An issue that holds a block of lines."""
    return f"A talk\n\n```text\n{PATH} {lines}\n```\n"


@pytest.mark.parametrize(("lines", "written"), AGAIN.values())
def test_a_correction_is_corrected_with_its_footnote(lines: str, written: str) -> None:
    corrected = apply_correction(MARKED, block(lines))[1].decode()
    assert written in corrected
    notes, left = (
        set(re.findall(r"(?m)^\[\^.*", one)) for one in (MARKED[PATH].decode(), corrected)
    )
    assert len(notes - left) == 1
    assert len(left - notes) == ("]: " in lines)


def test_a_footnote_that_serves_other_marks_stays() -> None:
    second = TREE[PATH].decode().replace("the deck", "the {~~deck~>desk~~}[^piers][^meter]")
    lines = "{~~deck~>dock~~}[^dock]\n[^dock]: name?, sound: So.\nin place of {~~deck~>desk~~}"
    tree = {**TREE, PATH: second.encode()}
    corrected = apply_correction(tree, block(f"t11w5\n{lines}"))[1].decode()
    assert "the {~~deck~>dock~~}[^dock][^meter]" in corrected
    assert "\n[^piers]: homophone" in corrected
    assert corrected.endswith("\n[^dock]: name?, sound: So.\n")


def test_the_form_has_the_limits_of_the_check() -> None:
    form = (ROOT / "docs/assets/scripts/composing.js").read_text(encoding="utf-8")
    assert f"MOST_GAINED] = [{MOST_HEARD}, {MOST_SAID}, {MOST_GAINED}]" in form
    assert f"at most {MOST_SAID} words, and {MOST_GAINED} more than were heard" in form


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text without lone signs."""
    return tuple(re.findall(r"\w+", text.casefold()))


def open_card(page: Page, heard: str) -> None:
    """Opens the form at a mark, by its card."""
    mark = f"ins[data-heard='{heard}']"
    page.locator(f"{mark}:not(:empty), {mark}:empty + sup a").hover()
    page.locator("#sic-card").get_by_role("button", name="Fix this").click()


def answer(page: Page, words: str, said: str, why: str = "Why*") -> tuple[str, str]:
    """What the form says is wrong, and the issue that it composes if nothing is."""
    page.evaluate(SELECT, words)
    page.get_by_role("button", name="Suggest a correction").click()
    expect(page.get_by_label("What was said?")).to_have_value(words)
    return fill_in(page, said, why)


def fill_in(page: Page, said: str, why: str = "Why*") -> tuple[str, str]:
    """What an open form says is wrong, and the issue that it composes if nothing is."""
    form = page.get_by_role("dialog", name="Suggest a correction")
    form.get_by_label("What was said?").fill(said)
    form.get_by_label("I heard it").check()
    form.get_by_label("Why?").fill(why)
    form.get_by_role("button", name="Show the result").click()
    wrong = form.get_by_role("alert").text_content() or ""
    link = form.get_by_role("link", name="Send it to github.com")
    address = "" if wrong else link.get_attribute("href") or ""
    page.keyboard.press("Escape")
    expect(page.locator("dialog.sic-form")).to_have_count(0)
    page.evaluate("getSelection().empty()")
    expect(page.get_by_role("toolbar")).to_be_hidden()
    return wrong, "".join(parse_qs(urlsplit(address).query).get("body", ()))


@pytest.mark.browser
@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_a_wrong_word_is_corrected_from_its_page_to_its_page(
    engine: str, tmp_path: Path, reader: Reader, servers: Servers
) -> None:
    Project(tmp_path).run("new", str(tmp_path / "talks"))
    project = Project(tmp_path / "talks")
    # What is no speech is no word of an address, and is never sent.
    project.replace(f"docs/{PATH}", "with a lamp", "with [laughter] a lamp")
    environment = {"SIC_REPO_URL": REPOSITORY}
    door = servers.serve(build_site(project.folder, engine, environment=environment))
    page = reader.open(door, PATH.replace(".md", "/"), width=1280 if engine == "mkdocs" else 320)
    wait_until_ready(page)
    for (words, said), lines in WRITTEN.items():
        _, issue = answer(page, words, said)
        assert lines in " ".join(issue.split())
        apply_correction(TREE, issue)
    for (heard, said), (lines, _) in AGAIN.items():
        if heard:
            open_card(page, heard)
            wrong, issue = fill_in(page, said)
            assert (wrong, f"\n{PATH} {lines}\n```" in issue) == ("", True)
    typed = TYPED.split("|") if engine == "mkdocs" else ()
    for said, why in (*zip(typed, typed, strict=True), *UNSEEN):
        wrong, issue = answer(page, "deck", said, why)
        assert bool(wrong) is ((said, why) in REFUSED)
        if not wrong:
            edition = read_edition(apply_correction(TREE, issue)[1].decode())
            spans = (span for one in edition.paragraphs for span in one.spans)
            written = {words_of(span.said) for span in spans if span.mark is Mark.CHANGE}
            assert words_of(said) in written
    _, issue = answer(page, "a lamp", "a lantern")
    page.evaluate(SELECT, "a lamp")
    page.get_by_role("button", name="Suggest").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    command = [sys.executable, "-m", "build_tools.authoring.mark.correction"]
    given = project_environment({"ISSUE": issue})
    subprocess.run(command, cwd=project.folder, env=given, check=True)
    build_site(project.folder, engine, environment=environment)
    page.reload()
    expect(page.locator("ins[data-heard='lamp']")).to_have_text("lantern")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *(("scower~>scour~", "scower~>x~"), ("t18w13", "t18w12"), ("scour~~}\n", "scour~~}[^x]\n")),
        *(("{~~scower~>scouring", "{~~bank~>scouring"), ("in place of ", "")),
        *(("[^scouring]:", "[^x]:"), ("{~~scower~>scour~~}", "scower")),
        *(("\n[^scouring]: homophone?, sound: Why\\*.", ""), ("~>scouring", "~>scower")),
        ("in place of {", "in place of <!-- {"),
    ],
)
def test_what_is_no_mark_of_the_edition_is_not_corrected(old: str, new: str) -> None:
    issue = block(AGAIN["scower", "scouring"][0])
    assert old in issue
    with pytest.raises(ProblemsFoundError):
        apply_correction(MARKED, issue.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *((PATH, "transcripts/../index.md"), (PATH, "transcripts/x.md"), ("t23w16", "t23w15")),
        *(("t23w16", "t230"), ("t23w16", "t23w16; rm"), ("lamp", "lamps"), ("[^lantern]\r", "\r")),
        *(("{~~lamp", "a {~~lamp"), ("[^lantern]\r", "[^x]\r"), ("homophone?", "note")),
        *(("homophone?", "homophone"), ("homophone?", "guess"), ("He says so.", "")),
        *(("~~}", "~~} {++x++}"), ("~>lantern", "~>lamp"), ("He says", "{++He says"), ("```", "")),
        *(("says so", "says\rso"), ("says so", "[says](/so)"), ("says so", "*says* so")),
        *(("t23w16", "t" + "9" * 5000), ("A talk", "<!-- A talk"), ("says so", "says\ud800so")),
        *(("{~~lamp~>lantern~~}", "{==lamp==}{>>so?<<}"), ("A talk", ISSUE), ("lantern~~}", "~~}")),
    ],
)
def test_what_no_form_writes_is_refused(old: str, new: str) -> None:
    assert b"{~~lamp~>lantern~~}[^lantern]" in apply_correction(TREE, ISSUE)[1]
    with pytest.raises(ProblemsFoundError):
        apply_correction(TREE, ISSUE.replace(old, new))
