"""Define the tasks of `./inv --list`; each one calls the module that does the work."""

import itertools
import shlex
import sys
from pathlib import Path

from invoke import task

from engine.command_help import translate_program
from engine.paths import ROOT

# Python buffers output to a pipe or a file: `./inv serve | tee log` would stay empty.
# A file name may hold bytes that are not valid UTF-8.
sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
translate_program()


def _typed_after(task_name: str, *arguments: str) -> list[str]:
    """Return as many of `arguments` as words follow the task's name, up to the first option.

    invoke has no optional positional arguments.
    """
    following = sys.argv[sys.argv.index(task_name) + 1 :] if task_name in sys.argv else []
    words = itertools.takewhile(lambda word: not word.startswith("-"), following)
    return [argument for argument, _word in zip(arguments, words, strict=False)]


_TITLE = {"title": 'One that begins with a dash is written --title="- One".'}


@task(positional=_typed_after("article", "title"), help=_TITLE)
def article(_c, title=None):
    """Start a news item: article "Title"."""
    from engine.writing import new_text

    sys.exit(new_text.main("article", title))


@task(positional=_typed_after("project", "title"), help=_TITLE)
def project(_c, title=None):
    """Start a project: project "Title"."""
    from engine.writing import new_text

    sys.exit(new_text.main("project", title))


@task(positional=_typed_after("page", "title"), help=_TITLE)
def page(_c, title=None):
    """Start a page: page "Title"."""
    from engine.writing import new_text

    sys.exit(new_text.main("page", title))


@task(positional=_typed_after("translate", "file"))
def translate(_c, file=None):
    """Start the English version of a text: translate FILE."""
    from engine.writing import translation

    sys.exit(translation.main(file))


@task(help={"accept": "A translation that is up to date again."})
def translations(_c, accept=None):
    """List which text has its translation, and which is old."""
    from engine.writing import translation_status

    sys.exit(translation_status.main(accept))


@task(
    name="import",
    positional=_typed_after("import", "folder"),
    help={
        "language": "That of the texts that do not tell theirs: fr or en.",
        "addresses": "The pattern of the old addresses, such as /%year%/%postname%/.",
    },
)
def import_(_c, folder=None, language="", addresses=""):
    """Bring in a blog of Pelican, Jekyll or Hugo: import FOLDER."""
    from engine.writing import importing

    sys.exit(importing.main(folder, language, addresses))


@task(
    help={
        "name": "The name of the site.",
        "tagline": "What it offers, in a few words.",
        "languages": "fr, or fr,en.",
        "yes": "Do not ask before the present content is set aside.",
    }
)
def new_site(_c, name=None, tagline=None, languages=None, yes=False):
    """Start a site of your own; the present one is set aside."""
    from engine.writing import new_site

    sys.exit(new_site.main(name, tagline, languages, is_agreed=yes))


_TO = {"to": "The address of the site where its readers go; nothing after = where it is gone."}


@task(positional=_typed_after("delete", "file"), help=_TO)
def delete(_c, file=None, to=None):
    """Delete a text and its translation: delete FILE."""
    from engine.writing import deletion

    sys.exit(deletion.main(deletion.delete_text, file, to))


@task(positional=_typed_after("hide", "file"), help=_TO)
def hide(_c, file=None, to=None):
    """Make a draft of a text and its translation: hide FILE."""
    from engine.writing import deletion

    sys.exit(deletion.main(deletion.hide_text, file, to))


@task(
    positional=_typed_after("rename", "file", "name"),
    help={
        "name": 'One that begins with a dash is written --name="- Le soir".',
        "to": "Where readers of the old address go, if not to the text itself.",
    },
)
def rename(_c, file=None, name=None, to=None):
    """Rename a text, and the links to it: rename FILE NAME."""
    from engine.writing import deletion, renaming

    sys.exit(deletion.main(renaming.rename_text, file, name, to))


@task
def build(_c):
    """Build the site into output/, or say what is wrong."""
    from engine.building import site

    sys.exit(site.main())


@task(positional=_typed_after("portfolio", "file"))
def portfolio(_c, file=None):
    """Write all projects, or one, as a PDF: portfolio [FILE]."""
    from engine.building import portfolio_command

    sys.exit(portfolio_command.main(file))


@task
def serve(_c):
    """Show the site while you write."""
    from engine.preview import server as preview

    preview.main()


@task
def write(_c):
    """Write, translate and publish in a page of your browser."""
    from engine.web import writing_page

    sys.exit(writing_page.main())


@task(help={"format": "text, json or github", "texts": "the texts alone, without a build"})
def check(_c, format="text", texts=False):  # noqa: A002 - the option's name
    """Check every text, page, link and feed."""
    from engine.checking import check_all

    sys.exit(check_all.main(format, only_texts=texts))


