"""Add to a page of the preview the script that reloads it after each save, and a panel.

They are added to the response and not to a file, so that they cannot be published. A nonce in the
page's policy allows them; scripts and styles in texts stay refused, as on the published page.
"""

import hashlib
import html
import json

from engine.faults import Message
from engine.messages.catalogue import message_language
from engine.pages import page_policy

# Addresses for the requests of the script.
EVENTS = "/__preview"
FINDINGS = "/__preview/findings"
_STYLE = """<style nonce="%(nonce)s">
#preview-text, #preview-fault { position: fixed; z-index: 8; overflow: auto;
  box-sizing: border-box; }
#preview-text { inset: auto 0 0 auto; max-width: min(44rem, 100vw); max-height: 50vh;
  padding: .6rem 1rem; font: 1rem/1.5 system-ui, sans-serif; background: #fff6d6; color: #1f1a00;
  border: 2px solid #1f1a00; }
#preview-text p { margin: 0; }
#preview-text summary { cursor: pointer; }
#preview-text ul { margin: .5rem 0 0; padding-left: 1.2rem; }
#preview-fault { inset: auto 0 0; z-index: 9; margin: 0; padding: 1rem 1.5rem; max-height: 60vh;
  white-space: pre-wrap; font: 1rem/1.5 monospace; background: #5c0011; color: #fff;
  border-top: 4px solid #fff; }
</style>"""
_SCRIPT = """<script nonce="%(nonce)s">
{
  const panel = document.createElement("pre");
  panel.id = "preview-fault";
  panel.setAttribute("role", "alert");
  panel.lang = "%(lang)s";
  const page = %(page)s, source = %(source)s;
  let build;
  new EventSource("%(events)s?" + new URLSearchParams({page})).onmessage = event => {
    const state = JSON.parse(event.data);
    if (state.page !== "%(version)s") location.reload();
    else if (source && state.build !== build) find();
    build = state.build;
    panel.textContent = state.fault;
    state.fault ? document.body.append(panel) : panel.remove();
  };
  const find = async () => {
    const answer = await fetch("%(findings)s?" + new URLSearchParams({source}));
    const found = await answer.text();
    document.getElementById("preview-text")?.remove();
    document.body.insertAdjacentHTML("beforeend", found);
    // The foot of the page can be scrolled free of the panel.
    if (found) document.body.style.paddingBlockEnd = "5rem";
  };
}
</script>"""


def version_of(page: str, text: dict[str, str] | None) -> str:
    """Return the digest of a page and of what the preview tells about its text."""
    return hashlib.sha256(f"{page}{text}".encode()).hexdigest()[:16]


def with_additions(
    page: str, version: str, address: str, text: dict[str, str] | None, nonce: str
) -> str:
    """Add the preview's elements to the HTML of a page.

    `version` is that of `version_of`, `address` the path of the page. `text` describes the text of
    the page, as `worker.py` does. The mark of a hidden text is added at once; the script requests
    the findings, which take longer. `nonce` is unique to the response.
    """
    values = {"version": version, "events": EVENTS, "findings": FINDINGS}
    values["source"] = _script_string(text["source"] if text else "")
    values["page"] = _script_string(address)
    values["lang"] = message_language()
    style, script = (each % (values | {"nonce": nonce}) for each in (_STYLE, _SCRIPT))
    mark = panel(text, None) if text else ""
    return page_policy.replaced(page, _policy(page, nonce)) + style + mark + script


def _script_string(words: str) -> str:
    """Return a literal of JavaScript that cannot end the element of its script."""
    return json.dumps(words).replace("<", "\\u003c")


def _policy(page: str, nonce: str) -> str:
    """Return the page's policy, extended so that elements with the nonce run and send requests.

    It has no trusted types: they would refuse the HTML of the panel, whose text is escaped.
    """
    own = f"'nonce-{nonce}'"
    scripts = f"{own} 'self'" if page_policy.searches(page) else own
    styles = page_policy.style_sources(page).removeprefix("'none'")
    return (
        f"default-src 'none'; script-src {scripts}; connect-src 'self'; "
        f"style-src {styles} {own}; img-src 'self'; font-src 'self'; {page_policy.CLOSED}"
    )


def panel(text: dict[str, str], findings: list[str] | None) -> str:
    """Return a labelled region with a text's mark and findings, "" if it has neither.

    `findings` is None until they are known.
    """
    if not text["mark"] and not findings:
        return ""
    summary = Message("Visible text")
    if text["mark"]:
        summary = Message("Visitors do not see this text: {mark}", mark=text["mark"])
    if findings is not None:
        summary = f"{summary} · {_counted(len(findings))}"
    summary = html.escape(str(summary))
    if findings:
        items = "".join(f"<li>{html.escape(finding)}</li>" for finding in findings)
        content = f"<details><summary>{summary}</summary><ul>{items}</ul></details>"
    else:
        content = f"<p>{summary}</p>"
    label = html.escape(str(Message("Preview of this text")))
    return (
        f'<section id="preview-text" aria-label="{label}" lang="{message_language()}">'
        f"{content}</section>"
    )


def _counted(number: int) -> Message:
    if not number:
        return Message("nothing found")
    return Message("1 finding") if number == 1 else Message("{number} findings", number=number)
