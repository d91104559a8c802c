"""Write the files made from the schemas of headers and settings and the rules of the checks."""

from engine.languages import LANGUAGES
from engine.messages import extraction
from engine.paths import ROOT
from engine.texts.header_schema import KINDS
from engine.writing import header_reference, rule_reference, site_reference
from engine.writing.editor_help import as_json, json_schema, site_json_schema, snippets


def files() -> dict[str, str]:
    """Return each file's text by its path below the project's folder."""
    schemas = {
        f".vscode/headers/{kind}{language.suffix}.schema.json": as_json(json_schema(kind, lang))
        for kind in KINDS
        for lang, language in LANGUAGES.items()
    }
    return {
        "docs/en-tetes.md": header_reference.markdown(),
        "docs/reglages.md": site_reference.markdown(),
        "docs/verifications.md": rule_reference.markdown(),
        ".vscode/headers.code-snippets": as_json(snippets()),
        ".vscode/site.schema.json": as_json(site_json_schema()),
        **schemas,
        **extraction.files(),
    }


def main() -> None:
    """Write all files and print their paths."""
    for name, text in files().items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(name)