@task(positional=_typed_after("save", "words"), help={"yes": "Do not ask before sending."})
def save(_c, words=None, yes=False):
    """Save content/ in git and send it: save ["What changed"]."""
    from engine.versions import save as saving

    sys.exit(saving.main(words, yes=yes))


@task
def update(_c):
    """Bring the newest version of the software."""
    from engine.versions import update

    sys.exit(update.main())


@task(
    iterable=["gone"],
    help={
        "dry_run": "Show what would change for readers; change nothing on the server.",
        "yes": "Do not ask, as in continuous integration.",
        "fewer_pages": "Publish a site with far fewer pages than the live one.",
        "without_legal_facts": "Publish without facts that the law asks for.",
        "replace_files": "Replace files that no publication put there; they are kept aside.",
        "gone": "An address that is given up on purpose.",
    },
)
def publish(
    _c,
    dry_run=False,
    yes=False,
    fewer_pages=False,
    without_legal_facts=False,
    gone=None,
    *,
    replace_files=False,
):
    """Build, check and publish the site, whole or not at all."""
    from engine.publishing import publish as publication
    from engine.versions import save as saving

    if unsaved := saving.unsaved_line():
        print(unsaved)
    options = publication.PublishOptions(
        dry_run, yes, fewer_pages, without_legal_facts, replace_files, tuple(gone or ())
    )
    sys.exit(publication.main(options))


@task(positional=_typed_after("rollback", "release"))
def rollback(_c, release=None):
    """Put the previous release online again: rollback [RELEASE]."""
    from engine.publishing import releases

    sys.exit(releases.main_rollback(release))


@task(help={"verify": "Check every file of each release on the server."})
def releases(_c, verify=False):
    """List the releases that the server keeps."""
    from engine.publishing import releases

    sys.exit(releases.main_list(verify_sums=verify))


@task
def doctor(_c):
    """Try what a publication needs; say what to fix."""
    from engine.publishing import doctor

    sys.exit(doctor.main())


@task(help={"without_legal_facts": "Prepare it without facts that the law asks for."})
def prepare(_c, without_legal_facts=False):
    """Fill output/ for a static host, at SITE_URL."""
    from engine.publishing import prepare

    sys.exit(prepare.main(without_legal_facts=without_legal_facts))


@task
def headers(_c):
    """Write the references and the editor's help again."""
    from engine.writing import from_schema

    from_schema.main()


@task(
    help={
        "root": "Where the site stands on the server, such as /var/www/example.org/current.",
        "old_nginx": "nginx is older than 1.25.1, which `nginx -v` tells.",
    }
)
def server_files(_c, root="", old_nginx=False):
    """Write nginx.conf and Caddyfile into .servers/."""
    from engine.faults import FaultsError
    from engine.serving import server_files
    from engine.settings.site_settings import read_site_settings

    try:
        settings = read_site_settings("publishconf.py")
    except FaultsError as error:
        sys.exit(str(error))
    folder, target = Path(settings["OUTPUT_PATH"]), ROOT / ".servers"
    sys.exit(server_files.main(folder, target, settings, root, old_nginx=old_nginx))


@task
def lint(c):
    """Check the form of code and templates, and the imports."""
    with c.cd(ROOT):
        for tool in ("ruff check", "ruff format --check", "djlint theme/templates --lint"):
            c.run(f"{shlex.quote(sys.executable)} -m {tool}")
        c.run(shlex.quote(str(Path(sys.executable).with_name("lint-imports"))) + " --no-cache")


@task(
    help={
        "only": "Words of the names of tests, as pytest's -k takes them.",
        "quick": "Without browsers, servers, other programs and long tests.",
        "accept_snapshots": "Keep the present looks as the right ones.",
    }
)
def test(_c, only="", quick=False, accept_snapshots=False):  # noqa: PT028 - a command's options, not a test
    """Run every test, --only some by their names, or the --quick."""
    if accept_snapshots:
        from tests.browser import snapshots

        sys.exit(snapshots.accept())
    import pytest

    chosen = [f"-k{only}"] if only else []
    if quick:
        chosen += ["-m", "not needs and not slow"]
    # worksteal gives neighbouring tests to one worker, so that few make a module's fixtures.
    spread = ["-n", "auto", "--dist", "worksteal"]
    sys.exit(pytest.main([f"--rootdir={ROOT}", *spread, *chosen, str(ROOT / "tests")]))


@task
def pictures(_c):
    """Take the pictures that the documents show."""
    from bench import pictures

    sys.exit(pictures.main())


@task
def clean(_c):
    """Remove the built site."""
    from engine.building import fingerprint, swap
    from engine.paths import content_folder
    from engine.terminal import exit_code

    output, sources = Path(fingerprint.output_folder()), (ROOT, content_folder(), ROOT / "theme")
    sys.exit(exit_code(lambda: swap.remove(output, *sources), ""))
