"""A video of another site: our own picture of it, what it is, how long it lasts, and a link.

The writer types it as a picture whose address is the video's, alone in its paragraph:
`![Title](https://…){poster=/images/affiche.jpg duration=3:45}`. Nothing is asked of the other site
before the click: it learns of those only who chose to go there.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from urllib.parse import urlsplit

from engine.faults import Message
from engine.languages import ENGLISH, FRENCH

# What a writer says of a video between braces.
MARKS = ("poster", "duration")
# Pages of one video, on the sites that people link to most; PeerTube has many hosts and two paths.
_KNOWN = re.compile(
    r"(?:https?:)?//(?:[\w-]+\.)*(?:"
    r"youtube(?:-nocookie)?\.com/(?:watch\b|(?:shorts|live|embed)/)|youtu\.be/\w"
    r"|vimeo\.com/(?:[\w-]+/)*[0-9]|dailymotion\.com/(?:embed/)?video/|dai\.ly/\w"
    r"|[\w-]+/(?:w|videos/(?:watch|embed))/[\w-]{20,36}(?:[?#]|$))",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:mp4|m4v|mov|webm|ogv|avi|mkv)$", re.IGNORECASE)
_BARE = re.compile(r"<?([^\s<>{]+)>?\s*(?:\{[^{}]*\})?")
_DURATION = re.compile(r"(?:(\d{1,2}):(?=\d\d:))?(\d{1,3}):([0-5]\d)", re.ASCII)
_NO_BREAK = "\u00a0"
_WORDS = {
    FRENCH: f"Voir la vidéo «{_NO_BREAK}{{title}}{_NO_BREAK}» sur {{host}} ({{time}})",
    ENGLISH: "Watch the video “{title}” on {host} ({time})",
}
EXAMPLE = "poster=/images/affiche.jpg duration=3:45"


def is_video(address: str, marks: Mapping[str, object]) -> bool:
    """Whether a picture's address, with what stands between its braces, means a video."""
    is_file = _FILE.search(address.partition("?")[0].partition("#")[0])
    return bool(set(MARKS) & set(marks) or _KNOWN.match(address) or is_file)


def bare_address(line: str) -> str:
    """The address of a known video where it is all that a line holds, else ""."""
    match = _BARE.fullmatch(line.strip())
    return match[1] if match and _KNOWN.match(match[1]) else ""


def typed(address: str, title: str = "") -> str:
    """How a writer types a video, as an example."""
    return f"![{title or 'Titre de la vidéo'}]({address}){{{EXAMPLE}}}"


def faults(address: str, title: str, marks: Mapping[str, str]) -> Iterator[tuple[Message, Message]]:
    """Each (problem, remedy) of a video."""
    example = typed(address, title)
    parts = urlsplit(address)
    if not parts.scheme and not parts.netloc:
        yield (
            Message(
                "{address} is no address of another site, and pages of this one play no video",
                address=address,
            ),
            Message(
                "put the video on a site such as PeerTube or Vimeo and write its address there, or "
                "put the file into content/files/ and make a link of it, without the !"
            ),
        )
        return
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield (
            Message("{address} is not the address of a video", address=address),
            Message("write the one that the browser shows above the video, from https:// on"),
        )
        return
    if not title:
        yield (
            Message("{address} has no title", address=address),
            Message("write it between the square brackets, as in {example}", example=example),
        )
    if not marks.get("poster"):
        yield (
            Message("the video {address} has no poster", address=address),
            Message(
                "put a picture of it into content/images/ and name it after poster=, as in "
                "{example}",
                example=example,
            ),
        )
    duration = marks.get("duration", "")
    if not duration:
        yield (
            Message("the video {address} does not say how long it lasts", address=address),
            Message(
                "write its minutes and seconds after duration=, as in {example}", example=example
            ),
        )
    elif not _seconds(duration):
        yield (
            Message("“{duration}” is not how long a video lasts", duration=duration),
            Message("write minutes:seconds, as in duration=3:45, or hours:minutes:seconds"),
        )


def _seconds(duration: str) -> int:
    """The seconds of "3:45" or "1:02:03"; 0 for what is none."""
    match = _DURATION.fullmatch(duration)
    if not match or (match[1] and int(match[2]) > 59):
        return 0
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def _time(seconds: int) -> str:
    """A <time> element; its value is a duration as the HTML standard reads it."""
    parts = (seconds // 3600, seconds // 60 % 60, seconds % 60)
    iso = "".join(f"{n}{unit}" for n, unit in zip(parts, "HMS", strict=True) if n)
    units = zip(parts, ("h", "min", "s"), strict=True)
    words = _NO_BREAK.join(f"{n}{_NO_BREAK}{unit}" for n, unit in units if n)
    return f'<time datetime="PT{iso}">{words}</time>'


def markup(
    address: str,
    title: str,
    duration: str,
    poster: str,
    *,
    lang: str,
    title_lang: str,
    attributes: Mapping[str, str] | None = None,
) -> str:
    """The link to a video, for a figure: its poster's HTML, then words that hold without it.

    `lang` is the language of the page, `title_lang` that of the video; `duration` is one that
    `faults` does not complain of; `attributes` (id, class) go to the link.
    """
    values = {"href": address} | dict(attributes or {})
    name = escape(title)
    if title_lang != lang:
        values["hreflang"] = title_lang
        name = f'<span lang="{escape(title_lang)}">{name}</span>'
    host = escape((urlsplit(address).hostname or "").removeprefix("www."))
    words = _WORDS[lang].format(title=name, host=host, time=_time(_seconds(duration)))
    opening = " ".join(f'{key}="{escape(value)}"' for key, value in values.items())
    return f"<a {opening}>{poster}<p>{words}</p></a>"
