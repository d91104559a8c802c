"""Render a video of another site as a link with a local poster, its title and its duration.

The writer types it as an image with the address of the video, alone in its paragraph:
`![Title](https://…){poster=/images/affiche.jpg duration=3:45}`. The page sends no request to the
other site, for the privacy of visitors.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from urllib.parse import urlsplit

from engine.faults import Message
from engine.languages import ENGLISH, FRENCH
from engine.typography.typography_rules import NARROW, NO_BREAK

# The attributes of a video between braces.
MARKS = ("poster", "duration")
# The pages of videos on the most linked sites; PeerTube has many hosts and two paths.
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
_WORDS = {
    FRENCH: f"Voir la vidéo «{NARROW}{{title}}{NARROW}» sur {{host}} ({{time}})",
    ENGLISH: "Watch the video “{title}” on {host} ({time})",
}
# The quotes of a title inside those of the words.
_INNER_QUOTES = {
    FRENCH: ((f"«{NARROW}", "“"), (f"{NARROW}»", "”")),
    ENGLISH: (("“", "‘"), ("”", "’")),
}
EXAMPLE = "poster=/images/affiche.jpg duration=3:45"


def is_video(address: str, marks: Mapping[str, object]) -> bool:
    """Whether the address of an image, or the attributes between its braces, mean a video."""
    is_file = _FILE.search(address.partition("?")[0].partition("#")[0])
    return bool(set(MARKS) & set(marks) or _KNOWN.match(address) or is_file)


def bare_address(line: str) -> str:
    """Return the address of a known video if it is alone on the line, else ""."""
    match = _BARE.fullmatch(line.strip())
    return match[1] if match and _KNOWN.match(match[1]) else ""


def markdown_example(address: str, title: str = "") -> str:
    """Return an example of a video as a writer types it."""
    return f"![{title or 'Titre de la vidéo'}]({address}){{{EXAMPLE}}}"


def faults(address: str, title: str, marks: Mapping[str, str]) -> Iterator[tuple[Message, Message]]:
    """Yield each (problem, remedy) of a video."""
    example = markdown_example(address, title)
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
                "write its minutes and seconds after duration=, as in {example}",
                example=example,
            ),
        )
    elif not _seconds(duration):
        yield (
            Message("“{duration}” is not how long a video lasts", duration=duration),
            Message("write minutes:seconds, as in duration=3:45, or hours:minutes:seconds"),
        )


def _seconds(duration: str) -> int:
    """Parse the seconds of "3:45" or "1:02:03"; return 0 if invalid."""
    match = _DURATION.fullmatch(duration)
    if not match or (match[1] and int(match[2]) > 59):
        return 0
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def _time(seconds: int) -> str:
    """Return a <time> element, whose value is a duration of the HTML standard."""
    parts = (seconds // 3600, seconds // 60 % 60, seconds % 60)
    iso = "".join(f"{n}{unit}" for n, unit in zip(parts, "HMS", strict=True) if n)
    units = zip(parts, ("h", "min", "s"), strict=True)
    words = NO_BREAK.join(f"{n}{NO_BREAK}{unit}" for n, unit in units if n)
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
    """Return the link to a video, for a figure: the HTML of its poster, then its words.

    `lang` is the language of the page, `title_lang` that of the video. `title` has the typography
    of its language. `duration` must be valid for `faults`. `attributes` (id, class) are set on the
    link.
    """
    values = {"href": address} | dict(attributes or {})
    if title_lang == lang:
        for quote, inner in _INNER_QUOTES[lang]:
            title = title.replace(quote, inner)
    name = escape(title)
    if title_lang != lang:
        values["hreflang"] = title_lang
        name = f'<span lang="{escape(title_lang)}">{name}</span>'
    host = escape((urlsplit(address).hostname or "").removeprefix("www."))
    words = _WORDS[lang].format(title=name, host=host, time=_time(_seconds(duration)))
    opening = " ".join(f'{key}="{escape(value)}"' for key, value in values.items())
    return f"<a {opening}>{poster}<p>{words}</p></a>"
