"""Edits of a site, by their kinds: each takes the site and a source of chance.

An edit raises NothingToChangeError where it finds nothing to change. It may leave a fault.
"""

import datetime
import io
import os
import re
import shutil
import string
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from random import Random

from PIL import Image

from engine.settings import site_schema
from engine.texts import header_schema
from tests import sample_content, sites
from tests.building.edited_site import EditedSite
from tests.sites import article, header, project

Edit = Callable[[EditedSite, Random], None]

TEXTS = "content/**/*.md"
FRENCH_TEXTS = "content/**/*[!n].md"
PATTERNS = {
    "article": "content/articles/*.md",
    "page": "content/pages/*.md",
    "project": "content/pages/projects/*.md",
    "home": "content/home*.md",
}
TOPICS = ("coopération", "métiers", "eau et ville", "outils", "soins")
# Letters that no text of the site has.
LETTERS = "ŁŐǾÞĦ¿Ĉ"
_HEADER = re.compile(r"---\n(.*?\n)---\n(.*)", re.DOTALL)


class NothingToChangeError(Exception):
    """The site has nothing that an edit could change."""


# --- Helpers --------------------------------------------------------------------------------


def one_of(choices: Sequence, chance: Random):
    """Choose one of the choices, if there are any."""
    if not choices:
        raise NothingToChangeError
    return chance.choice(choices)


def pick(site: EditedSite, chance: Random, pattern: str) -> str:
    """Choose a file."""
    return one_of(site.names(pattern), chance)


def words(chance: Random) -> str:
    """Make up two to five words."""
    return " ".join(
        "".join(chance.choices("abcdefghilmnoprstuvéè", k=chance.randint(2, 8)))
        for _ in range(chance.randint(2, 5))
    )


def with_key(text: str, key: str, value: str | None) -> str:
    """Set a key of a header, or remove it."""
    head, body = _HEADER.fullmatch(text).groups()
    lines = [line for line in head.splitlines() if not line.startswith(f"{key}:")]
    if value is not None:
        lines.append(f"{key}: {value}")
    return "\n".join(["---", *lines, "---", body])


def set_key(site: EditedSite, name: str, key: str, value: str | None) -> None:
    """Set a key of the header of a text, or remove it."""
    site.write(name, with_key(site.read(name), key, value))


def stems(site: EditedSite, pattern: str) -> list[str]:
    """Return the names of French texts, without folder and suffix."""
    names = (os.path.basename(name).removesuffix(".md") for name in site.names(pattern))
    return [name for name in names if not name.endswith(".en")]


def date(chance: Random) -> str:
    year, month, day = chance.randint(1998, 2026), chance.randint(1, 12), chance.randint(1, 28)
    forms = ("{}", "{}-{:02}", "{}-{:02}-{:02}", '"start of {}"', '"end of {}"')
    return chance.choice(forms).format(year, month, day)


# --- A change of one text or file -----------------------------------------------------------


def change_body(site, chance):
    name = pick(site, chance, TEXTS)
    site.write(name, f"{site.read(name)}\n{words(chance).capitalize()}.\n")


def change_middle_of_body(site, chance):
    name = pick(site, chance, TEXTS)
    lines = site.read(name).split("\n")
    full = [n for n, line in enumerate(lines) if n > 3 and line[:1].isalpha() and ": " not in line]
    at = one_of(full, chance)
    lines[at] = lines[at].replace(" ", f" {words(chance)} ", 1)
    site.write(name, "\n".join(lines))


def add_heading(site, chance):
    name = pick(site, chance, TEXTS)
    letter = chance.choice(LETTERS)
    site.write(name, f"{site.read(name)}\n## {letter}{words(chance)}\n\n{words(chance)}.\n")


def add_link(site, chance):
    name, target = pick(site, chance, TEXTS), pick(site, chance, TEXTS)
    address = "/" + target.removeprefix("content/")
    site.write(name, f"{site.read(name)}\n[{words(chance)}]({address}).\n")


def add_image(site, chance):
    name, image = pick(site, chance, TEXTS), pick(site, chance, "content/images/*")
    address = image.removeprefix("content")
    site.write(name, f'{site.read(name)}\n![{words(chance)}]({address} "{words(chance)}")\n')


