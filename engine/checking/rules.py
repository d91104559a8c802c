"""The rules of `./inv check`: the name, the severity and the meaning of each, for the writer.

Meanings are in French, typed plainly, as in `engine.texts.header_schema`; `docs/verifications.md`
is made from them (`./inv headers`). A rule without a function of its own names faults that the
build or the check of the built site finds.
"""

from dataclasses import dataclass

from engine.checking.finding import Finding, Severity
from engine.faults import Message

FAULT, WARNING, ADVICE = Severity.FAULT, Severity.WARNING, Severity.ADVICE


@dataclass(frozen=True)
class Rule:
    """What a rule means to the writer, and how grave it is to break it."""

    meaning: str
    severity: Severity = FAULT
    # A fault that stops the build cannot be silenced.
    can_be_silenced: bool = False


def _looked_for(severity: Severity, meaning: str) -> Rule:
    return Rule(meaning, severity, can_be_silenced=True)


def _of_the_page(meaning: str) -> Rule:
    return Rule(meaning, can_be_silenced=True)


# What stops the build.
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
    "disk": Rule("Le site ne peut pas s'écrire : plus de place, ou pas le droit."),
}

# What this folder looks for in the texts, by rule: each has its function.
TEXT_RULES = {
    "summary-missing": _looked_for(
        WARNING, "Il n'y a pas de résumé pour les listes, les moteurs de recherche et les partages."
    ),
    "summary-long": _looked_for(
        WARNING, "Le résumé dépasse 160 signes : il serait coupé là où la page est partagée."
    ),
    "heading-skipped": _looked_for(
        FAULT,
        "Un niveau de titre est sauté, comme `####` juste après `##`. "
        "Dans la page construite, la même faute s'appelle `heading-level`.",
    ),
    "alt-says-nothing": _looked_for(
        WARNING,
        "Le texte de remplacement d'une image ne dit rien : « image », « photo », le nom du "
        "fichier.",
    ),
    "link-says-nothing": _looked_for(
        WARNING, "Les mots d'un lien ne disent pas où il mène : « ici », « lire la suite »."
    ),
    "bare-address": _looked_for(
        WARNING, "Une adresse est écrite telle quelle, au lieu de mots qui portent le lien."
    ),
    "other-syntax": _looked_for(
        WARNING,
        "Une façon d'écrire d'un autre logiciel paraîtrait telle quelle : liste de tâches, "
        "sommaire, code entre crochets ou accolades, puce `•`, titre `##` sans espace.",
    ),
    "english-unmarked": _looked_for(
        WARNING,
        "Un mot anglais d'un texte français n'est pas marqué : un lecteur d'écran le lirait à la "
        "française. On écrit `[workshop]{lang=en}`.",
    ),
    "spelling": _looked_for(
        WARNING,
        "Un mot n'est ni dans le dictionnaire de sa langue, ni dans `content/mots.txt`.",
    ),
    "conflict-copy": _looked_for(
        WARNING,
        "Un fichier est la copie qu'un logiciel de synchronisation fait en cas de conflit : "
        "il n'est jamais publié.",
    ),
    "file-unread": _looked_for(
        WARNING, "Un fichier est d'une sorte que rien ne lit ici : il n'est pas publié."
    ),
    "hidden-target": _looked_for(
        WARNING,
        "Un lien, ou la ligne `project`, mène à un texte caché : les mots restent, sans le lien.",
    ),
    "home-missing": _looked_for(WARNING, "Il n'y a pas de texte pour la page d'accueil."),
    "untranslated": _looked_for(
        WARNING, "Un texte anglais a encore les mots du texte français : il n'est pas traduit."
    ),
    "order-twice": _looked_for(WARNING, "Deux projets, ou deux pages d'un menu, ont le même rang."),
    "theme-alone": _looked_for(
        WARNING, "Un thème ressemble à un autre, et aucun autre texte ne le porte."
    ),
    "description-twice": _looked_for(
        FAULT,
        "Deux textes de la même langue ont le même résumé, ou le même début s'ils n'en ont pas.",
    ),
    "title-twice": _looked_for(
        WARNING, "Deux textes de la même langue ont le même titre : on ne les distingue pas."
    ),
    "date-ahead": _looked_for(
        ADVICE, "La date est à venir : le texte paraîtra ce jour-là, pas avant."
    ),
    "modified-ahead": _looked_for(WARNING, "La date du dernier changement est à venir."),
    "image-heavy": _looked_for(
        WARNING, "Le fichier d'une image dépasse 8 Mo : il alourdit chaque copie du projet."
    ),
    "image-unused": _looked_for(
        WARNING, "Aucun texte ne montre cette image de `content/images/`, et aucun n'y mène."
    ),
    "link-without-address": _looked_for(
        ADVICE, "Une adresse manque encore sous `links` : les mots restent sans lien."
    ),
    "contact-unreachable": _looked_for(
        WARNING,
        "Aucune adresse ni aucun numéro n'est rempli dans `content/site.yml` : le texte de la page "
        "de contact n'est pas montré.",
    ),
    "owner": _looked_for(ADVICE, "Un renseignement que vous seul pouvez donner manque encore."),
    "silence": Rule("`content/silences.yml` ne peut pas se lire."),
    "silence-without-reason": Rule("Un silence ne dit pas sa raison : il ne vaut pas.", WARNING),
    "silence-unused": Rule("Un silence ne fait plus rien taire : il est à retirer.", WARNING),
}

