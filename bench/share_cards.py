"""Time the share cards of a site, with nothing cached and with all of them: its own content/."""

import tempfile
import time
from pathlib import Path

from engine.building import site
from engine.exports.share_card import ShareCard
from engine.exports.share_cards import put_cards


def main() -> None:
    """Print the number of cards, their bytes and the seconds that they take."""
    plan = site.plan_build()
    cards = site.plan_share_cards(plan.settings, plan.library)
    with tempfile.TemporaryDirectory() as folder:
        clean, cached = (_seconds(cards, Path(folder), name) for name in ("1", "2"))
        files = [path.stat().st_size for path in Path(folder, "1").rglob("*.png")]
    print(f"{len(files)} cards, {sum(files):,} bytes, the largest {max(files, default=0):,}")
    print(f"{clean:.2f} s with nothing cached, {cached:.3f} s with all cached")


def _seconds(cards: dict[str, ShareCard], folder: Path, name: str) -> float:
    start = time.perf_counter()
    put_cards(cards, folder / "cache", folder / name)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
