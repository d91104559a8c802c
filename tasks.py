"""The commands of the site: `inv --list`. Each one calls the module that does the work."""

import shutil
import sys
from pathlib import Path

from invoke import task

ROOT = Path(__file__).resolve().parent


@task
def build(c):
    """Build the site into output/; nothing changes there where a text has a fault."""
    from building import site

    sys.exit(site.main())


@task
def serve(c):
    """Show the site on this machine while it is written; each saved file reloads the page."""
    from building import preview

    preview.serve()


@task
def check(c):
    """Check every text, then the built site: links, headings, feeds, sitemap; exit 1 on a fault."""
    from publishing import site_check

    sys.exit(site_check.check_everything())


@task
def lint(c):
    """Check the code's and the templates' form."""
    for command in (
        "ruff check",
        "ruff format --check",
        "djlint theme/templates --lint",
    ):
        c.run(f"{Path(sys.executable).parent}/{command}" if " " not in str(ROOT) else command)


@task
def test(c, only=""):
    """Run every test; --only NAME runs those whose name holds it."""
    import pytest

    sys.exit(pytest.main([str(ROOT), *(["-k", only] if only else [])]))


@task
def clean(c):
    """Remove the built site."""
    from building import site

    shutil.rmtree(ROOT / "output", ignore_errors=True)
