"""The recording beside its transcript: nothing is asked before the reader asks, and times play."""

import wave
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from build_tools.model.edition import Recording
from build_tools.pages.player import find_player, link_second
from tests.reading import Door, Reader, wait_until_at_rest
from tests.test_reading_aids import violations

BARTLETT = "transcripts/logan-bartlett-2023/"
VIVATECH = "transcripts/vivatech-2024/"
# A player in the place of the hosts', which no test may ask: it notes what it is told.
STAND_IN = """<!doctype html><title>Player</title><script>
window.told = []
addEventListener("message", event => told.push(JSON.parse(event.data)))
</script>"""
TELL = "(_, second) => parent.postMessage(JSON.stringify({ info: { currentTime: second } }), '*')"
BOTH = [("mkdocs_site", "http"), ("zensical_site", "http")]
ANY = [("mkdocs_site", "http"), ("mkdocs_offline", "files")]


def stand_in(page: Page, reader: Reader) -> list[str]:
    """The addresses that are asked of a stand-in for the players of hosts."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        reader.troubles.remove(f"asks {route.request.url}")
        route.fulfill(body=STAND_IN, content_type="text/html")

    page.route(lambda url: "embed" in url or "player.html" in url, answer)
    return asked


def play(page: Page, address: str, name: str = "Play") -> None:
    """Plays from an address, by its card."""
    link = page.locator(f'.sic-at[href="{address}"]')
    wait_until_at_rest(page)
    link.hover()
    expect(link).to_have_attribute("aria-describedby", "sic-card")
    card = page.locator("#sic-card")
    card.get_by_role("button", name=name, exact=name == "Play").click()


def turn_address(page: Page, number: int) -> str:
    """The address of a turn."""
    return page.locator(".sic-turn > .sic-at").nth(number).get_attribute("href") or ""


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Ten minutes without a sound."""
    recording = tmp_path / "talk.wav"
    with wave.open(str(recording), "wb") as file:
        file.setparams((1, 1, 3_000, 0, "NONE", "not compressed"))
        file.writeframes(b"\x80" * 3_000 * 600)
    return recording


@pytest.mark.browser
@pytest.mark.parametrize("door", BOTH, indirect=True)
def test_a_player_loads_when_the_reader_asks_and_marks_the_line(door: Door, reader: Reader) -> None:
    page = reader.open(door, BARTLETT)
    asked = stand_in(page, reader)
    page.get_by_role("link", name="Listen").click()
    dock = page.get_by_role("region", name="Recording")
    expect(dock).to_contain_text("The player of www.youtube-nocookie.com will load")
    assert asked == []
    assert violations(page) == []
    dock.get_by_role("button", name="Play from the beginning").click()
    expect(page.locator(".sic-dock iframe")).to_be_visible()
    frame = page.frame_locator(".sic-dock iframe").locator("html")
    frame.evaluate(TELL, 5882)
    line = page.locator("#l1110")
    spoken = page.locator(".sic-playing")
    expect(spoken).to_have_count(1)
    within = "(part, line) => part.contains(line)"  # a part contains itself
    assert spoken.evaluate(within, line.element_handle())
    expect(spoken).to_be_in_viewport()
    # Its times are estimates between two that are known, and said to be.
    address = spoken.locator(".sic-at").get_attribute("href")
    assert address
    play(page, address, "Play from about")
    told = frame.evaluate("() => told.map(one => one.func ?? one.event)")
    assert told[-2:] == ["seekTo", "playVideo"]
    assert len(asked) == 1
    page.get_by_role("button", name="Close the recording").click()
    expect(spoken).to_have_count(0)


@pytest.mark.browser
@pytest.mark.parametrize("door", [("mkdocs_site", "http")], indirect=True)
def test_a_player_without_messages_loads_again_at_a_time(door: Door, reader: Reader) -> None:
    page = reader.open(door, VIVATECH)
    asked = stand_in(page, reader)
    first, second = (turn_address(page, number) for number in (2, 4))
    play(page, first)
    page.get_by_role("button", name="Play from").click()
    expect(page.locator(".sic-dock iframe")).to_be_visible()
    play(page, second)
    player = find_player(Recording("https://dai.ly/xa0a1o8"))
    address = f"{player}&autoplay=1&startTime={second[2:]}"
    expect(page.locator(".sic-dock iframe")).to_have_attribute("src", address)
    assert [one.rpartition("=")[2] for one in asked] == [first[2:], second[2:]]


