"""Where a recording is played: on its transcript's page once a reader asks, or at its host."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from build_tools.model.edition import Edition, Recording
from build_tools.text.catalogue import tr
from build_tools.text.timecode import render_clock
from build_tools.text.wording import render_size

# The address of a host's player for other sites, and those that the host gives to a recording.
_PLAYERS = {
    "https://www.youtube-nocookie.com/embed/": r"(?:youtu\.be/|(?:(?:www|m|music)\.)?youtube"
    r"(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|live/|embed/|shorts/))([\w-]+)",
    "https://player.vimeo.com/video/": r"(?:(?:www|player)\.)?vimeo\.com/(?:video/)?(\d+)",
    "https://geo.dailymotion.com/player.html?video=": (
        r"(?:dai\.ly/|(?:www\.)?dailymotion\.com/(?:embed/)?video/)(\w+)"
    ),
}

# Seconds before a place at which to begin to listen, also if its time is estimated.
_BEFORE, _BEFORE_ABOUT = 5, 30


def find_player(recording: Recording) -> str:
    """The address to play a recording from: a host's player or the file; "" if none is known."""
    for player, pattern in _PLAYERS.items():
        if found := re.match(f"https://{pattern}(?![\\w-])", recording.address, re.ASCII):
            return player + found[1]
    return recording.address if recording.kind else ""


def describe(recording: Recording) -> str:
    """A recording in few words: its kind, and its size or its host."""
    kind = recording.kind or ("video" if find_player(recording) else "page")
    if recording.is_own:
        return f"{tr(kind.capitalize())}, {render_size(recording.size)}"
    host = urlsplit(recording.address).hostname
    return tr("{kind} at {host}", kind=tr(kind.capitalize()), host=host)


def link_second(recording: str, second: int) -> str:
    """The address of a recording from a second on, as its host or a browser reads it."""
    parts = urlsplit(recording)
    host = f".{parts.hostname}"
    if host.endswith((".youtube.com", ".youtube-nocookie.com", ".youtu.be")):
        start = ("t", f"{second}s")
    elif host.endswith((".dailymotion.com", ".dai.ly")):
        start = ("start", str(second))
    else:
        unit = "s" if host.endswith(".vimeo.com") else ""
        return parts._replace(fragment=f"t={second}{unit}").geturl()
    query = [pair for pair in parse_qsl(parts.query) if pair[0] != start[0]]
    return parts._replace(query=urlencode([*query, start])).geturl()


def find_listening(edition: Edition, time: int | None, line: int) -> tuple[str, str] | None:
    """From when to listen to hear a place, in words, and the address of the recording there.

    None if its time is not known, or the recording has no address.
    """
    second = estimate_second(edition.anchors, line) if time is None else time // 1000
    if second is None or not edition.recording:
        return None
    told = time is not None or (edition.timed_by != "" and line in edition.anchors)
    second = max(0, second - (_BEFORE if told else _BEFORE_ABOUT))
    listen = "listen from {time}" if told else "listen from about {time}"
    words = tr(listen, time=render_clock(second * 1000))
    if time is None and edition.timed_by:
        words += f" ({tr('time of {letter}', letter=edition.timed_by)})"
    return words, link_second(edition.recording[0].address, second)


def estimate_second(anchors: Mapping[int, int], line: int) -> int | None:
    """The second at which a line is about to be heard; None if fewer than two lines have one.

    >>> estimate_second({10: 100, 20: 200}, 15), estimate_second({10: 100, 20: 200}, 25)
    (150, 250)
    """
    if len(anchors) < 2:
        return None
    known = sorted(anchors)
    above = next((place for place, one in enumerate(known) if one >= line), len(known) - 1)
    first, last = known[max(above, 1) - 1], known[max(above, 1)]
    pace = (anchors[last] - anchors[first]) / (last - first)
    return max(0, round(anchors[first] + (line - first) * pace))
