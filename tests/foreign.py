"""Transcripts as recognisers and web pages write them, generated for the tests of imports."""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from html import escape as escape_html
from typing import Any, NamedTuple

from hypothesis import strategies as st

from build_tools.text.words import find_keys
from tests.generated import TOKENS

SPEAKERS = ("Ann Lee", "Bo", "SPEAKER_00", "Zoë", "Doe, John", "陈伟")


class Said(NamedTuple):
    """A piece of a talk: its times in seconds, who says it, and the tokens that are said."""

    start: int
    end: int
    speaker: str
    tokens: tuple[str, ...]

    @property
    def text(self) -> str:
        """The tokens on a line."""
        return " ".join(self.tokens)


class Foreign(NamedTuple):
    """How a talk is written in a format, under which name, and what of it the format keeps.

    `recurring` says that a name must come again to be told from text.
    """

    form: str
    name: str
    write: Callable[[Sequence[Said]], str]
    speakers: bool = False
    recurring: bool = False


def clock(seconds: int) -> str:
    """`H:MM:SS`."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def full_clock(seconds: int, point: str = ".") -> str:
    """`HH:MM:SS.mmm`."""
    return f"0{clock(seconds)}{point}000"


def _fill(template: str, talk: Sequence[Said], between: str = "") -> str:
    """A template with each piece of a talk in its turn."""
    return between.join(
        template.format(
            number=number,
            name=said.speaker,
            text=said.text,
            start=said.start,
            length=said.end - said.start,
            clock=clock(said.start),
            end_clock=clock(said.end),
            full=full_clock(said.start),
            full_end=full_clock(said.end),
            words=f"{said.start // 60} minutes {said.start % 60} seconds",
        )
        for number, said in enumerate(talk, 1)
    )


def escape(text: str) -> str:
    """Text in which neither a tag nor a character reference begins."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _in_captions(talk: Sequence[Said]) -> list[Said]:
    return [said._replace(tokens=tuple(map(escape, said.tokens))) for said in talk]


def _in_xml(talk: Sequence[Said]) -> list[Said]:
    return [
        Said(said.start, said.end, escape_html(said.speaker), tuple(map(escape_html, said.tokens)))
        for said in talk
    ]


def _vtt(talk: Sequence[Said]) -> str:
    cue = "{full} --> {full_end} align:start\n<v {name}>{text}</v>\n"
    return "WEBVTT\n\n" + _fill(cue, _in_captions(talk), "\n")


def _srt(talk: Sequence[Said]) -> str:
    cue = "{number}\n0{clock},000 --> 0{end_clock},000\n{text}\n"
    return _fill(cue, _in_captions(talk), "\n")


def _sbv(talk: Sequence[Said]) -> str:
    return _fill("{clock}.000,{end_clock}.000\n{text}\n", _in_captions(talk), "\n")


def rolling_vtt(talk: Sequence[Said]) -> str:
    """Each line as it is spoken, held for ten milliseconds, and once more above the next one."""
    blocks, before, until = [], " ", None
    for said in talk:
        words = [escape(token) for token in said.tokens]
        line = words[0] + "".join(f"<{full_clock(said.start)}><c> {word}</c>" for word in words[1:])
        upper = before if until == said.start else " "
        hold = f"{full_clock(said.end - 1)[:-3]}990"
        blocks.append(f"{full_clock(said.start)} --> {hold} align:start\n{upper}\n{line}\n")
        before, until = escape(said.text), said.end
        blocks.append(f"{hold} --> {full_clock(said.end)} align:start\n{before}\n \n")
    return "WEBVTT\nKind: captions\n\n" + "\n".join(blocks)


def _rolling_srt(talk: Sequence[Said]) -> str:
    """The same, as programs write it that know no times of words."""
    blocks, before, until = [], "", None
    for said in talk:
        line = escape(said.text)
        rows = [before, line] if until == said.start else [line]
        hold = f"{full_clock(said.end - 1)[:-4]},990"
        blocks.append(f"{full_clock(said.start, ',')} --> {hold}\n" + "\n".join(rows))
        blocks.append(f"{hold} --> {full_clock(said.end, ',')}\n{line}")
        before, until = line, said.end
    return "\n\n".join(f"{number}\n{block}" for number, block in enumerate(blocks, 1)) + "\n"


