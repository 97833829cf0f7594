"""The order of search results, asked of the script that ranks them, without a built site."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from build_tools.build.plan import plan_site
from build_tools.build.site import read_docs
from build_tools.model.transcript import Passage, Piece
from build_tools.pages.search import PAGES, SPEECH, join_speech, render_pages, render_speech
from tests.site_html import ASSETS, ROOT

pytestmark = pytest.mark.browser

CASES = (ROOT / "tests/cases/search.tsv").read_text(encoding="utf-8").splitlines()[1:]
RANKING = "".join(ASSETS[f"assets/scripts/{name}.js"].decode() for name in ("texts", "ranking"))
ASK = """async ([text, chosen]) => {
  const { groups, speakers, talks } = ranking.search(await index, text, chosen)
  const keep = ({ path, anchor, head, speaker, chapter, talk, pieces, words }) =>
    ({ path, anchor, head, speaker, chapter, talk, pieces, words })
  const shown = groups.map(([name, found]) => [name, found.map(one => keep(one()))])
  return [shown, speakers, talks]
}"""

Groups = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    """A page that knows the script, and no site."""
    context = browser.new_context()
    page = context.new_page()
    exports = "search, makeIndex, isNear, wordsOf"
    plain = re.sub(r"^(?:export |import .*$)", "", RANKING, flags=re.MULTILINE)
    page.add_script_tag(
        content=f"window.ranking = (() => {{\n{plain}\nreturn {{ {exports} }} }})()"
    )
    yield page
    context.close()


def load(page: Page, *scripts: bytes) -> Page:
    page.evaluate("() => { window.read = {}; window.sicIndex = (name, is) => (read[name] = is) }")
    for script in scripts:
        page.add_script_tag(content=script.decode())
    page.evaluate("() => { window.index = ranking.makeIndex(read.pages, read.speech) }")
    return page


@pytest.fixture(scope="module")
def own(blank: Page) -> Page:
    """The page with the index of this collection."""
    files = plan_site(read_docs(ROOT / "docs"), exports=False).files
    return load(blank, files[PAGES], files[SPEECH])


def ask(page: Page, text: str, **chosen: str) -> Groups:
    return dict(page.evaluate(ASK, [text, chosen])[0])


def name_result(result: dict[str, Any]) -> str:
    anchor = result.get("anchor")
    return f"{result['path']}#{anchor}" if anchor else str(result["path"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.split("\t")[0])
def test_what_should_come_first_does(case: str, own: Page) -> None:
    query, first, never = case.split("\t")
    groups = ask(own, query)
    names = [name_result(one) for found in groups.values() for one in found]
    assert names
    assert re.search(first, names[0]), names[:3]
    assert not never or not [name for name in names[:3] if re.search(never, name)]
    assert list(groups).index("pages") == len(groups) - 1 if "pages" in groups else True
    assert len(groups.get("entries", ())) <= 2


def texts(results: list[dict[str, Any]]) -> list[str]:
    return ["".join(text for text, _ in one["pieces"]) for one in results]


def test_a_phrase_is_found_as_a_phrase_alone(own: Page) -> None:
    found = ask(own, '"responsible scaling"')
    assert len(found["said"]) > 5
    assert ask(own, '"scaling responsible"') == {}
    assert ask(own, "“race to the bottom”").keys() >= {"entries", "said"}
    unquoted = ask(own, "scaling responsible")
    assert len(unquoted["said"]) >= len(found["said"])


@pytest.mark.parametrize("common", ["a", "th", "the", "is", "an"])
def test_a_short_word_begins_no_other_common_word(common: str, own: Page) -> None:
    for one in ask(own, f"{common} amodei").get("entries", ()):
        assert "Amodei" in one["head"]
    found = {word.casefold() for one in ask(own, common).get("said", ()) for word in one["words"]}
    assert not found & {"that", "anthropic", "and", "about", "into", *({"the"} - {common})}


def test_only_the_last_word_may_be_a_beginning(own: Page) -> None:
    assert "entries" in ask(own, "mechanistic interpretab")
    assert "entries" not in ask(own, "interpretab mechanistic ")
    assert ask(own, "halluc") != {}
    assert ask(own, "halluc ") == {}


def test_all_words_come_before_some(own: Page) -> None:
    said = ask(own, "hallucination trust")["said"]
    found = [{word.casefold()[:5] for word in one["words"]} for one in said]
    whole = [{"hallu", "trust"} <= words for words in found]
    assert whole == sorted(whole, reverse=True)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("amodei", "amodie", True),
        ("amodei", "amodi", True),
        ("amodei", "amodeis", True),
        ("amodei", "amadei", True),
        ("amodei", "amodei", True),
        ("amodei", "amadie", False),
        ("amodei", "modie", False),
        ("aab", "aba", True),
        ("abcd", "dbca", False),
    ],
)
def test_one_edit_is_tolerated(one: str, other: str, near: bool, blank: Page) -> None:
    for pair in ([one, other], [other, one]):
        assert blank.evaluate("([a, b]) => ranking.isNear(a, b)", pair) is near


def test_results_can_be_narrowed_to_a_speaker_and_a_talk(own: Page) -> None:
    _, speakers, talks = own.evaluate(ASK, ["models", {}])
    assert {"Amodei", "Sorkin", "Bartlett"} <= set(speakers)
    assert len(set(talks)) == 2
    for speaker in ("Sorkin", "Bartlett"):
        found = ask(own, "models", speaker=speaker)
        assert found.keys() == {"said"}
        assert {one["speaker"] for one in found["said"]} == {speaker}
    (one,) = {one["talk"] for one in ask(own, "models", talk=talks[0])["said"]}
    assert one == talks[0]
    assert ask(own, "models", talk=talks[0], speaker="nobody") == {}


PASSAGE = Passage(
    *("talk", "Ein Gespräch", "2024", "Über Maß und Zahl", "Ann", "t83"),
    (Piece("Wir messen in München "), Piece("Amodei", "a model"), Piece(" 東京タワー. 50 %")),
)
HOSTILE = "<img src=x onerror=alert(1)>__proto__ constructor \x91\x92 ]]>"


@pytest.mark.parametrize(
    "query", ["munchen", "mün", "a model", "東京", "東京 タワー", "50 per cent"]
)
def test_other_languages_and_signs_are_found(query: str, blank: Page) -> None:
    page = load(blank, render_pages([], {}, {}), join_speech([render_speech([PASSAGE])]))
    (found,) = ask(page, query)["said"]
    assert (found["speaker"], found["anchor"], found["chapter"]) == ("Ann", "t83", PASSAGE.chapter)
    assert found["words"]


def test_whatever_is_said_or_asked_is_text(blank: Page) -> None:
    hostile = replace(
        PASSAGE, title=HOSTILE, chapter=HOSTILE, speaker=HOSTILE, pieces=(Piece(HOSTILE, HOSTILE),)
    )
    page = load(blank, render_pages([], {}, {}), join_speech([render_speech([hostile])]))
    for query in (
        "onerror",
        "constructor",
        "__proto__",
        "toString",
        *('"', '""', "“ ”", "\\", "𝒳", "%"),
    ):
        ask(page, query)
    assert "".join(texts(ask(page, "onerror")["said"])).startswith("<img src=x onerror=alert(1)>")
