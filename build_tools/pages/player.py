"""The player that plays a recording on its transcript's page once a reader asks for it."""

import re

# The addresses that a host gives to a recording, and the address of its player for other sites.
_HOSTS = (
    (
        r"(?:www\.|m\.|music\.)?youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|live/|embed/|shorts/)([\w-]+)",
        "https://www.youtube-nocookie.com/embed/",
    ),
    (r"youtu\.be/([\w-]+)", "https://www.youtube-nocookie.com/embed/"),
    (r"(?:www\.|player\.)?vimeo\.com/(?:video/)?(\d+)", "https://player.vimeo.com/video/"),
    (
        r"(?:www\.)?dailymotion\.com/(?:embed/)?video/(\w+)",
        "https://geo.dailymotion.com/player.html?video=",
    ),
    (r"dai\.ly/(\w+)", "https://geo.dailymotion.com/player.html?video="),
)
# The endings of files that browsers play.
_FILE = re.compile(
    r"https://[^?#]+\.(?:mp3|m4a|aac|ogg|oga|opus|flac|wav|mp4|webm)(?:[?#].*)?", re.IGNORECASE
)


def find_player(recording: str) -> str:
    """The address to play a recording from: a host's player or the file; "" if none is known.

    >>> find_player("https://youtu.be/gAaCqj6j5sQ?t=5")
    'https://www.youtube-nocookie.com/embed/gAaCqj6j5sQ'
    """
    for pattern, player in _HOSTS:
        if found := re.match(f"https://{pattern}(?![\\w-])", recording, re.ASCII):
            return player + found[1]
    return recording if _FILE.fullmatch(recording) else ""
