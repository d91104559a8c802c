"""What `./inv check` finds in the texts before anything is built: `findings` is the way in."""

from engine.checking.finding import Finding, Severity
from engine.checking.texts.texts import findings, findings_of

__all__ = ["Finding", "Severity", "findings", "findings_of"]
