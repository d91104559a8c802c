"""Define the schema of `content/site.yml`: every key with its type and its meaning.

The checks (`site_file.py`, `site_values.py`) use it. `engine/writing/` makes the file of a new
site, the reference and the editor help from it. Meanings and examples are in French, for the owner,
without typographic spaces, as in `engine/texts/header_schema.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.languages import ENGLISH, FRENCH

# The form of a value, by the type of its key.
TYPES = {
    "text": "un texte, sur une ligne",
    "site address": "une adresse entière, qui commence par `https://`",
    "identifier": "un identifiant (UUID)",
    "time zone": "le nom d'un fuseau horaire",
    "e-mail": "une adresse électronique",
    "telephone": "un numéro français de dix chiffres, ou `+` et l'indicatif du pays",
    "siret": "quatorze chiffres",
    "vat number": "`FR`, deux caractères, puis les neuf chiffres du SIREN",
    "picture": "le nom d'un fichier de `content/images/`",
    "links": "un nom et une adresse `https://` par ligne, deux espaces plus à droite",
    "server value": "un mot, sans espace",
    "choice": "un mot parmi ceux-ci",
    "sign": "un à trois signes, entre guillemets droits",
    "menu": "une entrée par ligne, après un tiret, quatre espaces plus à droite",
    "colours": "une à quatre couleurs de CSS, chacune sur sa ligne, après un tiret",
    "small number": "un nombre, de 1 à 99",
}
# The types whose values are not YAML scalars.
EMPTY = {"links": {}, "menu": (), "colours": ()}


@dataclass(frozen=True)
class Key:
    """A key of the file: its name, its type, its meaning."""

    name: str
    # One of TYPES.
    type: str
    # "" for the key of a language, which has the meaning of its block.
    meaning: str
    # As typed after the colon; each further line begins with the indent of the block.
    example: str
    # The value in the file of a new site.
    preset: str = ""
    # Whether `./inv check` accepts its absence.
    is_optional: bool = False
    # Each value of a choice, with its meaning.
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Block:
    """A group of keys, indented by two spaces below the name of the group."""

    name: str
    meaning: str
    keys: tuple[Key, ...]


# In the order of the file and of the reference.
SCHEMA: tuple[Key | Block, ...] = (
    Block(
        "names",
        "Le nom du site, dans chaque langue.",
        (
            Key(FRENCH, "text", "", "Le Lavoir, café & ateliers"),
            Key(ENGLISH, "text", "", "The Wash House"),
        ),
    ),
    Block(
        "taglines",
        "Ce que le site propose, en quelques mots : après son nom dans le titre de la page "
        "d'accueil, et sous son nom dans le flux.",
        (
            Key(FRENCH, "text", "", "Un lieu à tenir ensemble", is_optional=True),
            Key(ENGLISH, "text", "", "A place to keep together", is_optional=True),
        ),
    ),
    Key(
        "sign",
        "sign",
        "Le signe devant le nom du site, en haut de chaque page ; sans lui, « & ».",
        '"&"',
        preset='"&"',
    ),
    Block(
        "menu",
        "Le menu en haut de chaque page, dans l'ordre : home, projects, news, timeline, topics, "
        "plan ou search, ou le nom d'un fichier de content/pages/ sans .md ; puis, si vous en "
        "voulez d'autres, deux points et les mots. Sans lui, les quatre premiers, puis les pages "
        "que leur en-tête y met. Sans menu anglais, celui-ci vaut pour les deux langues.",
        (
            Key(
                FRENCH,
                "menu",
                "",
                "\n    - projects: Réalisations\n    - news\n    - timeline",
                is_optional=True,
            ),
            Key(
                ENGLISH,
                "menu",
                "",
                "\n    - projects: Works\n    - news\n    - timeline",
                is_optional=True,
            ),
        ),
    ),
    Key(
        "colours",
        "colours",
        "Les couleurs des rubans, dans l'ordre des projets, à la place de celles du thème : "
        "chacune doit se voir sur le papier, et celle du mode sombre s'en déduit.",
        "\n  - '#b5302a'\n  - darkcyan",
    ),
    Key(
        "news_on_home",
        "small number",
        "Combien d'actualités montre la page d'accueil ; 5 si rien n'est écrit.",
        "5",
        preset="5",
    ),
    Key(
        "portfolio",
        "choice",
        "« yes » met sur le site tous les projets en un PDF, que la page des projets propose. Ce "
        "qui le fait pèse 80 Mo, installés une fois.",
        "yes",
        preset="no",
        is_optional=True,
        choices={"no": "aucun PDF", "yes": "un PDF dans chaque langue"},
    ),
    Key(
        "address",
        "site address",
        "L'adresse à laquelle le site est publié, entière : https://example.org",
        "https://example.org",
    ),
    Key(
        "id",
        "identifier",
        "Les lecteurs de flux reconnaissent vos actualités à cet identifiant : "
        "ne le changez jamais.",
        "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    ),
    Key(
        "time_zone",
        "time zone",
        "Le fuseau horaire qui dit quel jour on est, et donc quand paraît un texte daté d'un jour "
        "à venir.",
        "Europe/Paris",
        preset="Europe/Paris",
    ),
    Key(
        "messages",
        "choice",
        "La langue dans laquelle les commandes vous parlent, français si rien n'est écrit. La "
        "variable d'environnement SITE_MESSAGES l'emporte.",
        FRENCH,
        is_optional=True,
        choices={FRENCH: "le français", ENGLISH: "l'anglais"},
    ),
    Key(
        "hsts_preload",
        "choice",
        "« yes » engage tous les sous-domaines du site à répondre en HTTPS, messagerie et outils "
        "compris, pour des années. docs/hosting.md dit quand.",
        "no",
        preset="no",
        choices={"no": "le site seul", "yes": "le domaine entier"},
    ),
    Block(
        "owner",
        "Qui parle ici, ce que la loi demande à tout site professionnel, et ce par quoi on vous "
        "répond.",
        (
            Key("name", "text", "Vos prénom et nom.", "Camille Martin"),
            Key(
                "trading_form",
                "text",
                "La forme de votre entreprise, par exemple EI (entrepreneur individuel).",
                "EI",
            ),
            Key(
                "address",
                "text",
                "Votre adresse postale, sur une ligne.",
                "3 rue du Bief, 42000 Saint-Étienne",
            ),
            Key("email", "e-mail", "Votre adresse électronique.", "camille@example.org"),
            Key("phone", "telephone", "Votre numéro de téléphone.", "01 99 00 12 34"),
            Key("siret", "siret", "Votre numéro SIRET, de quatorze chiffres.", "732 829 320 00074"),
            Key(
                "vat_number",
                "vat number",
                "Votre numéro de TVA intracommunautaire, si vous en avez un.",
                "FR 44 732 829 320",
                is_optional=True,
            ),
            Key(
                "director",
                "text",
                "Qui dirige la publication, seulement si ce n'est pas vous.",
                "Dominique Petit",
                is_optional=True,
            ),
            Key(
                "portrait",
                "picture",
                "Votre photo, que montre la page dont le modèle est « about ».",
                "images/portrait.jpg",
                is_optional=True,
            ),
            Key(
                "links",
                "links",
                "Vos pages ailleurs, réseaux sociaux par exemple : un nom et une adresse par "
                "ligne, deux espaces plus à droite.",
                "\n    Mastodon: https://mastodon.example/@camille",
                is_optional=True,
            ),
            Key("host_name", "text", "Le nom de votre hébergeur.", "Hébergement du Bief"),
            Key(
                "host_address",
                "text",
                "Son adresse postale.",
                "5 quai des Rubans, 42000 Saint-Étienne",
            ),
            Key("host_phone", "telephone", "Son numéro de téléphone.", "01 99 00 56 78"),
        ),
    ),
    Block(
        "publication",
        "Où « ./inv publish » met le site. docs/hosting.md explique chaque valeur.",
        (
            Key("host", "server value", "Le nom du serveur, pour ssh.", "ssh.example.org"),
            Key("user", "server value", "Votre nom d'utilisateur sur le serveur.", "camille"),
            Key(
                "folder",
                "server value",
                "Le dossier sur le serveur ; sans barre au début, il part de votre dossier "
                "personnel.",
                "/srv/site",
            ),
            Key(
                "mode",
                "server value",
                "symlink, ou htaccess pour un hébergement mutualisé, ou inplace en dernier "
                "recours.",
                "symlink",
                preset="symlink",
                choices={
                    "symlink": "un serveur à vous",
                    "htaccess": "un hébergement mutualisé avec Apache",
                    "inplace": "tout autre hébergement",
                },
            ),
            Key("port", "server value", "Le port de ssh, 22 si rien n'est écrit.", "22"),
            Key(
                "keep",
                "server value",
                "Combien de versions publiées le serveur garde, 5 si rien n'est écrit.",
                "5",
            ),
            Key(
                "patience",
                "server value",
                "Pendant combien de secondes le site en ligne peut encore montrer l'ancienne "
                "version, 10 si rien n'est écrit.",
                "10",
            ),
            Key(
                "key",
                "server value",
                "Le fichier de votre clé privée ; si rien n'est écrit, ssh la trouve.",
                "~/.ssh/id_ed25519",
            ),
            Key(
                "known_hosts",
                "server value",
                "Le fichier des clés publiques du serveur ; content/known_hosts si rien n'est "
                "écrit.",
                "content/known_hosts",
            ),
        ),
    ),
    Block(
        "software",
        "D'où vient le logiciel, pour « ./inv update ».",
        (
            Key(
                "address",
                "server value",
                "L'adresse de son dépôt git.",
                "https://example.org/site.git",
                is_optional=True,
            ),
            Key(
                "key",
                "text",
                "La clé publique de qui le publie (ssh, ou l'empreinte de gpg) ; sans elle, aucune "
                "signature n'est demandée.",
                "0123456789ABCDEF0123456789ABCDEF01234567",
                is_optional=True,
            ),
        ),
    ),
)
BLOCKS: dict[str, Block] = {each.name: each for each in SCHEMA if isinstance(each, Block)}
# By the full name, such as "address" or "owner.phone", in the order of the file.
KEYS: dict[str, Key] = {
    key.name if block is key else f"{block.name}.{key.name}": key
    for block in SCHEMA
    for key in (block.keys if isinstance(block, Block) else (block,))
}
