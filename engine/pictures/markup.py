"""Write the HTML of a picture."""

from collections.abc import Mapping
from html import escape

from engine.pictures.variants import WIDTHS, Picture, Variant, variants

# In `sizes`, 1rem is the initial font size, 16 px: 38rem is the widest column.
SIZES = "(min-width: 42em) 38rem, 92vw"


def markup(
    picture: Picture,
    alt: str,
    *,
    base: str = "",
    eager: bool = False,
    sizes: str = SIZES,
    attributes: Mapping[str, str] | None = None,
) -> str:
    """Return the HTML of a picture, whose format and width the browser chooses.

    `base` is the path of the site ("" or "/blog"). `eager` is for a picture above the fold. `sizes`
    gives the displayed width. `attributes` (id, class, lang) are set on the <img>.
    """
    files = variants(picture)
    fallback = [file for file in files if file.format == files[-1].format]
    # For old browsers and feed readers without srcset: as wide as the column.
    shown = next((file for file in fallback if file.width >= WIDTHS[1]), fallback[-1])
    values = {"src": f"{base}/{shown.name}"}
    if len(fallback) > 1:
        values |= {"srcset": _srcset(fallback, base), "sizes": sizes}
    values |= {"width": str(files[-1].width), "height": str(files[-1].height), "alt": alt}
    if eager:
        values["fetchpriority"] = "high"
    else:
        values |= {"loading": "lazy", "decoding": "async"}
    image = _tag("img", values | dict(attributes or {}))
    if picture.format == "SVG":
        return image
    sources = [
        _tag(
            "source",
            {
                "type": f"image/{kind.lower()}",
                "srcset": _srcset([file for file in files if file.format == kind], base),
                "sizes": sizes,
            },
        )
        for kind in ("AVIF", "WEBP")
    ]
    return f"<picture>{''.join(sources)}{image}</picture>"


def _srcset(files: list[Variant], base: str) -> str:
    return ", ".join(f"{base}/{file.name} {file.width}w" for file in files)


def _tag(name: str, values: Mapping[str, str]) -> str:
    pairs = [f'{key}="{escape(value)}"' for key, value in values.items()]
    return f"<{name} {' '.join(pairs)}>"