def add_elements(site, chance):
    name = pick(site, chance, TEXTS)
    elements = (
        "| un | deux |\n| --- | --- |\n| trois | quatre |\n",
        "Un fait[^1].\n\n[^1]: Sa note.\n",
        "```\ncode\n```\n",
        "> Une phrase.\n",
        "1. un\n2. deux\n",
        "[Le journal][le-journal] en parle.\n",
    )
    site.write(name, f"{site.read(name)}\n{chance.choice(elements)}")


def replace_by_same_size(site, chance):
    """Change a text, but neither its size nor its modification time."""
    name = pick(site, chance, TEXTS)
    text, status = site.read(name), site.path(name).stat()
    body = text.rpartition("---")[2]
    places = [n for n, letter in enumerate(body) if letter in "aeiou"]
    at = len(text) - len(body) + one_of(places, chance)
    site.write(name, text[:at] + chance.choice("aeiou".replace(text[at], "")) + text[at + 1 :])
    os.utime(site.path(name), ns=(status.st_atime_ns, status.st_mtime_ns))


def replace_by_rename(site, chance):
    """Save as editors do: into a new file, which is then renamed; the time is that of the old."""
    name = pick(site, chance, TEXTS)
    status, new = site.path(name).stat(), site.path(name + "~")
    site.write(name, f"{site.read(name)}\n{words(chance)}.\n")
    shutil.copy(site.path(name), new)
    os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns))
    new.replace(site.path(name))


def touch(site, chance):
    name = pick(site, chance, "content/**/*.*")
    site.write(name, site.path(name).read_bytes())


def change_nothing(site, chance):
    pass


def change_file_of_words(site, chance):
    name = chance.choice(["content/mots.txt", "content/silences.yml", "content/known_hosts"])
    site.write(name, "" if name.endswith("yml") else f"{words(chance)}\n")


def change_linked_file(site, chance):
    name = pick(site, chance, "content/files/*")
    site.write(name, f"%PDF-1.4\n% {words(chance) * chance.randint(1, 99)}\n%%EOF\n")


def image(chance: Random, name: str) -> bytes:
    width, height = chance.choice([(320, 160), (200, 300), (60, 40)])
    drawing = sample_content.drawing(width, height)
    if name.endswith(".png"):
        return drawing
    file = io.BytesIO()
    with Image.open(io.BytesIO(drawing)) as opened:
        opened.save(file, "JPEG", quality=chance.randint(60, 90))
    return file.getvalue()


def change_image(site, chance):
    name = pick(site, chance, "content/images/*")
    site.write(name, image(chance, name))


def replace_image_by_same_size(site, chance):
    """Put another picture in place of a picture, of the same size in bytes and the same time."""
    name = pick(site, chance, "content/images/*.png")
    old, status = site.path(name).read_bytes(), site.path(name).stat()
    new = sample_content.drawing(chance.choice((80, 90, 100)), 50)
    if len(new) > len(old):
        raise NothingToChangeError
    site.write(name, new.ljust(len(old), b"\0"))
    os.utime(site.path(name), ns=(status.st_atime_ns, status.st_mtime_ns))


# --- Headers --------------------------------------------------------------------------------


def value_of(key: header_schema.Key, site: EditedSite, chance: Random) -> str:
    """Make up a value for a key of a header."""
    texts = {
        "slug": lambda: words(chance).encode("ascii", "ignore").decode().replace(" ", "-") + "z",
        "date": lambda: date(chance),
        "list": lambda: f"[{', '.join(chance.sample(TOPICS, 2))}]",
        "addresses": lambda: f"[/ancien-{chance.randint(1, 99)}/, /b{chance.randint(1, 99)}.html]",
        "links": lambda: f"{{le-journal: https://example.org/{chance.randint(1, 99)}}}",
        "file": lambda: chance.choice(stems(site, PATTERNS["project"]) or ["aucun"]),
        "theme": lambda: chance.choice(TOPICS),
        "whole number": lambda: str(chance.randint(1, 9)),
        "digest": lambda: "sha256-" + "".join(chance.choices("0123456789abcdef", k=16)),
        "choice": lambda: chance.choice(list(key.choices)),
        "text": lambda: header_schema.quote(words(chance)),
    }
    return texts[key.type]()


def change_header(kind, key, site, chance):
    """Set a key of a text that may have it, or remove it."""
    texts = site.names(PATTERNS[kind])
    if key.shared:
        texts = [name for name in texts if not name.endswith(".en.md")]
    elif key.name == "translated_from":
        texts = [name for name in texts if name.endswith(".en.md")]
    name = one_of(texts, chance)
    has_it = f"\n{key.name}:" in site.read(name)
    is_removed = has_it and not key.required and chance.random() < 0.3
    set_key(site, name, key.name, None if is_removed else value_of(key, site, chance))