@pytest.mark.browser
@pytest.mark.parametrize("door", ANY, indirect=True)
def test_a_file_of_the_reader_plays_and_the_text_follows(
    door: Door, reader: Reader, recording: Path
) -> None:
    page = reader.open(door, VIVATECH)
    page.get_by_role("link", name="Listen").click()
    if door.ending == ".html":
        expect(page.get_by_role("button", name="Play from")).to_have_count(0)
    page.get_by_label("Or play a file of yours").set_input_files(recording)
    expect(page.locator(".sic-dock audio")).to_be_visible()
    # While it plays the page scrolls, and the pointer comes to another address.
    page.evaluate("() => document.querySelector('audio').pause()")
    address = turn_address(page, 3)
    play(page, address)
    expect(page.locator(".sic-playing > .sic-at")).to_have_attribute("href", address)
    page.mouse.wheel(0, 4_000)
    # Who scrolls reads, so that the page stays where it is.
    page.evaluate("() => document.querySelector('audio').currentTime = 500")
    expect(page.locator(".sic-playing > .sic-at")).not_to_have_attribute("href", address)
    expect(page.locator(".sic-playing")).not_to_be_in_viewport()


@pytest.mark.browser
@pytest.mark.parametrize("door", ANY[:1], indirect=True)
def test_the_file_of_a_site_plays_and_the_dock_offers_the_others(
    door: Door, reader: Reader, recording: Path
) -> None:
    page, link = reader.open(door), 'class="sic-recording"'
    own = f'<a {link} data-own="audio" href="../../assets/talk.wav">Audio, 2 MB</a>'

    def offer(route: Route) -> None:
        text = route.fetch().text().replace(f"<a {link}", f"{own} <a {link}", 1)
        route.fulfill(body=text.replace("sic-actions", "sic-actions sic-recordings", 1))

    page.route("**/transcripts/*/", offer)
    page.route("**/assets/talk.wav", lambda route: route.fulfill(path=recording))
    page.goto(door.address(VIVATECH))
    page.get_by_role("link", name="Audio, 2 MB").click()
    dock = page.get_by_role("region", name="Recording")
    expect(dock.locator("audio")).to_have_js_property("paused", value=False)
    expect(dock.get_by_role("button", name="Audio, 2 MB")).to_have_attribute("aria-pressed", "true")
    assert violations(page) == []
    dock.get_by_role("button", name="Listen").click()
    expect(dock).to_contain_text("The player of geo.dailymotion.com will load")
    expect(dock.locator("audio")).to_have_count(0)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("recording", "there"),
    [
        ("https://www.youtube.com/watch?v=x&t=9", "https://www.youtube.com/watch?v=x&t={}s"),
        ("https://youtu.be/x", "https://youtu.be/x?t={}s"),
        ("https://vimeo.com/1", "https://vimeo.com/1#t={}s"),
        ("https://dai.ly/x", "https://dai.ly/x?start={}"),
        ("https://notyoutube.com/x", "https://notyoutube.com/x#t={}"),
    ],
)
@pytest.mark.parametrize("door", ANY[:1], indirect=True)
def test_a_recording_can_be_opened_there(
    recording: str, there: str, door: Door, reader: Reader
) -> None:
    page = reader.open(door, VIVATECH)
    page.locator(".sic-recording").evaluate("(link, url) => { link.href = url }", recording)
    address = turn_address(page, 2)
    play(page, address)
    link = page.get_by_role("link", name="The recording at")
    assert link_second(recording, 7) == there.format(7)
    expect(link).to_have_attribute("href", there.format(address.removeprefix("#t")))
    expect(link).to_have_attribute("rel", "noopener")


PLAYERS = {
    "https://www.youtube.com/watch?v=a-b_c": "https://www.youtube-nocookie.com/embed/a-b_c",
    "https://m.youtube.com/watch?t=5&v=abc": "https://www.youtube-nocookie.com/embed/abc",
    "https://vimeo.com/76979871": "https://player.vimeo.com/video/76979871",
    "https://dai.ly/x8": "https://geo.dailymotion.com/player.html?video=x8",
    "https://example.org/a/talk.mp3?x=1": "https://example.org/a/talk.mp3?x=1",
    "https://example.org/talk": "",
    "https://www.youtube.com.example.org/watch?v=abc": "",
    "https://example.org/?u=https://vimeo.com/76979871": "",
}


def test_players_of_hosts_and_files_are_known() -> None:
    assert {recording: find_player(Recording(recording)) for recording in PLAYERS} == PLAYERS