# Names, times and text in the orders and with the signs of many programs; the last ones are told
# from other text only where a name comes again.
DIALOGUE = (
    *("[{clock}] {name}: {text}\n", "({clock}) {name}: {text}\n"),
    *("[{full} --> {full}] {name}: {text}\n", "{clock} {name}: {text}\n"),
    *("#0{clock}-2# {name}: {text}\n", "{name}: {text} #0{clock}-2#\n"),
    *("{name}  {clock}  \n{text}\n\n", "{name} ({clock}):\n{text}\n\n"),
    *("{name} ({clock}): {text}\n\n", "{name}: [0{clock}] {text}\n\n"),
    *("[{name}] {clock}\n{text}\n\n", "**{name}:** {text}\n\n", "**{name} ({clock}):** {text}\n\n"),
    *("### {name} ({clock})\n{text}\n\n", "[{full}] - {name}\n{text}\n\n"),
    *("{clock} - {name}\n{text}\n\n", "{name} | {clock}\n{text}\n\n", "{name} {clock}\n{text}\n\n"),
    *("{name} (Acme) {clock}\n{text}\n\n", "{name} {words}\n{text}\n\n"),
    *("{name}\n{clock}\n{text}\n\n", "{clock}\n{name}\n{text}\n\n"),
)
_FIRST_RECURRING = DIALOGUE.index("[{full}] - {name}\n{text}\n\n")


def _table(talk: Sequence[Said]) -> str:
    rows = (f"{said.start * 1000}\t{said.end * 1000}\t{said.text}" for said in _in_captions(talk))
    return "\n".join(["start\tend\ttext", *rows])


def _tokens(talk: Sequence[Said]) -> Iterator[tuple[float, float, str, str]]:
    """Each token with its times in seconds and its speaker; those of a piece share its time."""
    for said in talk:
        step = (said.end - said.start) / len(said.tokens)
        for number, token in enumerate(said.tokens):
            start = said.start + number * step
            yield round(start, 3), round(start + step, 3), said.speaker, token


def _text(talk: Sequence[Said]) -> str:
    return " ".join(said.text for said in talk)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _label(talk: Sequence[Said], speaker: str) -> int:
    """The number that a recogniser gives to whom it does not know by name."""
    return list(dict.fromkeys(said.speaker for said in talk)).index(speaker)


def _whisper(talk: Sequence[Said]) -> str:
    words = [
        {"word": token, "start": start, "end": end, "score": 0.9, "speaker": speaker}
        for start, end, speaker, token in _tokens(talk)
    ]
    segments: list[dict[str, Any]] = []
    for said in talk:
        own, words_left = words[: len(said.tokens)], words[len(said.tokens) :]
        times = {"start": said.start, "end": said.end}
        segments.append({**times, "text": f" {said.text}", "words": own, "speaker": said.speaker})
        words = words_left
    repeated = [word for segment in segments for word in segment["words"]]
    return _json({"segments": segments, "word_segments": repeated, "language": "en"})


def _whisper_cpp(talk: Sequence[Said]) -> str:
    pieces = [
        {"timestamps": {"from": full_clock(said.start, ","), "to": full_clock(said.end, ",")}}
        | {"offsets": {"from": said.start * 1000, "to": said.end * 1000}, "text": f" {said.text}"}
        | {"tokens": [{"text": text, "id": 1} for text in ("[_BEG_]", *said.tokens)]}
        for said in talk
    ]
    params = {"model": "models/ggml-base.en.bin", "language": "en", "translate": False}
    head = {"systeminfo": "AVX = 1", "model": {"type": "base"}, "params": params}
    return _json({**head, "result": {"language": "en"}, "transcription": pieces})


def _deepgram(talk: Sequence[Said]) -> str:
    words = [
        {"word": token.lower(), "start": start, "end": end, "confidence": 0.99}
        | {"punctuated_word": token, "speaker": _label(talk, speaker)}
        for start, end, speaker, token in _tokens(talk)
    ]
    guess = {"transcript": _text(talk), "confidence": 0.99, "words": words}
    metadata = {"request_id": "a", "models": ["general"], "channels": 1}
    return _json({"metadata": metadata, "results": {"channels": [{"alternatives": [guess]}]}})


def _assemblyai(talk: Sequence[Said]) -> str:
    words = [
        {"text": token, "start": round(start * 1000), "end": round(end * 1000)}
        | {"confidence": 0.9, "speaker": speaker}
        for start, end, speaker, token in _tokens(talk)
    ]
    utterances = [
        {"text": said.text, "start": said.start * 1000, "end": said.end * 1000}
        | {"speaker": said.speaker}
        for said in talk
    ]
    state = {"id": "a", "status": "completed", "audio_url": "https://example.org/a.mp3"}
    return _json({**state, "text": _text(talk), "words": words, "utterances": utterances})


def _aws(talk: Sequence[Said]) -> str:
    items = [
        {"type": "pronunciation", "start_time": f"{start}", "end_time": f"{end}"}
        | {"speaker_label": speaker, "alternatives": [{"confidence": "0.9", "content": token}]}
        for start, end, speaker, token in _tokens(talk)
    ]
    results = {"transcripts": [{"transcript": _text(talk)}], "items": items}
    return _json({"jobName": "a", "accountId": "1", "results": results, "status": "COMPLETED"})


