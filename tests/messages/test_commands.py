"""Each kind of command, as the owner calls it, in the language that the site gives."""

import pytest

from tests import sites

pytestmark = pytest.mark.slow

NO_BREAK, NARROW = "\u00a0", "\u202f"
TEXT = r"---\ntitle: Un texte ancien\ndate: %s\n---\nA.\n"
# In their order: the commands, their exit code, and what they say in French and in English. In the
# French words “~” stands for a no-break space, “^” for a narrow one.
CALLS = [
    (
        "./inv --list",
        0,
        "Montre le site pendant que vous écrivez.",
        "Show the site while you write.",
    ),
    ("./inv --help save", 0, "Emploi~: ./inv save [options]", "Usage: ./inv save [options]"),
    (
        "./inv biuld",
        1,
        "«~biuld~» n’est ni une commande ni une option^; `./inv --list` montre les commandes",
        "“biuld” is no command and no option; `./inv --list` shows the commands",
    ),
    (
        f'printf -- "{TEXT}" demain >content/articles/a.md; ./inv build',
        1,
        "content/articles/a.md:3: date: «~demain~» n’est pas une date qui se lise avec certitude^; "
        "écrivez année-mois-jour, comme date: 2012-03-24,",
        "content/articles/a.md:3: date: “demain” is not a date that can be read for certain; "
        "write year-month-day, as in date: 2012-03-24,",
    ),
    (
        "./inv check --texts",
        1,
        "content/articles/a.md:3: date: «~demain~» n’est pas une date",
        "content/articles/a.md:3: date: “demain” is not a date",
    ),
    ("./inv check --texts --format json", 1, '"rule": "header-value"', '"rule": "header-value"'),
    (
        "./inv delete content/articles/a.md --to=",
        0,
        "content/articles/a.md est supprimé\nQuand vous publiez~:\n./inv publish --gone=/",
        "content/articles/a.md is deleted\nWhen you publish:\n./inv publish --gone=/",
    ),
    ("./inv build", 0, " pages dans output\n", " pages in output\n"),
    (
        "./inv publish --yes",
        1,
        "publication.host: rien n’est donné^; écrivez le nom du serveur seul",
        "publication.host: it is not given; write the name of the server alone",
    ),
    ("./inv doctor", 1, "FAUTE  réglages, à corriger d’abord~:", "BAD   settings, to fix first:"),
    (
        './inv article "Un essai"',
        0,
        "adresse~: /actualites/un-essai/\nbrouillon~: écrivez le texte, puis retirez la ligne "
        "«~status: draft~»",
        "address: /actualites/un-essai/\ndraft: write the text, then remove the line "
        "“status: draft”",
    ),
    ("./inv translations", 0, "\nmanque     content/", "\nmissing  content/"),
    (
        f'mkdir blog; printf -- "{TEXT}" 2012-03-01 >blog/a.md; ./inv import blog',
        0,
        "textes importés~: 1, dont brouillons~: 0^;",
        "1 texts imported, 0 of them as drafts;",
    ),
    (
        "git config user.name A; git config user.email a@example.org; ./inv save",
        0,
        "enregistré sur cet ordinateur seulement~: git ne connaît pas de dépôt distant.",
        "saved on this computer only: git knows no remote.",
    ),
    (
        "./inv update",
        1,
        "rien ne dit où sont les nouvelles versions du logiciel^; écrivez sous software: address:",
        "nothing says where newer versions of the software are; write below software: address:",
    ),
    (
        "./inv hide content/articles/*-un-essai.md",
        0,
        " est déjà un brouillon\n",
        " is a draft already\n",
    ),
    (
        "./inv new-site --name=A --languages=de --yes",
        1,
        "«~de~» n’est pas une langue de ce logiciel^; écrivez --languages=fr",
        "“de” is no language of this software; write --languages=fr",
    ),
]


@pytest.mark.needs("git")
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_command_speaks_the_language_of_the_site(copy, lang):
    copy.messages = ""
    settings = copy.folder / "content/site.yml"
    if lang == "en":
        settings.write_text(f"{settings.read_text('utf-8')}\nmessages: en\n", "utf-8")
    for commands, code, french, english in CALLS:
        words = french.replace("~", NO_BREAK).replace("^", NARROW) if lang == "fr" else english
        said = copy.fails(commands) if code else copy.runs(commands)
        assert words in said, commands


@pytest.mark.needs("git")
def test_the_preview_speaks_the_language_of_the_site(copy):
    copy.messages = ""
    sites.write(copy.folder, {"content/articles/a.md": sites.article("Essai", status="draft")})
    copy.shows("/actualites/essai/", f"Les visiteurs ne voient pas ce texte{NO_BREAK}: brouillon")
