"""Render the images and videos of a text, as figures if they are alone in their paragraph."""

import re
from itertools import pairwise

from markdown_it.token import Token

from engine.characters import decode_address
from engine.faults import Message, ProblemError
from engine.markdown import videos
from engine.markdown.text_body import LANGUAGE_TAG, MARKS, Text, line_ends
from engine.typography.typography import typeset

DECORATIVE = "decorative"
# The attributes that a writer may set on an image.
IMAGE_MARKS = (*MARKS, *videos.MARKS)
# The braces after an image; the parser does not read an unquoted value with a dot.
_MARK = re.compile(r"\s*\{([^{}]*)\}\s*")
_PAIR = re.compile(r"""([\w-]+)=(?:"([^"]*)"|([^\s"]+))""")
_MAX_SHOWN = 80
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def make_figures(tokens: list[Token]) -> list[Token]:
    """Turn each image or video alone on its line into a figure.

    The images of a paragraph with other words remain in it.
    """
    made: list[Token] = []
    for number, token in enumerate(tokens):
        is_alone = made and made[-1].type == "paragraph_open" and token.type == "inline"
        if is_alone and (images := _images_alone(token)):
            opening = made.pop()
            for image in images:
                made += [_figure(opening, image), image, Token("paragraph_close", "figure", -1)]
            tokens[number + 1].meta["figures"] = True
        elif "figures" not in token.meta:
            made.append(token)
    return made


def name_figures(tokens: list[Token]) -> None:
    """Name each figure by its caption, once that is typeset, as test 1.9.1 of RGAA 4.1.2 asks."""
    for opening, inline in pairwise(tokens):
        if opening.tag == "figure" and opening.nesting == 1:
            for mark, caption in pairwise(inline.children or ()):
                if mark.type == "figcaption_open":
                    opening.attrSet("role", "figure")
                    opening.attrSet("aria-label", caption.content)


def _images_alone(inline: Token) -> list[Token]:
    """Return an inline token for each image of a paragraph, none if it holds anything else."""
    if not inline.children or "![" not in inline.content:
        return []
    line = inline.map[0] if inline.map else 0
    images: list[Token] = []
    line_end: list[Token] = []
    for token in inline.children:
        if token.type == "softbreak":
            line_end = [token]
        elif images and not (line_end and token.type != "text"):
            # The braces of a video may be on a line of their own.
            images[-1].children += [*line_end, token]
            line_end = []
        else:
            images.append(Token("inline", "", 0, children=[token], map=[line, line + 1]))
            line_end = []
        line += line_ends(token)
    return images if all(_is_image(image) and _set_attributes(image) for image in images) else []


def _is_image(inline: Token) -> bool:
    """Whether a line begins with an image, or is a linked image."""
    types = [token.type for token in inline.children]
    return types[:1] == ["image"] or types == ["link_open", "image", "link_close"]


def _figure(opening: Token, inline: Token) -> Token:
    """Return the opening token of a figure, and add the caption to the image."""
    figure = Token("paragraph_open", "figure", 1, map=inline.map, level=opening.level)
    image = next(token for token in inline.children if token.type == "image")
    image.meta["alone"] = True
    if videos.is_video(str(image.attrs.get("src", "")), image.attrs):
        figure.attrSet("class", "video")
    if caption := image.attrs.pop("title", None):
        inline.children += [
            Token("figcaption_open", "figcaption", 1),
            Token("text", "", 0, content=str(caption)),
            Token("figcaption_close", "figcaption", -1),
        ]
    return figure


def _set_attributes(inline: Token) -> bool:
    """Set the attributes in the braces of an image; return whether it is alone."""
    image, *others = inline.children
    if image.type == "link_open":
        return True
    if any(token.type not in ("text", "softbreak") for token in others):
        return False
    rest = "".join(token.content or "\n" for token in others)
    match = _MARK.fullmatch(rest)
    if match:
        pairs = _PAIR.findall(match[1])
        # A word processor may have replaced the quotes.
        said = {name: quoted or bare.strip("“”'") for name, quoted, bare in pairs}
        if said.keys() <= set(IMAGE_MARKS) and not _PAIR.sub("", match[1]).strip():
            image.attrs.update(said)
        else:
            image.meta["unread"] = match[1]
        inline.children = [image]
    return bool(match) or not others