# --- Texts and files that come and go -------------------------------------------------------


def add_article(site, chance):
    name = f"content/articles/neuf-{chance.randint(1, 999)}.md"
    tags = f"[{', '.join(chance.sample(TOPICS, 2))}]"
    projects = stems(site, PATTERNS["project"])
    of = chance.choice([*projects, None])
    title = words(chance).capitalize()
    site.write(name, article(title, date(chance), f"{words(chance)}.", tags=tags, project=of))
    if chance.random() < 0.5:
        site.write(name.replace(".md", ".en.md"), header(title=words(chance)) + "A text.\n")


def add_project(site, chance):
    name = f"content/pages/projects/chantier-{chance.randint(1, 99)}.md"
    title = words(chance).capitalize()
    site.write(name, project(title, start=chance.randint(2000, 2020), order=chance.randint(1, 9)))


def add_page(site, chance):
    name = f"content/pages/page-{chance.randint(1, 99)}.md"
    more = {"menu": "main"} if chance.random() < 0.5 else {}
    site.write(name, header(title=words(chance).capitalize(), **more) + f"{words(chance)}.\n")
    if chance.random() < 0.5:
        site.write(name.replace(".md", ".en.md"), header(title=words(chance)) + "A text.\n")


def add_used_image(site, chance):
    name = f"content/images/vue-{chance.randint(1, 99)}{chance.choice(['.png', '.jpg'])}"
    site.write(name, image(chance, name))
    text = pick(site, chance, TEXTS)
    address = name.removeprefix("content")
    site.write(text, f"{site.read(text)}\n![{words(chance)}]({address})\n")


def add_linked_file(site, chance):
    name = f"content/files/note-{chance.randint(1, 99)}.txt"
    site.write(name, words(chance))
    text = pick(site, chance, TEXTS)
    address = name.removeprefix("content")
    site.write(text, f"{site.read(text)}\n[{words(chance)}]({address}).\n")


def add_unread_file(site, chance):
    folder = chance.choice(["content", "content/articles", "content/files", "content/images"])
    site.write(f"{folder}/reste-{chance.randint(1, 99)}.txt", words(chance))


def add_for_link(site, chance):
    """Write a text to which a link of another text leads that found nothing before: a fault."""
    name = f"content/articles/promis-{chance.randint(1, 99)}.md"
    text = pick(site, chance, FRENCH_TEXTS)
    site.write(text, f"{site.read(text)}\n[{words(chance)}](/{name.removeprefix('content/')}).\n")
    site.check_and_go_on()
    site.write(name, article(words(chance)))


def delete_article(site, chance):
    name = pick(site, chance, "content/articles/breve-*.md")
    site.remove(name)


def delete_text(site, chance):
    site.remove(pick(site, chance, TEXTS))


def delete_with_links(site, chance):
    """Delete a news item with its translation, and the links to it."""
    stem = chance.choice(stems(site, PATTERNS["article"]))
    for name in site.names(f"content/articles/{stem}*.md"):
        if name.endswith((f"/{stem}.md", f"/{stem}.en.md")):
            site.remove(name)
    link = re.compile(rf"\[([^]]*)\]\([^)]*\b{re.escape(stem)}\.md\)")
    for name in site.names(TEXTS):
        if link.search(site.read(name)):
            site.write(name, link.sub(r"\1", site.read(name)))


def delete_file(site, chance):
    site.remove(pick(site, chance, chance.choice(["content/images/*", "content/files/*"])))


def delete_unread_file(site, chance):
    name = pick(site, chance, "content/**/reste-*.txt")
    site.remove(name)


def delete_settings(site, chance):
    name = chance.choice(["content/themes.yml", "content/mots.txt", "content/site.yml"])
    site.remove(name)
    site.check_and_go_on()
    site.undo()


# --- Names and places -----------------------------------------------------------------------