def _rev(talk: Sequence[Said]) -> str:
    monologues = []
    for said in talk:
        elements: list[dict[str, Any]] = []
        for start, end, _, token in _tokens([said]):
            blank = [{"type": "punct", "value": " "}] if elements else []
            elements += [*blank, {"type": "text", "value": token, "ts": start, "end_ts": end}]
        elements.append({"type": "punct", "value": " "})
        info = {"id": "1", "display_name": said.speaker}
        monologues.append({"speaker": 0, "speaker_info": info, "elements": elements})
    return _json({"monologues": monologues})


def _google(talk: Sequence[Said]) -> str:
    results = []
    for said in talk:
        words = [
            {"startTime": f"{start}s", "endTime": f"{end}s", "word": token}
            | {"speakerLabel": said.speaker}
            for start, end, _, token in _tokens([said])
        ]
        guess = {"transcript": said.text, "confidence": 0.9, "words": words}
        results.append({"alternatives": [guess], "languageCode": "en-us"})
    return _json({"results": results})


def _azure(talk: Sequence[Said]) -> str:
    phrases = [
        {"recognitionStatus": "Success", "channel": 0, "speaker": _label(talk, said.speaker)}
        | {"offset": f"PT{said.start}S", "offsetInTicks": said.start * 10_000_000}
        | {"durationInTicks": (said.end - said.start) * 10_000_000}
        | {"nBest": [dict.fromkeys(("lexical", "itn", "display"), said.text)]}
        for said in talk
    ]
    whole = [{"channel": 0, "lexical": _text(talk), "display": _text(talk)}]
    return _json({"combinedRecognizedPhrases": whole, "recognizedPhrases": phrases})


def _speechmatics(talk: Sequence[Said]) -> str:
    results = [
        {"type": "word", "start_time": start, "end_time": end}
        | {"alternatives": [{"content": token, "confidence": 0.9, "speaker": speaker}]}
        for start, end, speaker, token in _tokens(talk)
    ]
    return _json({"format": "2.9", "job": {"id": "a"}, "results": results})


def _podcast_json(talk: Sequence[Said]) -> str:
    segments = [
        {"speaker": said.speaker, "startTime": said.start, "endTime": said.end, "body": said.text}
        for said in talk
    ]
    return _json({"version": "1.0.0", "segments": segments})


def _youtube_json(talk: Sequence[Said]) -> str:
    events: list[dict[str, Any]] = [{"tStartMs": 0, "dDurationMs": 9000, "id": 1, "wpWinPosId": 1}]
    for said in talk:
        times = {"tStartMs": said.start * 1000, "dDurationMs": (said.end - said.start) * 1000}
        first, *more = said.tokens
        segments = [{"utf8": first}, *({"utf8": f" {token}", "tOffsetMs": 9} for token in more)]
        events += [{**times, "segs": segments}, {**times, "aAppend": 1, "segs": [{"utf8": "\n"}]}]
    return _json({"wireMagic": "pb3", "events": events})


def _youtube_xml(talk: Sequence[Said]) -> str:
    # Captions are escaped twice.
    pieces = _fill('<text start="{start}" dur="{length}">{text}</text>', _in_xml(_in_xml(talk)))
    return f'<?xml version="1.0" encoding="utf-8" ?><transcript>{pieces}</transcript>'


def _ttml(talk: Sequence[Said]) -> str:
    piece = '<p begin="{full}" end="{full_end}" ttm:agent="{name}">{text}</p>'
    spaces = 'xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"'
    pieces = _fill(piece, _in_xml(talk))
    return f'<tt {spaces} xml:lang="en"><body><div>\n{pieces}\n</div></body></tt>'


def _podcast_html(talk: Sequence[Said]) -> str:
    piece = "<cite>{name}:</cite>\n<time>{clock}</time>\n<p>{text}</p>"
    return _fill(piece, _in_xml(talk), "\n")


def _hypertranscript(talk: Sequence[Said]) -> str:
    paragraphs = []
    for said in talk:
        words = "".join(
            f'<span data-m="{round(start * 1000)}" data-d="{round((end - start) * 1000)}">'
            f"{escape_html(token)} </span>"
            for start, end, _, token in _tokens([said])
        )
        name = f'<span class="speaker" data-m="{said.start * 1000}" data-d="0">'
        paragraphs.append(f"<p>{name}[{escape_html(said.speaker)}] </span>{words}</p>")
    return f"<article><section>\n{chr(10).join(paragraphs)}\n</section></article>"