# What the check of the built site looks for in its pages.
PAGE_RULES = {
    "language": _of_the_page("La langue de la page n'est pas celle de son dossier."),
    "one-h1": _of_the_page("La page n'a pas un seul titre de niveau 1."),
    "heading-level": _of_the_page("Un niveau de titre est sauté dans la page."),
    "duplicate-id": _of_the_page("Deux éléments de la page ont le même identifiant."),
    "img-alt": _of_the_page("Une image de la page n'a pas d'attribut `alt`."),
    "img-size": _of_the_page("Une image de la page ne dit pas sa taille."),
    "script": _of_the_page("La page contient un programme."),
    "style-attribute": _of_the_page("Un élément de la page porte un style."),
    "event-handler": _of_the_page("Un élément de la page porte un programme."),
    "policy": _of_the_page(
        "La page ne porte pas sa politique de sécurité, ou celle-ci refuse une feuille de style."
    ),
    "share-picture": _of_the_page("L'image de partage n'est pas nommée par son adresse entière."),
    "empty-address": _of_the_page("Une adresse de la page est vide."),
    "third-party": _of_the_page("La page charge un fichier d'un autre site."),
    "missing-slash": _of_the_page("L'adresse d'un dossier ne finit pas par une barre oblique."),
    "broken-link": _of_the_page("Un lien de la page ne mène à aucun fichier du site."),
    "missing-file": _of_the_page("Un fichier dont la page a besoin manque."),
    "missing-fragment": _of_the_page("Un lien vise un élément qui n'existe pas dans sa page."),
    "orphan": _of_the_page("Aucune page ne mène à ce fichier."),
    "canonical": _of_the_page("La page ne dit pas sa propre adresse, ou la dit mal."),
    "hreflang": _of_the_page("Une page et sa traduction ne se nomment pas l'une l'autre."),
    "title": _of_the_page("La page n'a pas un seul titre."),
    "description": _of_the_page("La page n'a pas une seule description."),
    "same-title": _of_the_page("Deux pages ont le même titre."),
    "same-description": _of_the_page("Deux pages ont la même description."),
    "home": _of_the_page("Il n'y a pas de page d'accueil."),
    "robots": _of_the_page("`robots.txt` ne nomme pas le plan du site."),
    "sitemap": _of_the_page("Le plan du site manque, ou ne dit pas toutes les pages."),
    "feed": _of_the_page("Un flux d'actualités manque, ou ne peut pas se lire."),
    "xml": _of_the_page("Un fichier XML du site est mal formé."),
    "weight": _of_the_page("La page, sans son texte, pèse plus que sa limite."),
    "requests": _of_the_page("La page, sans son texte, demande plus de fichiers que sa limite."),
    "ecoindex": _of_the_page("La page, sans son texte, a un EcoIndex sous la classe A."),
    "long-text": _looked_for(
        ADVICE,
        "Un texte, ses photos ou une liste portent la page au-dessus des limites de poids du "
        "site : elle est publiée telle quelle.",
    ),
    "w3c-error": _of_the_page("Le vérificateur du W3C refuse la page, un dessin ou un style."),
    "w3c-warning": _of_the_page("Le vérificateur du W3C met en garde contre ce que dit la page."),
}

RULES: dict[str, Rule] = BUILD_RULES | TEXT_RULES | PAGE_RULES


def found(rule: str, path: str, line: int, problem: Message, remedy: Message) -> Finding:
    """A finding of a rule of this table."""
    return Finding(path, line, rule, RULES[rule].severity, problem, remedy)
