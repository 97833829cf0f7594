"""The formats of sources, without their readers: a command that only names them is fast."""

from collections.abc import Iterable
from typing import NamedTuple


class Format(NamedTuple):
    """The description of a format, and the unit that the numbers of its cues count."""

    description: str
    unit: str = "line"

    def count_units(self, content: str, numbers: Iterable[int]) -> int:
        """The number of a text's last line, or the highest of the numbers of its pieces."""
        if self.unit == "line":
            return content.count("\n") + (not content.endswith("\n"))
        return max(numbers, default=0)


# In the order in which they are tried: a file gets the first format that recognises it.
FORMATS = {
    "whisper": Format("the JSON of Whisper, faster-whisper or WhisperX", "piece"),
    "whisper-cpp": Format("the JSON of whisper.cpp", "piece"),
    "deepgram": Format("the JSON of Deepgram", "piece"),
    "assemblyai": Format("the JSON of AssemblyAI", "piece"),
    "aws": Format("the JSON of Amazon Transcribe", "piece"),
    "rev": Format("the JSON of Rev.ai", "piece"),
    "google": Format("the JSON of Google Speech-to-Text", "piece"),
    "azure": Format("the JSON of Azure's speech service", "piece"),
    "speechmatics": Format("the JSON of Speechmatics", "piece"),
    "podcast-json": Format("the JSON of the Podcast Namespace", "piece"),
    "youtube-json": Format("YouTube's captions as JSON (json3)", "piece"),
    "json": Format("other JSON: ElevenLabs, Fireflies, Gladia, Soniox, Vosk, Watson, …", "piece"),
    "youtube-xml": Format("YouTube's captions as XML (srv1, srv2, srv3)", "piece"),
    "ttml": Format("TTML, of broadcasters and of Apple Podcasts", "piece"),
    "podcast-html": Format("the HTML of the Podcast Namespace", "piece"),
    "hypertranscript": Format("HTML with a time on every word", "piece"),
    "html": Format("other HTML, whose lines are read as those of a text", "piece"),
    "xml": Format("other XML with a list of texts and times, such as Podlove's", "piece"),
    "ass": Format("Advanced SubStation and SubStation Alpha"),
    "rolling-vtt": Format(
        "automatic captions of YouTube as WebVTT, where each line comes twice or thrice"
    ),
    "vtt": Format("WebVTT: captions, and transcripts of Zoom and Teams"),
    "rolling-srt": Format("automatic captions as SubRip, where each line comes twice or thrice"),
    "srt": Format("SubRip: numbered captions with times; YouTube's SubViewer (.sbv)"),
    "table": Format("a table with a row for each cue, with tabs or commas"),
    "clock": Format("MM:SS or H:MM:SS glued to the text, one cue a line"),
    "dialogue": Format("names and times in any order beside, above or behind the text"),
    "names": Format("Name: text, one cue a line, without times"),
    "plain": Format("lines of text without times"),
}