def rename_file(site, chance):
    """Rename a text and its translation, and the links to them."""
    stem = chance.choice(stems(site, PATTERNS["article"]))
    new = f"{stem}-{chance.randint(1, 99)}"
    for suffix in (".md", ".en.md"):
        if site.path(f"content/articles/{stem}{suffix}").exists():
            site.move(f"content/articles/{stem}{suffix}", f"content/articles/{new}{suffix}")
    link = re.compile(rf"\b{re.escape(stem)}\.md\b")
    for name in site.names(TEXTS):
        if link.search(site.read(name)):
            site.write(name, link.sub(f"{new}.md", site.read(name)))


def rename_file_alone(site, chance):
    name = pick(site, chance, TEXTS)
    site.move(name, name.replace(".", f"-{chance.randint(1, 99)}.", 1))


def rename_by_slug(site, chance):
    """Give a text another address, and lead from the old one to it."""
    name = pick(site, chance, "content/articles/*.md")
    slug = f"adresse-{chance.randint(1, 999)}"
    if chance.random() < 0.5:
        set_key(site, name, "aliases", f"[/vieille-{chance.randint(1, 99)}/]")
    set_key(site, name, "slug", slug)


def rename_image(site, chance):
    """Rename a picture, and its name in all texts."""
    name = pick(site, chance, "content/images/*")
    old = name.removeprefix("content/")
    new = old.replace(".", f"-{chance.randint(1, 99)}.")
    site.move(name, f"content/{new}")
    for each in [*site.names(TEXTS), "content/site.yml"]:
        if site.path(each).exists() and old in site.read(each):
            site.write(each, site.read(each).replace(old, new))


def rename_project(site, chance):
    stem = chance.choice(stems(site, PATTERNS["project"]))
    new = f"{stem}-{chance.randint(1, 99)}"
    for suffix in (".md", ".en.md"):
        if site.path(f"content/pages/projects/{stem}{suffix}").exists():
            site.move(
                f"content/pages/projects/{stem}{suffix}", f"content/pages/projects/{new}{suffix}"
            )
    for name in site.names(TEXTS):
        text = site.read(name)
        changed = text.replace(f"project: {stem}\n", f"project: {new}\n").replace(
            f"{stem}.md)", f"{new}.md)"
        )
        if changed != text:
            site.write(name, changed)


def retag(site, chance):
    name = pick(site, chance, FRENCH_TEXTS)
    count = chance.randint(0, 3)
    tags = f"[{', '.join(chance.sample(TOPICS, count))}]" if count else None
    set_key(site, name, "tags", tags)


def retag_with_new_topic(site, chance):
    topic = f"thème {words(chance).split()[0]}"
    themes = site.read("content/themes.yml") if site.path("content/themes.yml").exists() else ""
    site.write("content/themes.yml", f"{themes}{topic}: topic {chance.randint(1, 99)}\n")
    set_key(site, pick(site, chance, PATTERNS["article"]), "tags", f"[{topic}]")


def rename_topic(site, chance):
    """Give a topic another English name."""
    if not site.path("content/themes.yml").exists():
        raise NothingToChangeError
    lines = site.read("content/themes.yml").splitlines()
    at = chance.randrange(len(lines))
    lines[at] = f"{lines[at].partition(':')[0]}: {words(chance)}"
    site.write("content/themes.yml", "\n".join(lines) + "\n")


def introduce_topic(site, chance):
    name = pick(site, chance, "content/pages/cooperer.md")
    set_key(site, name, "theme", chance.choice(TOPICS))


def retitle(kind, site, chance):
    name = pick(site, chance, PATTERNS[kind])
    title = words(chance).capitalize()
    if chance.random() < 0.3:
        title += chance.choice(LETTERS)
    set_key(site, name, "title", header_schema.quote(title))


def translate(site, chance):
    """Write the translation of a text that has none."""
    texts = [
        name
        for name in site.names(FRENCH_TEXTS)
        if not site.path(name.replace(".md", ".en.md")).exists()
    ]
    name = one_of(texts, chance).replace(".md", ".en.md")
    site.write(name, header(title=words(chance)) + f"{words(chance)}.\n")


def delete_translation(site, chance):
    site.remove(pick(site, chance, "content/**/*.en.md"))


def delete_all_translations(site, chance):
    for name in site.names("content/**/*.en.md"):
        site.remove(name)
    site.check_and_go_on()
    site.undo()


def hide(status, site, chance):
    name = pick(site, chance, PATTERNS["project"] if status == "announced" else TEXTS)
    set_key(site, name, "status", status)


def show_hidden(site, chance):
    hidden = [name for name in site.names(TEXTS) if "\nstatus:" in site.read(name)]
    set_key(site, one_of(hidden, chance), "status", None)


