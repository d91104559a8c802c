"""The rules of `./inv check`: name, severity and meaning of each.

Meanings are in French without special typography, as in `engine.texts.header_schema`.
`./inv headers` makes `docs/verifications.md` from them. A rule without a function of its own names
faults that the build or the check of the built site finds.
"""

from dataclasses import dataclass

from engine.checking.finding import Finding, Severity
from engine.faults import Message

FAULT, WARNING, ADVICE = Severity.FAULT, Severity.WARNING, Severity.ADVICE


@dataclass(frozen=True)
class Rule:
    """The meaning of a rule for the writer, and its severity."""

    meaning: str
    severity: Severity = FAULT
    # A fault that stops the build cannot be silenced.
    can_be_silenced: bool = False


def _text_rule(severity: Severity, meaning: str) -> Rule:
    return Rule(meaning, severity, can_be_silenced=True)


def _page_rule(meaning: str) -> Rule:
    return Rule(meaning, can_be_silenced=True)


# Faults that stop the build.
BUILD_RULES = {
    "header": Rule("L'en-tête manque, ne finit pas, ou ne peut pas se lire."),
    "header-key": Rule(
        "Une clé de l'en-tête est inconnue, écrite deux fois, ou réservée au texte original."
    ),
    "header-missing": Rule("Une clé obligatoire manque dans l'en-tête."),
    "header-quotes": Rule("Une valeur de l'en-tête contient un signe qui demande des guillemets."),
    "header-value": Rule("Une clé de l'en-tête a une valeur qui ne convient pas."),
    "address-taken": Rule("Deux textes auraient la même adresse, ou un titre n'en donne aucune."),
    "file": Rule("Un fichier n'est pas à sa place, ou ne peut pas se lire."),
    "character": Rule("Un caractère invisible ne peut être ni dans une page ni dans un flux."),
    "conflict-mark": Rule(
        "Un texte contient les marques de deux versions que git n'a pas su réunir : `<<<<<<<`, "
        "`=======`, `>>>>>>>`."
    ),
    "content": Rule("Le dossier des textes n'existe pas."),
    "text": Rule("Il n'y a pas de texte sous l'en-tête, ou il y en a un de trop."),
    "link": Rule("Un lien ne mène nulle part."),
    "fragment": Rule("Un lien vise un titre qui n'existe pas dans la page où il mène."),
    "image": Rule("Une image manque, est abîmée, ou n'a pas de texte de remplacement."),
    "video": Rule("Une vidéo n'a pas d'affiche, de titre ou de durée."),
    "heading": Rule("Un titre est de niveau 1, ou son identifiant ne convient pas."),
    "html": Rule(
        "Du HTML ne finit pas, n'est pas du HTML, ou contient ce qu'une page de ce site n'a pas : "
        "un programme, un cadre, un style, un formulaire."
    ),
    "table": Rule(
        "Une ligne d'un tableau a plus de cases que d'en-têtes : la dernière se perdrait."
    ),
    "mark": Rule("Ce qui est écrit entre accolades ne peut pas se lire."),
    "lang": Rule("Une langue indiquée entre accolades n'en est pas une."),
    "footnote": Rule("Une note n'est appelée nulle part : elle ne paraîtrait pas."),
    "theme": Rule("Un thème n'a pas de nom anglais, ou n'a pas d'adresse à lui."),
    "themes": Rule("`content/themes.yml` ne peut pas se lire."),
    "settings": Rule("Un réglage du site ne convient pas."),
    "template": Rule("Un modèle de page ne peut pas se lire."),
    "catalogue": Rule("Un mot du thème n'a pas de traduction."),
    "build": Rule("Une page n'a pas été écrite : c'est une faute du site, non d'un texte."),
    "portfolio": Rule("Le portfolio en PDF ne peut pas être fait."),
    "disk": Rule("Le site ne peut pas s'écrire : plus de place, ou pas le droit."),
}

