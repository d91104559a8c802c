"""What the preview adds to a page that it sends: the script that follows each save, and a panel.

It is put into the HTML on its way to the browser and is in no file, so that none can be published.
"""

import html
import json

# Below them the server answers the script.
EVENTS = "/__preview"
FINDINGS = "/__preview/findings"
_WORDS = {
    "fr": {
        "label": "Aperçu de ce texte",
        "shown": "Texte visible",
        "hidden": "Les visiteurs ne voient pas ce texte\u00a0: {}",
        "nothing": "rien à signaler",
        "one": "1 remarque",
        "many": "{} remarques",
    },
    "en": {
        "label": "Preview of this text",
        "shown": "Visible text",
        "hidden": "Visitors do not see this text: {}",
        "nothing": "nothing found",
        "one": "1 finding",
        "many": "{} findings",
    },
}
_STYLE = (
    "position:fixed;inset:auto 0 0 auto;z-index:8;max-width:min(44rem,100vw);max-height:50vh;"
    "box-sizing:border-box;overflow:auto;padding:.6rem 1rem;font:1rem/1.5 system-ui,sans-serif;"
    "background:#fff6d6;color:#1f1a00;border:2px solid #1f1a00"
)
_SCRIPT = """<script>
{
  const shown = %(build)d, panel = document.createElement("pre");
  panel.id = "preview-fault";
  panel.setAttribute("role", "alert");
  panel.style.cssText = "position:fixed;inset:auto 0 0;z-index:9;margin:0;padding:1rem 1.5rem;" +
    "max-height:60vh;overflow:auto;white-space:pre-wrap;font:1rem/1.5 monospace;" +
    "background:#5c0011;color:#fff;border-top:4px solid #fff";
  new EventSource("%(events)s").onmessage = event => {
    const state = JSON.parse(event.data);
    if (state.build !== shown) location.reload();
    panel.textContent = state.fault;
    state.fault ? document.body.append(panel) : panel.remove();
  };
  const source = %(source)s;
  if (source) fetch("%(findings)s?" + new URLSearchParams({source}))
    .then(answer => answer.text()).then(found => {
      document.getElementById("preview-text")?.remove();
      document.body.insertAdjacentHTML("beforeend", found);
      // The foot of the page can be scrolled free of the panel.
      if (found) document.body.style.paddingBlockEnd = "5rem";
    });
}
</script>"""


def additions(build: int, text: dict[str, str] | None) -> str:
    """The HTML that ends a page of build number `build`.

    `text` tells what the page shows, as `building.warm` does; a mark is there at once, and the
    script asks for what the checks find, which takes longer.
    """
    source = json.dumps(text["source"] if text else "").replace("<", "\\u003c")
    script = _SCRIPT % {"build": build, "events": EVENTS, "findings": FINDINGS, "source": source}
    return (panel(text, None) if text else "") + script


def panel(text: dict[str, str], findings: list[str] | None) -> str:
    """A labelled region with a text's mark and findings, "" where it has neither.

    `findings` are None as long as they are not known.
    """
    if not text["mark"] and not findings:
        return ""
    words = _WORDS[text["lang"]]
    summary = words["hidden"].format(text["mark"]) if text["mark"] else words["shown"]
    if findings is not None:
        count = len(findings)
        number = words["nothing" if not count else "one" if count == 1 else "many"].format(count)
        summary += f" · {number}"
    summary = html.escape(summary)
    if findings:
        items = "".join(f"<li>{html.escape(finding)}</li>" for finding in findings)
        content = (
            f'<details><summary style="cursor:pointer">{summary}</summary>'
            f'<ul lang="en" style="margin:.5rem 0 0;padding-left:1.2rem">{items}</ul></details>'
        )
    else:
        content = f'<p style="margin:0">{summary}</p>'
    return (
        f'<section id="preview-text" aria-label="{words["label"]}" lang="{text["lang"]}" '
        f'style="{_STYLE}">{content}</section>'
    )
