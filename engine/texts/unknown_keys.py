"""Propose a key or a value in place of an unknown key of a header."""

import difflib

import yaml

from engine.faults import Message
from engine.texts.header_schema import Key

# Names of the keys in other programs and in French.
_OTHER_NAMES = {
    "title": "titre",
    "summary": "résumé resume description excerpt extrait chapo",
    "tags": "tag étiquettes thèmes theme themes category categories catégorie catégories keywords",
    "date": "publishdate publish_date pubdate created",
    "modified": "updated lastmod modifié last_modified",
    "status": "statut state état visibility",
    "slug": "permalink url",
    "aliases": "redirect_from redirect",
    "project": "projet",
    "order": "ordre weight",
    "colour": "couleur color",
    "links": "liens",
    "lang": "langue language locale",
    "start": "début",
    "end": "fin",
    "place": "lieu",
    "role": "rôle",
    "form": "forme",
    "partners": "partenaires",
    "template": "layout gabarit",
    "definition": "définition",
}
_OURS = {other: own for own, others in _OTHER_NAMES.items() for other in others.split()}
# Keys of other programs that hide a text if true, and that hide it if false.
_HIDING = {"draft", "brouillon", "hidden", "private", "unlisted", "unpublished", "caché", "privé"}
_SHOWING = {"published", "publish", "publié", "visible", "public", "online"}
_NO = {"false", "no", "non", "off", "0", "n", "f", "faux"}


def remedy_of_unknown_key(
    name: str, node: yaml.Node | None, keys: dict[str, Key]
) -> tuple[Message, str]:
    """Return the remedy of an unknown key, and the key that it replaces, or "".

    A remedy never publishes a text that the key hides.
    """
    value = node.value.strip().lower() if isinstance(node, yaml.ScalarNode) else ""
    plain = name.strip().lower().replace(" ", "").replace("-", "").replace("_", "")
    if plain in _HIDING or plain in _SHOWING:
        if not value:
            return Message(
                "write status: draft to hide the text, or status: published to show it"
            ), ""
        is_hidden = (value in _NO) == (plain in _SHOWING)
        return Message("write status: {status}", status="draft" if is_hidden else "published"), ""
    own = _OURS.get(name.strip().lower())
    near = difflib.get_close_matches(name.lower(), keys, n=1)
    if own in keys or near:
        meant = own if own in keys else near[0]
        return Message("did you mean {key}?", key=meant), meant
    return Message("remove it, or use one of {keys}", keys=", ".join(sorted(keys))), ""