# Findings in the texts: each rule has a function in this folder.
TEXT_RULES = {
    "summary-missing": _text_rule(
        WARNING, "Il n'y a pas de résumé pour les listes, les moteurs de recherche et les partages."
    ),
    "summary-long": _text_rule(
        WARNING, "Le résumé dépasse 160 signes : il serait coupé là où la page est partagée."
    ),
    "heading-skipped": _text_rule(
        FAULT,
        "Un niveau de titre est sauté, comme `####` juste après `##`. "
        "Dans la page construite, la même faute s'appelle `heading-level`.",
    ),
    "alt-says-nothing": _text_rule(
        WARNING,
        "Le texte de remplacement d'une image ne dit rien : « image », « photo », le nom du "
        "fichier.",
    ),
    "link-says-nothing": _text_rule(
        WARNING, "Les mots d'un lien ne disent pas où il mène : « ici », « lire la suite »."
    ),
    "bare-address": _text_rule(
        WARNING, "Une adresse est écrite telle quelle, au lieu de mots qui portent le lien."
    ),
    "other-syntax": _text_rule(
        WARNING,
        "Une façon d'écrire d'un autre logiciel paraîtrait telle quelle : liste de tâches, "
        "sommaire, code entre crochets ou accolades, puce `•`, titre `##` sans espace.",
    ),
    "english-unmarked": _text_rule(
        WARNING,
        "Un mot anglais d'un texte français n'est pas marqué : un lecteur d'écran le lirait à la "
        "française. On écrit `[workshop]{lang=en}`.",
    ),
    "spelling": _text_rule(
        WARNING,
        "Un mot n'est ni dans le dictionnaire de sa langue, ni dans `content/mots.txt`.",
    ),
    "conflict-copy": _text_rule(
        WARNING,
        "Un fichier est la copie qu'un logiciel de synchronisation fait en cas de conflit : "
        "il n'est jamais publié.",
    ),
    "file-unread": _text_rule(
        WARNING, "Un fichier est d'une sorte que rien ne lit ici : il n'est pas publié."
    ),
    "hidden-target": _text_rule(
        WARNING,
        "Un lien, ou la ligne `project`, mène à un texte caché : les mots restent, sans le lien.",
    ),
    "home-missing": _text_rule(WARNING, "Il n'y a pas de texte pour la page d'accueil."),
    "untranslated": _text_rule(
        WARNING, "Un texte anglais a encore les mots du texte français : il n'est pas traduit."
    ),
    "order-twice": _text_rule(WARNING, "Deux projets, ou deux pages d'un menu, ont le même rang."),
    "theme-alone": _text_rule(
        WARNING, "Un thème ressemble à un autre, et aucun autre texte ne le porte."
    ),
    "description-twice": _text_rule(
        FAULT,
        "Deux textes de la même langue ont le même résumé, ou le même début s'ils n'en ont pas.",
    ),
    "title-twice": _text_rule(
        WARNING, "Deux textes de la même langue ont le même titre : on ne les distingue pas."
    ),
    "date-ahead": _text_rule(
        ADVICE, "La date est à venir : le texte paraîtra ce jour-là, pas avant."
    ),
    "modified-ahead": _text_rule(WARNING, "La date du dernier changement est à venir."),
    "image-heavy": _text_rule(
        WARNING, "Le fichier d'une image dépasse 8 Mo : il alourdit chaque copie du projet."
    ),
    "image-unused": _text_rule(
        WARNING, "Aucun texte ne montre cette image de `content/images/`, et aucun n'y mène."
    ),
    "link-without-address": _text_rule(
        ADVICE, "Une adresse manque encore sous `links` : les mots restent sans lien."
    ),
    "contact-unreachable": _text_rule(
        WARNING,
        "Aucune adresse ni aucun numéro n'est rempli dans `content/site.yml` : le texte de la page "
        "de contact n'est pas montré.",
    ),
    "owner": _text_rule(ADVICE, "Un renseignement que vous seul pouvez donner manque encore."),
    "silence": Rule("`content/silences.yml` ne peut pas se lire."),
    "silence-without-reason": Rule("Un silence ne dit pas sa raison : il ne vaut pas.", WARNING),
    "silence-unused": Rule("Un silence ne fait plus rien taire : il est à retirer.", WARNING),
}

