"""What a page tells search engines of itself: JSON-LD, in the vocabulary of schema.org.

Each page but that of an address not found says where it stands (BreadcrumbList). The home page says
what the site is, those of the template “about” and “contact” who the owner is, a news item and a
project what they are.
"""

import json
from collections.abc import Mapping

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from pelican import signals

from plugins.owner import SiteValues

# The kind of a page -> the list that leads to it.
PARENTS = {"article": "news", "year": "news", "project": "projects", "topic": "topics"}
_OWNER_PAGES = {"about": "AboutPage", "contact": "ContactPage"}

Node = dict[str, object]


def owner_type(owner: SiteValues) -> str:
    """The type of the owner: a business once a form or a number of it is given, else a person."""
    return "ProfessionalService" if owner.trading_form or owner.siret else "Person"


def owner_node(owner: SiteValues, address: str, typed: SiteValues, portrait: str = "") -> Node:
    """The owner as far as the settings tell, with the numbers as they are `typed`.

    `portrait` is the whole address of a picture.
    """
    number = {"@type": "PropertyValue", "propertyID": "SIRET", "value": typed.siret}
    return _filled(
        {
            "@type": owner_type(owner),
            "name": owner.name,
            "url": address,
            "image": portrait,
            "email": owner.email,
            "telephone": typed.phone,
            "address": owner.address,
            "vatID": typed.vat_number,
            "identifier": typed.siret and number,
            "sameAs": list(owner.links.values()),
        }
    )


def site_node(name: str, address: str, lang: str, owner: SiteValues) -> Node:
    """The site, with its owner by name: the home page has few bytes to spare."""
    publisher = owner.name and {"@type": owner_type(owner), "name": owner.name}
    return _filled(
        {
            "@type": "WebSite",
            "name": name,
            "url": address,
            "inLanguage": lang,
            "publisher": publisher,
        }
    )


def article_node(article: object, address: str, author: Node, picture: str = "") -> Node:
    """A news item; its dates are as short as they are known (ISO 8601)."""
    return _filled(
        {
            "@type": "BlogPosting",
            "headline": article.title,
            "description": article.description,
            "url": address,
            "inLanguage": article.lang,
            "datePublished": article.date_iso,
            "dateModified": article.modified_iso,
            "image": picture,
            "author": author,
            "keywords": [tag.name for tag in article.tags],
        }
    )


def project_node(project: object, address: str, owner: Node, picture: str = "") -> Node:
    """A project, with the interval of its dates (ISO 8601-1, 5.5; an open end: ISO 8601-2)."""
    start, end = (date.iso if date else ".." for date in (project.start, project.end))
    return _filled(
        {
            "@type": "CreativeWork",
            "name": project.title,
            "description": project.description,
            "url": address,
            "inLanguage": project.lang,
            "temporalCoverage": f"{start}/{end}" if project.start else "",
            "contentLocation": project.place and {"@type": "Place", "name": project.place},
            "image": picture,
            "contributor": owner,
            "keywords": [tag.name for tag in project.tags],
        }
    )


def breadcrumb_node(trail: list[tuple[str, str]]) -> Node:
    """The way to a page from the home page on: pairs of a name and a whole address."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": address}
            for number, (name, address) in enumerate(trail, start=1)
        ],
    }


def script(nodes: list[Node]) -> Markup:
    """The element that holds nodes. A `<` in a value cannot end it.

    It is a data block: no browser runs it, and no policy has to allow it
    (https://html.spec.whatwg.org/multipage/scripting.html#data-block).
    """
    data = nodes[0] if len(nodes) == 1 else {"@graph": nodes}
    text = json.dumps(
        {"@context": "https://schema.org", **data}, ensure_ascii=False, separators=(",", ":")
    )
    text = text.replace("<", "\\u003c")
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704


def _filled(node: Node) -> Node:
    return {name: value for name, value in node.items() if value}


def _plain(text: str) -> str:
    """A text without its character references: gettext's words are Markup."""
    return text.unescape() if isinstance(text, Markup) else str(text)


@pass_context
def structured_data(context: Context, words: Mapping[str, str]) -> Markup:
    """The function of the templates; `words` are the names of the lists."""
    kind, owner, links = context["kind"], context["owner"], context["links"]
    if kind == "not_found":
        return Markup()
    site = context["SITE_ADDRESS"]
    here, picture = context["here"], context["share_picture"]
    about = context["about_url"] or links["home"]
    person = owner.name and {"@type": "Person", "name": owner.name, "url": site + about}
    picture = site + picture.address if picture else ""
    if kind == "home":
        return script([site_node(context["SITENAME"], site + here, context["DEFAULT_LANG"], owner)])
    nodes = []
    if kind == "article":
        nodes.append(article_node(context["article"], site + here, person, picture))
    elif kind == "project":
        nodes.append(project_node(context["page"], site + here, person, picture))
    elif kind == "page" and context["page"].template in _OWNER_PAGES and owner.name:
        portrait = context["portrait_address"]
        portrait = site + portrait if portrait else ""
        node = owner_node(owner, site + links["home"], context["site"], portrait)
        page_type = _OWNER_PAGES[context["page"].template]
        nodes.append({"@type": page_type, "url": site + here, "mainEntity": node})
    parents = ["home", *([PARENTS[kind]] if kind in PARENTS else [])]
    trail = [(_plain(words[name]), site + links[name]) for name in parents]
    nodes.append(breadcrumb_node([*trail, (_plain(context["title"]), site + here)]))
    return script(nodes)


def add_structured_data(generators: list) -> None:
    """Put `structured_data` into the context."""
    generators[0].context["structured_data"] = structured_data


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_structured_data)
