"""The images and videos of a text: figures where they stand alone in their paragraph."""

import re
from itertools import pairwise

from markdown_it.token import Token

from engine.characters import decode_address
from engine.faults import Message, ProblemError
from engine.markdown import videos
from engine.markdown.text_body import LANGUAGE_TAG, MARKS, Text, line_ends
from engine.typography.typography import typeset

DECORATIVE = "decorative"
# What a writer may say of an image.
IMAGE_MARKS = (*MARKS, *videos.MARKS)
# What stands between braces after an image: the parser leaves a value with a dot without quotes.
_MARK = re.compile(r"\s*\{([^{}]*)\}\s*")
_PAIR = re.compile(r"""([\w-]+)=(?:"([^"]*)"|([^\s"]+))""")
_MAX_SHOWN = 80
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def make_figures(tokens: list[Token]) -> list[Token]:
    """The same tokens, with a figure for each image or video that stands alone on its line.

    Where a paragraph holds other words too, its images stay in them.
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
    """An inline token for each image of a paragraph, none where anything else stands beside one."""
    if not inline.children or "![" not in inline.content:
        return []
    line = inline.map[0] if inline.map else 0
    images: list[Token] = []
    line_end: list[Token] = []
    for token in inline.children:
        if token.type == "softbreak":
            line_end = [token]
        elif images and not (line_end and token.type != "text"):
            # What is said of a video may stand on a line of its own.
            images[-1].children += [*line_end, token]
            line_end = []
        else:
            images.append(Token("inline", "", 0, children=[token], map=[line, line + 1]))
            line_end = []
        line += line_ends(token)
    return images if all(_is_image(image) and _take_mark(image) for image in images) else []


def _is_image(inline: Token) -> bool:
    """Whether a line begins with an image, or is one image that is a link."""
    types = [token.type for token in inline.children]
    return types[:1] == ["image"] or types == ["link_open", "image", "link_close"]


def _figure(opening: Token, inline: Token) -> Token:
    """The opening of the figure of an image, whose caption is added to it."""
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


def _take_mark(inline: Token) -> bool:
    """Give the image what its braces say; tells whether nothing else stands beside it."""
    image, *others = inline.children
    if image.type == "link_open":
        return True
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
        problem = Message(
            "what stands between the braces of {{{marks}}} cannot be read", marks=unread
        )
        remedy = Message(
            "write {{.decorative}}, {{lang=en}} or, after a video, {{{marks}}}",
            marks=videos.EXAMPLE,
        )
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
            Message("{file} has no words for those who do not see it", file=decode_address(source)),
            Message(
                "write them between the square brackets, or {{.decorative}} after an image "
                "that says nothing"
            ),
        )
    if caption := token.attrs.pop("title", ""):
        text.fault(
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
        text.fault("lang", problem, Message("write two letters, such as {{lang=en}}"))
    markup = picture_html(source, typeset(alternative, lang), attributes, text)
    if markup is not None:
        token.type, token.content, token.children = "html_inline", markup, None


def picture_html(source: str, words: str, attributes: dict[str, str], text: Text) -> str | None:
    """The HTML of an image of the site, noted among those of the text; None if it is a fault."""
    try:
        markup = _html(source, words, attributes, text)
    except ProblemError as error:
        text.fault("image", error.problem, error.remedy)
        return None
    if words:
        text.body.pictures.append((source, words))
    return markup


def _html(source: str, words: str, attributes: dict[str, str], text: Text) -> str:
    """The HTML of an image of the site. Raises ProblemError."""
    if _ELSEWHERE.match(source):
        raise ProblemError(
            Message("{address} is not on this site", address=_shortened(source)),
            Message("put the file into content/images/ and name it from there"),
        )
    try:
        return text.show(source, words, eager=text.at_top, attributes=attributes)
    except ProblemError as error:
        file = decode_address(_shortened(source))
        problem = Message("{file}: {problem}", file=file, problem=error.problem)
        raise ProblemError(problem, error.remedy) from error


def _shortened(address: str) -> str:
    """An address as a fault shows it: a picture written as data: has thousands of characters."""
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
        shown = _html(poster, "", {}, text) if poster else ""
    except ProblemError as error:
        faults.append((Message("poster: {problem}", problem=error.problem), error.remedy))
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
            problem = Message(
                "the address {address} stands alone, and shows no video", address=address
            )
            remedy = Message("write {video}", video=videos.typed(address))
            text.fault("video", problem, remedy, text.line + number)