def schedule(site, chance):
    name = pick(site, chance, FRENCH_TEXTS)
    set_key(site, name, "date", f"2026-06-{chance.randint(14, 22)}")


def reorder(key, kind, site, chance):
    """Give a text another place in its list."""
    texts = [name for name in site.names(PATTERNS[kind]) if not name.endswith(".en.md")]
    value = date(chance) if key == "date" else str(chance.randint(1, 9))
    set_key(site, chance.choice(texts), key, value)


# --- Settings and theme ---------------------------------------------------------------------


def value_of_setting(name: str, key: site_schema.Key, site: EditedSite, chance: Random) -> str:
    """Make up a value for a key of the site.yml, as it is typed."""
    number = chance.randint(1, 9)
    entries = chance.sample(["home", "projects", "news", "timeline", "topics", "plan"], 3)
    of_type = {
        "text": lambda: words(chance),
        "site address": lambda: f"https://{number}.example.org{chance.choice(['', '/blog'])}",
        "identifier": lambda: f"7c9e6679-7425-40de-944b-e07fc1f90a{number}7",
        "time zone": lambda: chance.choice(["Pacific/Kiritimati", "Europe/Paris", "Asia/Tokyo"]),
        "e-mail": lambda: f"camille{number}@example.org",
        "telephone": lambda: f"01 99 00 12 {number}4",
        "picture": lambda: (pick(site, chance, "content/images/*") or "").removeprefix("content/"),
        "links": lambda: f"\n    Mastodon: https://mastodon.example/@camille{number}",
        "fediverse account": lambda: f"'@camille{number}@mastodon.example'",
        "sign": lambda: chance.choice(['"&"', '"§"', '"ab"', '"é"']),
        "menu": lambda: "".join(f"\n    - {entry}: {words(chance)}" for entry in entries),
        "colours": lambda: f"\n  - '#b5302{chance.choice('abc')}'\n  - darkcyan",
        "small number": lambda: str(number),
        "choice": lambda: chance.choice(list(key.choices)),
        "siret": lambda: key.example,
        "vat number": lambda: key.example,
        "server value": lambda: key.example,
    }
    return of_type[key.type]()


def change_setting(name, key, site, chance):
    """Give a key of the site.yml another value, or none."""
    if not site.path("content/site.yml").exists():
        raise NothingToChangeError
    indent = "  " if "." in name else ""
    block = name.partition(".")[0] if indent else ""
    line = rf"^{indent}{re.escape(key.name)}:.*(?:\n{indent}  +[^\n#]*)*$"
    text = site.read("content/site.yml")
    begin = re.search(rf"^{block}:$", text, re.MULTILINE).end() if block else 0
    value = "" if chance.random() < 0.25 else value_of_setting(name, key, site, chance)
    found = re.compile(line, re.MULTILINE).search(text, begin)
    changed = f"{indent}{key.name}: {value}".rstrip()
    site.write("content/site.yml", text[: found.start()] + changed + text[found.end() :])


def change_template(site, chance):
    """Add an element after a line of a template that ends with a tag."""
    name = pick(site, chance, "theme/templates/**/*.html")
    lines = site.read(name).split("\n")
    ends = [
        n for n, line in enumerate(lines) if line.endswith((">", "%}")) and "extends" not in line
    ]
    lines.insert(one_of(ends, chance) + 1, f"<i>{words(chance)}</i>")
    site.write(name, "\n".join(lines))


def change_other_template(site, chance):
    name = pick(site, chance, "theme/templates/*.[tx]*")
    site.write(name, f"{site.read(name)}{{# {words(chance)} #}}")
    if name.endswith("robots.txt"):
        site.write(name, f"{site.read(name)}\n# {words(chance)}\n")


def use_variable_in_template(site, chance):
    """Show a variable of every page in a kind of page that did not show it."""
    name = pick(site, chance, "theme/templates/*.html")
    shown = ["SITENAME", "TAGLINE", "SITE_ID", "articles|length", "owner.name", "SITE_ADDRESS"]
    text = f"<i>{{{{ {chance.choice(shown)} }}}}</i>"
    source = site.read(name)
    at = source.rfind("{% endblock %}")
    if at < 0:
        raise NothingToChangeError
    site.write(name, source[:at] + text + source[at:])


