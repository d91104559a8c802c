"""Check the texts and the built site, as `./inv check` does; other programs call `findings`."""

from engine.checking.finding import Finding, Severity
from engine.checking.texts.check_texts import findings, findings_of

__all__ = ["Finding", "Severity", "findings", "findings_of"]