def show_image(token: Token, text: Text) -> None:
    """Render an image or a video as HTML."""
    source = str(token.attrs.get("src", ""))
    words = "".join(child.content for child in token.children or ()).strip()
    # The parser keeps unknown names apart.
    if unread := token.meta.get("unread") or " ".join(token.meta.get("insecure_attrs", ())):
        problem = Message(
            "what stands between the braces of {{{marks}}} cannot be read", marks=unread
        )
        remedy = Message(
            "write {{.decorative}}, {{lang=en}} or, after a video, {{{marks}}}",
            marks=videos.EXAMPLE,
        )
        text.add_fault("mark", problem, remedy)
    elif not source.strip():
        problem = Message("an image names no file")
        remedy = Message("write its file between the parentheses: ({example})", example="/images/…")
        text.add_fault("image", problem, remedy)
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
        text.add_fault(
            "image",
            Message("{file} has no words for those who do not see it", file=decode_address(source)),
            Message(
                "write them between the square brackets, or {{.decorative}} after an image "
                "that says nothing"
            ),
        )
    if caption := token.attrs.pop("title", ""):
        text.add_fault(
            "image",
            Message(
                "the caption “{caption}” would not be shown: the image stands among other words",
                caption=caption,
            ),
            Message("put the image on a line of its own, an empty line around it"),
        )
    attributes = {name: str(token.attrs[name]) for name in MARKS if name in token.attrs}
    lang = attributes.get("lang", text.language)
    if not LANGUAGE_TAG.fullmatch(lang):
        problem = Message("“{lang}” is not a language", lang=lang)
        text.add_fault("lang", problem, Message("write two letters, such as {{lang=en}}"))
    markup = picture_html(source, typeset(alternative, lang), attributes, text)
    if markup is not None:
        token.type, token.content, token.children = "html_inline", markup, None


def picture_html(source: str, words: str, attributes: dict[str, str], text: Text) -> str | None:
    """Return the HTML of an image and add it to those of the text; return None for a fault."""
    try:
        markup = _image_html(source, words, attributes, text)
    except ProblemError as error:
        text.add_fault("image", error.problem, error.remedy)
        return None
    if words:
        text.body.pictures.append((source, words))
    return markup


def _image_html(source: str, words: str, attributes: dict[str, str], text: Text) -> str:
    """Return the HTML of an image of the site. Raises ProblemError."""
    if _ELSEWHERE.match(source):
        raise ProblemError(
            Message("{address} is not on this site", address=_shorten(source)),
            Message("put the file into content/images/ and name it from there"),
        )
    return text.show(source, words, eager=text.at_top, attributes=attributes)


def _shorten(address: str) -> str:
    """Shorten an address for a fault: a `data:` address may have thousands of characters."""
    return address if len(address) <= _MAX_SHOWN else f"{address[:_MAX_SHOWN]}…"


def _show_video(token: Token, address: str, title: str, text: Text) -> None:
    said = {name: str(token.attrs[name]) for name in IMAGE_MARKS if name in token.attrs}
    lang = said.pop("lang", text.language)
    faults = list(videos.faults(address, title, said))
    if not token.meta.get("alone"):
        problem = Message("the video {address} stands among other words", address=address)
        remedy = Message("give it a paragraph of its own, or make a link of it, without the !")
        faults = [(problem, remedy)]
    if not LANGUAGE_TAG.fullmatch(lang):
        problem = Message("“{lang}” is not a language", lang=lang)
        faults.append((problem, Message("write two letters, such as lang=en")))
    poster, duration = said.pop("poster", ""), said.pop("duration", "")
    try:
        shown = _image_html(poster, "", {}, text) if poster else ""
    except ProblemError as error:
        faults.append((Message("poster: {problem}", problem=error.problem), error.remedy))
    for fault in faults:
        text.add_fault("video", *fault)
    if not faults:
        title = typeset(title, lang)
        text.body.pictures.append((poster, title))
        markup = videos.markup(
            address, title, duration, shown, lang=text.lang, title_lang=lang, attributes=said
        )
        token.type, token.content, token.children = "html_inline", markup, None


def refuse_bare_video(token: Token, text: Text) -> None:
    """Add a fault for the address of a video alone on its line: it would show no video."""
    for number, line in enumerate(token.content.split("\n")):
        if address := videos.bare_address(line):
            problem = Message(
                "the address {address} stands alone, and shows no video", address=address
            )
            remedy = Message("write {video}", video=videos.markdown_example(address))
            text.add_fault("video", problem, remedy, text.line + number)