def _other_json(talk: Sequence[Said]) -> str:
    """Azure's Video Indexer, which names speakers beside the transcript."""
    names = list(dict.fromkeys(said.speaker for said in talk))
    pieces = [
        {"id": number, "text": said.text, "speakerId": names.index(said.speaker)}
        | {"instances": [{"start": full_clock(said.start), "end": full_clock(said.end)}]}
        for number, said in enumerate(talk)
    ]
    people = [{"id": number, "name": name} for number, name in enumerate(names)]
    return _json({"videos": [{"insights": {"transcript": pieces, "speakers": people}}]})


def _other_xml(talk: Sequence[Said]) -> str:
    """Podlove's transcript."""
    piece = (
        "<pst:speech><pst:speaker>{name}</pst:speaker>"
        '<pst:item start="{full}" end="{full_end}">{text}</pst:item></pst:speech>'
    )
    space = 'xmlns:pst="http://podlove.org/simple-transcripts"'
    pieces = _fill(piece, _in_xml(talk))
    return f'<?xml version="1.0"?><pst:transcripts {space}>{pieces}</pst:transcripts>'


def _other_html(talk: Sequence[Said]) -> str:
    lines = _fill("<p><b>{name}:</b> {text}</p>", _in_xml(talk))
    return f"<!DOCTYPE html><html><body>{lines}</body></html>"


def _ass(talk: Sequence[Said]) -> str:
    # Braces hold codes, and a backslash begins one; commas part the fields.
    plain = str.maketrans("{}\\", "   ")
    told = [
        said._replace(speaker=said.speaker.replace(",", " "), tokens=(said.text.translate(plain),))
        for said in talk
    ]
    line = "Dialogue: 0,{clock}.00,{end_clock}.00,Default,{name},0,0,0,,{text}"
    lines = _fill(line, told, "\n")
    fields = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
    return f"[Script Info]\n[Events]\nFormat: {fields}\n{lines}"


DOCUMENTS = (
    Foreign("whisper", "talk.json", _whisper, speakers=True),
    Foreign("whisper-cpp", "talk.json", _whisper_cpp),
    Foreign("deepgram", "talk.json", _deepgram),
    Foreign("assemblyai", "talk.json", _assemblyai),
    Foreign("aws", "talk.json", _aws, speakers=True),
    Foreign("rev", "talk.json", _rev, speakers=True),
    Foreign("google", "talk.json", _google, speakers=True),
    Foreign("azure", "talk.json", _azure),
    Foreign("speechmatics", "talk.json", _speechmatics, speakers=True),
    Foreign("podcast-json", "talk.json", _podcast_json, speakers=True),
    Foreign("youtube-json", "talk.json3", _youtube_json),
    Foreign("youtube-xml", "talk.xml", _youtube_xml),
    Foreign("ttml", "talk.ttml", _ttml, speakers=True),
    Foreign("podcast-html", "talk.html", _podcast_html, speakers=True),
    Foreign("hypertranscript", "talk.html", _hypertranscript, speakers=True),
    Foreign("json", "talk.json", _other_json, speakers=True),
    Foreign("xml", "talk.xml", _other_xml, speakers=True),
    Foreign("html", "talk.html", _other_html, speakers=True),
)

WRITTEN = (
    *DOCUMENTS,
    Foreign("vtt", "talk.vtt", _vtt, speakers=True),
    Foreign("ass", "talk.ass", _ass),
    Foreign("rolling-vtt", "talk.vtt", rolling_vtt),
    Foreign("rolling-srt", "talk.srt", _rolling_srt),
    Foreign("srt", "talk.srt", _srt),
    Foreign("srt", "talk.sbv", _sbv),
    Foreign("table", "talk.tsv", _table),
    Foreign("clock", "talk.txt", partial(_fill, "{clock}{text}", between="\n")),
    Foreign("dialogue", "talk.txt", partial(_fill, "{clock}\n{text}", between="\n")),
    *(
        Foreign("dialogue", "talk.txt", partial(_fill, turn), True, number >= _FIRST_RECURRING)
        for number, turn in enumerate(DIALOGUE)
    ),
    Foreign("names", "talk.txt", partial(_fill, "{name}: {text}", between="\n"), speakers=True),
    Foreign("plain", "talk.txt", partial(_fill, "{text}", between="\n")),
)


@st.composite
def talks(draw: st.DrawFn) -> tuple[Said, ...]:
    """A talk of a few pieces, each with a word in it; some follow at once, some after a silence."""
    pieces = draw(st.integers(2, 8))
    said = []
    start = draw(st.integers(0, 4000))
    for _ in range(pieces):
        end = start + draw(st.integers(1, 6))
        tokens = draw(st.lists(TOKENS, min_size=1, max_size=6))
        if not find_keys(" ".join(tokens)):
            tokens.append("word")
        said.append(Said(start, end, draw(st.sampled_from(SPEAKERS)), tuple(tokens)))
        start = end + draw(st.sampled_from((0, 0, 0, 1, 3, 100)))
    return tuple(said)