def break_template(site, chance):
    name = pick(site, chance, "theme/templates/**/*.html")
    mistake = chance.choice(
        ["{% if %}", "{{ nothing_of_this_name }}", "{{ 1 / 0 }}", "{% endif %}"]
    )
    site.write(name, f"{site.read(name)}{mistake}")


def change_catalogue(site, chance):
    """Change the English of a phrase of the theme."""
    name = site.names("theme/translations/**/*.po")[0]
    text = site.read(name)
    phrases = list(re.finditer(r'^msgstr "([^"%{]+)"$', text, re.MULTILINE))
    found = one_of(phrases, chance)
    site.write(name, f"{text[: found.start(1)]}{words(chance)}{text[found.end(1) :]}")


def break_catalogue(site, chance):
    name = site.names("theme/translations/**/*.po")[0]
    text = site.read(name)
    found = chance.choice(list(re.finditer(r'^msgstr "([^"]+)"$', text, re.M)))
    site.write(name, text[: found.start(1)] + text[found.end(1) :])


def add_rule(site, chance):
    name = pick(site, chance, "theme/static/css/*.css")
    selector = chance.choice(["body", "h1", "a", ".x", "main p"])
    site.write(name, f"{site.read(name)}\n{selector} {{\n  order: {chance.randint(1, 999)};\n}}\n")


def change_rule(site, chance):
    name = pick(site, chance, "theme/static/css/*.css")
    text = site.read(name)
    numbers = list(re.finditer(r"(?<=[ .(])\d+(?=rem|ch|px|em|%|;)", text))
    found = one_of(numbers, chance)
    site.write(name, f"{text[: found.start()]}{chance.randint(1, 9)}{text[found.end() :]}")


def change_static_file(site, chance):
    name = chance.choice(["favicon.svg", "feed.css", "search.js"])
    comment = "<!-- {} -->" if name.endswith("svg") else "/* {} */"
    text = site.read(f"theme/static/{name}")
    site.write(f"theme/static/{name}", text + comment.format(words(chance)) + "\n")


def change_facts_of_accessibility(site, chance):
    text = site.read("theme/accessibility.yml")
    site.write("theme/accessibility.yml", f"{text}# {words(chance)}\n")


# The constants of the code that are numbers, and the lengths of lists.
_NUMBER = re.compile(r"^(?:_?[A-Z_]+ = |PAGINATED_TEMPLATES = .*: )(\d+)\b", re.MULTILINE)
_CODE = (
    "*.py",
    "plugins/*.py",
    "engine/building/font_file.py",
    "engine/exports/*.py",
    "engine/texts/*.py",
)


def change_number_of_code(patterns, site, chance):
    found = [
        (name, match)
        for pattern in patterns
        for name in site.names(pattern)
        for match in _NUMBER.finditer(site.read(name))
    ]
    name, match = one_of(found, chance)
    number = int(match[1]) + chance.choice([-1, 1, 2])
    text = site.read(name)
    site.write(name, f"{text[: match.start(1)]}{number}{text[match.end(1) :]}")


def change_word_of_code(site, chance):
    """Let the code of the pages say something else for “bientôt”."""
    name = "plugins/library_reader.py"
    changed = re.sub(r"(?<=\"bient)\w+", "ô" + chance.choice("xyz"), site.read(name))
    site.write(name, changed)


def comment_code(site, chance):
    name = pick(site, chance, chance.choice(["engine/**/*.py", "plugins/*.py", "*.py"]))
    site.write(name, f"{site.read(name)}# {words(chance)}\n")


def change_lock(site, chance):
    site.write("requirements.txt", f"{site.read('requirements.txt')}# {words(chance)}\n")


# --- Time and environment -------------------------------------------------------------------


def pass_time(site, chance):
    """Let minutes or days pass, or go back."""
    now = datetime.datetime.fromisoformat(site.state.now)
    steps = (
        datetime.timedelta(days=1),
        datetime.timedelta(days=chance.randint(-2, 2)),
        # To the minutes around midnight in Paris.
        now.replace(hour=21, minute=59) - now,
        now.replace(hour=22, minute=1) - now,
    )
    later = now + chance.choice(steps)
    begin = datetime.datetime.fromisoformat("2026-06-14T12:00+00:00")
    site.state = replace(
        site.state, now=min(max(later, begin), begin + datetime.timedelta(days=8)).isoformat()
    )


