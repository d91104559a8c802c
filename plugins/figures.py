"""The images and videos of a text: figures where they stand alone in their paragraph."""

import re

from markdown_it.token import Token

from plugins import videos
from plugins.characters import decode_address
from plugins.text_body import LANGUAGE_TAG, MARKS, Text
from plugins.typography import typeset

DECORATIVE = "decorative"
# What a writer may say of an image.
IMAGE_MARKS = (*MARKS, *videos.MARKS)
# What stands between braces after an image: the parser leaves a value with a dot without quotes.
_MARK = re.compile(r"\s*\{([^{}]*)\}\s*")
_PAIR = re.compile(r"""([\w-]+)=(?:"([^"]*)"|([^\s"]+))""")
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def make_figures(tokens: list[Token]) -> None:
    """Make a figure of each paragraph that holds one image or video and nothing else."""
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        alone = (
            opening.type == "paragraph_open"
            and closing.type == "paragraph_close"
            and inline.children
            and inline.children[0].type == "image"
            and _take_mark(inline)
        )
        if not alone:
            continue
        opening.tag = closing.tag = "figure"
        opening.hidden = closing.hidden = False
        image = inline.children[0]
        image.meta["alone"] = True
        if videos.is_video(str(image.attrs.get("src", "")), image.attrs):
            opening.attrSet("class", "video")
        caption = image.attrs.pop("title", None)
        if caption:
            words = Token("text", "", 0, content=str(caption))
            inline.children += [
                Token("figcaption_open", "figcaption", 1),
                words,
                Token("figcaption_close", "figcaption", -1),
            ]


def _take_mark(inline: Token) -> bool:
    """Give the image what its braces say; tells whether nothing else stands beside it."""
    image, *others = inline.children
    if any(token.type not in ("text", "softbreak") for token in others):
        return False
    rest = "".join(token.content or "\n" for token in others)
    match = _MARK.fullmatch(rest)
    if match:
        pairs = _PAIR.findall(match[1])
        # A text program may have curled the quotes.
        said = {name: quoted or bare.strip("“”'") for name, quoted, bare in pairs}
        if said.keys() <= set(IMAGE_MARKS) and not _PAIR.sub("", match[1]).strip():
            image.attrs.update(said)
        else:
            image.meta["unread"] = match[1]
        inline.children = [image]
    return bool(match) or not others


def show_image(token: Token, text: Text) -> None:
    """Turn an image or a video into its HTML."""
    source = str(token.attrs.get("src", ""))
    words = "".join(child.content for child in token.children or ()).strip()
    # The parser keeps the names that it does not know apart.
    if unread := token.meta.get("unread") or " ".join(token.meta.get("insecure_attrs", ())):
        problem = f"what stands between the braces of {{{unread}}} cannot be read"
        remedy = f"write {{.decorative}}, {{lang=en}} or, after a video, {{{videos.EXAMPLE}}}"
        text.fault("mark", problem, remedy)
    elif videos.is_video(source, token.attrs):
        _show_video(token, source, words, text)
    else:
        _show_picture(token, source, words, text)


def _show_picture(token: Token, source: str, alternative: str, text: Text) -> None:
    classes = str(token.attrs.get("class", "")).split()
    if DECORATIVE in classes:
        classes.remove(DECORATIVE)
        token.attrs.pop("class")
        if classes:
            token.attrs["class"] = " ".join(classes)
        alternative = ""
    elif not alternative:
        text.fault(
            "image",
            f"{decode_address(source)} has no words for those who do not see it",
            "write them between the square brackets, or {.decorative} after an image "
            "that says nothing",
        )
    attributes = {name: str(token.attrs[name]) for name in MARKS if name in token.attrs}
    words = typeset(alternative, text.language)
    try:
        markup = _html(source, words, attributes, text)
    except ValueError as error:
        problem, _, remedy = str(error).partition("; ")
        text.fault("image", problem, remedy)
        return
    if words:
        text.body.pictures.append((source, words))
    token.type, token.content, token.children = "html_inline", markup, None


def _html(source: str, words: str, attributes: dict[str, str], text: Text) -> str:
    """The HTML of an image of the site. Raises ValueError("problem; remedy")."""
    if _ELSEWHERE.match(source):
        remedy = "put the file into content/images/ and name it from there"
        raise ValueError(f"{source} is not on this site; {remedy}")
    try:
        return text.show(source, words, eager=text.at_top, attributes=attributes)
    except ValueError as error:
        raise ValueError(f"{decode_address(source)}: {error}") from error


def _show_video(token: Token, address: str, title: str, text: Text) -> None:
    said = {name: str(token.attrs[name]) for name in IMAGE_MARKS if name in token.attrs}
    lang = said.pop("lang", text.language)
    faults = list(videos.faults(address, title, said))
    if not token.meta.get("alone"):
        problem = f"the video {address} stands among other words"
        faults = [(problem, "give it a paragraph of its own, or make a link of it, without the !")]
    if not LANGUAGE_TAG.fullmatch(lang):
        faults.append((f"“{lang}” is not a language", "write two letters, such as lang=en"))
    poster, duration = said.pop("poster", ""), said.pop("duration", "")
    try:
        shown = _html(poster, "", {}, text) if poster else ""
    except ValueError as error:
        problem, _, remedy = str(error).partition("; ")
        faults.append((f"poster: {problem}", remedy))
    for fault in faults:
        text.fault("video", *fault)
    if not faults:
        title = typeset(title, lang)
        text.body.pictures.append((poster, title))
        markup = videos.markup(
            address, title, duration, shown, lang=text.lang, title_lang=lang, attributes=said
        )
        token.type, token.content, token.children = "html_inline", markup, None


def refuse_bare_video(token: Token, text: Text) -> None:
    """A video's address alone on its line shows nothing: tell how to write it."""
    for number, line in enumerate(token.content.split("\n")):
        if address := videos.bare_address(line):
            problem = f"the address {address} stands alone, and shows no video"
            text.fault("video", problem, f"write {videos.typed(address)}", text.line + number)