# Faults of the built pages.
PAGE_RULES = {
    "language": _page_rule("La langue de la page n'est pas celle de son dossier."),
    "one-h1": _page_rule("La page n'a pas un seul titre de niveau 1."),
    "heading-level": _page_rule("Un niveau de titre est sauté dans la page."),
    "duplicate-id": _page_rule("Deux éléments de la page ont le même identifiant."),
    "img-alt": _page_rule("Une image de la page n'a pas d'attribut `alt`."),
    "img-size": _page_rule("Une image de la page ne dit pas sa taille."),
    "script": _page_rule("La page contient un programme."),
    "style-attribute": _page_rule("Un élément de la page porte un style."),
    "event-handler": _page_rule("Un élément de la page porte un programme."),
    "policy": _page_rule(
        "La page ne porte pas sa politique de sécurité, ou celle-ci refuse une feuille de style."
    ),
    "share-picture": _page_rule("L'image de partage n'est pas nommée par son adresse entière."),
    "empty-address": _page_rule("Une adresse de la page est vide."),
    "third-party": _page_rule("La page charge un fichier d'un autre site."),
    "missing-slash": _page_rule("L'adresse d'un dossier ne finit pas par une barre oblique."),
    "broken-link": _page_rule("Un lien de la page ne mène à aucun fichier du site."),
    "missing-file": _page_rule("Un fichier dont la page a besoin manque."),
    "missing-fragment": _page_rule("Un lien vise un élément qui n'existe pas dans sa page."),
    "orphan": _page_rule("Aucune page ne mène à ce fichier."),
    "canonical": _page_rule("La page ne dit pas sa propre adresse, ou la dit mal."),
    "hreflang": _page_rule("Une page et sa traduction ne se nomment pas l'une l'autre."),
    "title": _page_rule("La page n'a pas un seul titre."),
    "description": _page_rule("La page n'a pas une seule description."),
    "same-title": _page_rule("Deux pages ont le même titre."),
    "same-description": _page_rule("Deux pages ont la même description."),
    "home": _page_rule("Il n'y a pas de page d'accueil."),
    "robots": _page_rule("`robots.txt` ne nomme pas le plan du site."),
    "sitemap": _page_rule("Le plan du site manque, ou ne dit pas toutes les pages."),
    "feed": _page_rule("Un flux d'actualités manque, ou ne peut pas se lire."),
    "xml": _page_rule("Un fichier XML du site est mal formé."),
    "weight": _page_rule("La page, sans son texte, pèse plus que sa limite."),
    "requests": _page_rule("La page, sans son texte, demande plus de fichiers que sa limite."),
    "ecoindex": _page_rule("La page, sans son texte, a un EcoIndex sous la classe A."),
    "long-text": _text_rule(
        ADVICE,
        "Un texte, ses photos ou une liste portent la page au-dessus des limites de poids du "
        "site : elle est publiée telle quelle.",
    ),
    "w3c-error": _page_rule("Le vérificateur du W3C refuse la page, un dessin ou un style."),
    "w3c-warning": _page_rule("Le vérificateur du W3C met en garde contre ce que dit la page."),
}

RULES: dict[str, Rule] = BUILD_RULES | TEXT_RULES | PAGE_RULES


def new_finding(rule: str, path: str, line: int, problem: Message, remedy: Message) -> Finding:
    """Make a finding with the severity of its rule."""
    return Finding(path, line, rule, RULES[rule].severity, problem, remedy)