def pass_midnight(site, chance):
    """Build in the last minute of a day of the site, then in the first of the next."""
    day = chance.randint(14, 20)
    site.state = replace(site.state, now=f"2026-06-{day}T23:59+02:00")
    site.check_and_go_on()
    site.state = replace(site.state, now=f"2026-06-{day + 1}T00:00+02:00")


def change_environment(site, chance):
    addresses = ["", "https://example.org", "https://example.org/blog", "http://a.example:81/b/"]
    variables = {
        "SITE_MESSAGES": chance.choice(["en", "fr"]),
        "SITE_URL": chance.choice(addresses),
    }
    given = tuple((name, value) for name, value in variables.items() if value)
    site.state = replace(site.state, variables=given)


# --- Damage ---------------------------------------------------------------------------------


def damage(data: bytes, chance: Random) -> bytes:
    """Cut a file, empty it, or change some of its bytes."""
    at = chance.randrange(len(data) or 1)
    end = at + chance.randint(1, 40)
    noise = bytes(chance.choices(string.printable.encode(), k=8))
    return chance.choice([b"", data[:at], data[:at] + noise + data[end:], noise + data])


def damage_cache(site, chance):
    files = sorted(path for folder in site.caches for path in folder.rglob("*") if path.is_file())
    for path in chance.sample(files, min(len(files), chance.choice([1, 3, 1000]))):
        path.write_bytes(damage(path.read_bytes(), chance))


def delete_cache(site, chance):
    if chance.random() < 0.3:
        for folder in site.caches:
            shutil.rmtree(folder)
        return
    path = one_of(sorted(path for folder in site.caches for path in folder.glob("*")), chance)
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def make_cache_read_only(site, chance):
    """Build with a cache that cannot be written, whether the site is new or not."""
    change_body(site, chance)
    if chance.random() < 0.5:
        add_used_image(site, chance)
        retitle("article", site, chance)
    site.build_with_read_only_cache()


def mix_caches(site, chance):
    """Put what an earlier build left in place of what the last one did, but for the output."""
    old = site.elsewhere / "older"
    for folder in site.caches:
        shutil.copytree(folder, old / folder.name, symlinks=True)
    change_body(site, chance)
    site.check_and_go_on()
    for folder in site.caches:
        shutil.rmtree(folder)
    for folder in old.iterdir():
        folder.rename(site.folder / folder.name)


def damage_output(site, chance):
    """Edit, replace, delete or add files of the output by hand."""
    files = sorted(path for path in site.output.rglob("*") if path.is_file())
    for path in chance.sample(files, min(len(files), chance.choice([1, 4]))):
        change = chance.choice(["edit", "replace", "delete", "permissions", "folder", "link"])
        if change == "edit":
            with path.open("ab") as file:
                file.write(b"by hand")
        elif change == "permissions":
            path.chmod(0o600)
        else:
            path.unlink()
        if change == "replace":
            path.write_text("by hand")
        elif change == "folder":
            sites.write(path, {"within.html": "by hand"})
        elif change == "link":
            path.symlink_to("/nowhere")


