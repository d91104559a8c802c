"""What the accessibility statement tells of the audit of the pages, for the template of that name.

`accessibility.yml` of the theme holds the audit, criterion by criterion.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from jinja2 import pass_context
from jinja2.runtime import Context
from pelican import signals

from engine.texts.partial_dates import parse_date

AUDIT_FILE = "accessibility.yml"
RESULTS = ("met", "not met", "not applicable", "not evaluated")


@dataclass(frozen=True)
class Criterion:
    """A criterion of the reference, its result (one of RESULTS) and what shows it.

    `tests` are pytest's names; `absent` is a CSS selector of what no page has; `by` is who
    evaluated it, when and how.
    """

    criterion: str
    title: str
    result: str
    tests: tuple[str, ...] = ()
    absent: str = ""
    by: str = ""


@dataclass(frozen=True)
class Audit:
    """All criteria of a version of the reference; `evaluated` is the date, as the file has it.

    `redress` gives the addresses at which a reader may complain.
    """

    reference: str
    version: str
    evaluated: str
    criteria: tuple[Criterion, ...]
    redress: Mapping[str, str] = field(default_factory=dict)

    def numbers(self, result: str) -> list[str]:
        """The numbers of the criteria with a result."""
        return [each.criterion for each in self.criteria if each.result == result]

    @property
    def applicable(self) -> int:
        """How many criteria apply."""
        return len(self.criteria) - len(self.numbers("not applicable"))

    @property
    def rate(self) -> int:
        """The percentage of the applicable criteria that are met, those not evaluated counted."""
        return 100 * len(self.numbers("met")) // self.applicable

    @property
    def is_partly_compliant(self) -> bool:
        """Whether the site may be called so: every criterion evaluated, half of them met."""
        return not self.numbers("not evaluated") and self.rate >= 50


def read_audit(file: Path) -> Audit:
    """Read the audit of a theme. Raises ValueError for a result that is none, or for a key."""
    # All values are text: “1.10” is no number.
    held = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - no objects
    criteria = []
    for each in held["criteria"]:
        if each["result"] not in RESULTS or each.keys() - Criterion.__annotations__.keys():
            raise ValueError(f"{file}: criterion {each['criterion']} cannot be read")
        criteria.append(Criterion(**each | {"tests": tuple(each.get("tests", ()))}))
    if twice := [name for name, n in Counter(c.criterion for c in criteria).items() if n > 1]:
        raise ValueError(f"{file}: criterion {twice[0]} is there twice")
    about = {name: held[name] for name in ("reference", "version", "evaluated")}
    return Audit(**about, criteria=tuple(criteria), redress=held.get("redress", {}))


@pass_context
def audit_of_theme(context: Context) -> Audit:
    """The function of the one template that shows the audit: other pages do not wait for it."""
    return read_audit(Path(context["THEME"], AUDIT_FILE))


@pass_context
def audit_date(context: Context, audit: Audit) -> str:
    """Return the date of an audit in the words of the language."""
    return parse_date(audit.evaluated).text(context["DEFAULT_LANG"])


def add_audit(generators: list) -> None:
    """Put the audit and its date into the context."""
    context = generators[0].context
    context["audit_of_theme"], context["audit_date"] = audit_of_theme, audit_date


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_audit)
