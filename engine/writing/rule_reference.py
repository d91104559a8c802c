"""Make the French reference page of the checks from their rules."""

from collections.abc import Mapping

from engine.checking.rules import BUILD_RULES, PAGE_RULES, TEXT_RULES, Rule
from engine.writing.header_reference import french

_SEVERITIES = {"fault": "faute", "warning": "avertissement", "advice": "conseil"}
_INTRODUCTION = """\
# Ce que vérifie `./inv check`

<!-- `./inv headers` writes this file from `engine/checking/rules.py` -->

`./inv check` dit en une fois tout ce qu'il trouve, fichier par fichier et ligne par ligne : ce \
qui ne va pas, quoi écrire, et entre crochets le nom de la règle. Une **faute** est à corriger : \
la commande échoue (code 1). Un **avertissement** est à regarder, un **conseil** peut attendre : \
ni l'un ni l'autre ne bloque rien.

Les textes passent d'abord, brouillons compris. S'ils n'ont pas de faute, le site est construit à \
part et chacune de ses pages est relue.

| commande | ce qu'elle fait |
| --- | --- |
| `./inv check` | vérifie tout |
| `./inv check --texts` | vérifie les textes seulement, sans construire le site |
| `./inv check --format json` | donne le résultat aux programmes |
| `./inv check --format github` | l'affiche à côté des lignes, dans l'intégration continue |

Une faute dans un brouillon n'est qu'un avertissement : elle ne bloquera qu'à la publication. Dans \
un texte qui attend son jour, elle arrête déjà la construction.

## Les mots du site

L'orthographe est vérifiée par les dictionnaires de hunspell, français et anglais, chaque passage \
dans sa langue. Les noms propres et les mots nouveaux vont dans `content/mots.txt` : un par ligne, \
`#` devant une remarque ; les majuscules ne comptent pas. Pour installer hunspell : `sudo apt \
install hunspell hunspell-fr hunspell-en-gb` sur Debian ou Ubuntu ; `brew install hunspell` sur \
macOS, avec les dictionnaires `fr_FR` et `en_GB` de LibreOffice (fichiers `.aff` et `.dic`) dans \
`~/Library/Spelling/`. Sans hunspell, une ligne dit que l'orthographe n'a pas été vérifiée.

## Faire taire une règle

Quand vous avez raison contre une règle, écrivez-le dans `content/silences.yml`, avec la raison :

```yaml
- rule: link-says-nothing
  file: articles/2026-05-un-jeu.md
  text: Ici
  reason: "Le poème s'appelle « Ici »."
```

`file` est le nom du texte à partir de `content/`, même pour une règle des pages ; pour une page \
sans texte, celui de la page, tel que `./inv check` l'affiche. `text` est facultatif : le silence \
ne vaut alors que pour les messages qui contiennent ces mots. Un silence sans raison ne vaut pas ; \
un silence qui ne fait plus rien taire est signalé. Ce qui arrête la construction ne peut pas être \
tu.
"""
_PARTS = (
    ("Ce qui est à améliorer dans les textes", TEXT_RULES),
    ("Ce qui arrête la construction", BUILD_RULES),
    ("Ce qui ne va pas dans les pages construites", PAGE_RULES),
)


def markdown() -> str:
    """Return the whole page: the use of the command, then every rule."""
    parts = [french(_INTRODUCTION)]
    for title, rules in _PARTS:
        parts.append(f"## {french(title)}\n\n{_table(rules)}\n")
    return "\n".join(parts)


def _table(rules: Mapping[str, Rule]) -> str:
    rows = ["| règle | gravité | ce qu’elle trouve |", "| --- | --- | --- |"]
    rows += [
        f"| `{name}` | {_SEVERITIES[rule.severity]} | {french(rule.meaning)} |"
        for name, rule in rules.items()
    ]
    return "\n".join(rows)