def edit_in_place(site, chance):
    """Change a file of the output, but neither its size nor its time."""
    path = chance.choice(sorted(site.output.rglob("*.html")))
    status = path.stat()
    path.write_bytes(path.read_bytes().replace(b"e", b"a"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def add_to_output(site, chance):
    folder = chance.choice(["", "projets/", "neuf/", "actualites/page/9/"])
    sites.write(site.output, {f"{folder}{chance.choice(['a.html', 'b.txt', '.c'])}": "by hand"})


def delete_output(site, chance):
    folders = sorted(path for path in site.output.iterdir() if path.is_dir())
    shutil.rmtree(chance.choice([*folders, site.output]))


def build_twice_at_once(site, chance):
    """Build twice at once, into the same folder or another; both must end alike."""
    change_body(site, chance)
    other = site.elsewhere / "other" / "output"
    outputs = chance.choice([(site.output, site.output), (site.output, other)])
    outcomes = site.run(*(site.job(output) for output in outputs))
    # The edit itself may be one that no build accepts: the next check undoes it.
    ends = [(outcome["code"], outcome["complaints"]) for outcome in outcomes]
    assert ends[0] == ends[1], outcomes


def kill(site, chance):
    """Kill a build at any moment: the output is the old one or the new one, whole."""
    change_body(site, chance)
    if chance.random() < 0.5:
        add_article(site, chance)
    site.build_killed(chance.randint(1, chance.choice([30, 400])))


def save_during_a_build(site, chance):
    """Save a text while a build runs, as often as not to the same size."""
    change_body(site, chance)
    name = pick(site, chance, TEXTS)
    text = site.read(name)
    new = text[:-4] + "azé\n" if chance.random() < 0.5 else f"{text}\n{words(chance)}.\n"
    site.build_while_saved(chance.randint(1, 30), name, new)


def make_a_mistake(site, chance):
    """Write something that no build accepts."""
    name = pick(site, chance, TEXTS)
    text = site.read(name)
    mistakes = (
        text.replace("---\n", "---\nnot_a_key: 1\n", 1),
        text.replace("title:", "titel:", 1),
        f"{text}\n[un lien](nulle-part.md)\n",
        f"{text}\n![une image](/images/nulle-part.png)\n",
        f"{text}\n<div\n",
        "sans en-tête",
        text.replace("\n---", "\naliases: [/actualites/]\n---", 1),
    )
    site.write(name, chance.choice(mistakes))


def move_a_mistake(site, chance):
    """Make a mistake in a body, then move it by a line of the header."""
    name = pick(site, chance, TEXTS)
    site.write(name, f"{site.read(name)}\n<div\n")
    site.check_and_go_on()
    site.write(name, site.read(name).replace("---\n", "---\n# a comment\n", 1))


def make_a_mistake_in_settings(site, chance):
    mistakes = {
        "content/site.yml": ["nothing: 1\n", "address: nulle part\n", "names: [\n"],
        "content/themes.yml": ["- liste\n", "soins:\n"],
        "content/images/atelier.png": ["not a picture"],
    }
    name = chance.choice(list(mistakes))
    site.write(name, chance.choice(mistakes[name]))


def make_a_mistake_in_code(site, chance):
    name = chance.choice(["plugins/timeline.py", "engine/texts/links.py", "pelicanconf.py"])
    site.write(name, f"{site.read(name)}\nraise ValueError('a mistake')\n")


# By kind, each with its variants.
EDITS: dict[str, list[Edit]] = {
    "change": [
        change_body,
        change_middle_of_body,
        add_heading,
        add_link,
        add_image,
        add_elements,
        replace_by_same_size,
        replace_by_rename,
        touch,
        change_nothing,
        change_file_of_words,
        change_linked_file,
        change_image,
        replace_image_by_same_size,
    ],
    "header": [
        partial(change_header, kind, key)
        for kind, keys in header_schema.KINDS.items()
        for key in keys
    ],
    "add": [
        add_article,
        add_project,
        add_page,
        add_used_image,
        add_linked_file,
        add_unread_file,
        add_for_link,
    ],
    "delete": [
        delete_article,
        delete_text,
        delete_with_links,
        delete_file,
        delete_unread_file,
        delete_settings,
    ],
    "rename": [rename_file, rename_file_alone, rename_by_slug, rename_image, rename_project],
    "retag": [retag, retag_with_new_topic, rename_topic, introduce_topic],
    "retitle": [partial(retitle, kind) for kind in PATTERNS],
    "translate": [translate, delete_translation, delete_all_translations],
    "hide": [
        partial(hide, "draft"),
        partial(hide, "announced"),
        show_hidden,
        schedule,
    ],
    "reorder": [
        partial(reorder, "order", "project"),
        partial(reorder, "order", "page"),
        partial(reorder, "date", "article"),
        partial(reorder, "start", "project"),
    ],
    "settings": [partial(change_setting, name, key) for name, key in site_schema.KEYS.items()],
    "template": [
        change_template,
        change_other_template,
        use_variable_in_template,
        break_template,
        change_catalogue,
        break_catalogue,
    ],
    "style": [add_rule, change_rule, change_static_file],
    "code": [
        partial(change_number_of_code, _CODE),
        change_word_of_code,
        comment_code,
        change_lock,
        change_facts_of_accessibility,
        make_a_mistake_in_code,
    ],
    "clock": [pass_time, pass_midnight, change_environment],
    "damage": [
        damage_cache,
        delete_cache,
        mix_caches,
        make_cache_read_only,
        damage_output,
        edit_in_place,
        add_to_output,
        delete_output,
        build_twice_at_once,
        kill,
        save_during_a_build,
    ],
    "mistake": [make_a_mistake, move_a_mistake, make_a_mistake_in_settings],
}
