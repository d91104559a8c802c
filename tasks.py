"""The commands of the site: `inv --list`. Each one calls the module that does the work."""

import shlex
import shutil
import sys
from pathlib import Path

from invoke import task

ROOT = Path(__file__).resolve().parent


@task
def build(_c):
    """Build the site into output/, or say what is wrong and change nothing."""
    from building import site

    sys.exit(site.main())


@task
def serve(_c):
    """Show the site while you write: each save reloads the page."""
    from building import preview

    preview.serve()


@task
def check(_c):
    """Check every text, and every page, link and feed built from them."""
    from publishing import check_all

    sys.exit(check_all.main())


@task
def lint(c):
    """Check the form of the code and of the templates."""
    with c.cd(ROOT):
        for tool in ("ruff check", "ruff format --check", "djlint theme/templates --lint"):
            c.run(f"{shlex.quote(sys.executable)} -m {tool}")


@task
def test(_c, only="", accept_snapshots=False):  # noqa: PT028 - a command's options, not a test
    """Run every test, or --only some by their names; --accept-snapshots keeps the present looks."""
    if accept_snapshots:
        from tests.browser import snapshots

        sys.exit(snapshots.accept())
    import pytest

    chosen = ["-k", only] if only else []
    sys.exit(pytest.main([f"--rootdir={ROOT}", "-n", "auto", *chosen, str(ROOT / "tests")]))


@task
def pictures(_c):
    """Take the pictures of the site that the README and docs/pages.md show."""
    from bench import pictures

    sys.exit(pictures.main())


@task
def clean(_c):
    """Remove the built site."""
    shutil.rmtree(ROOT / "output", ignore_errors=True)
