"""What all tests share: the site built from the real content, and builds of content made here."""

import pytest

from tests import sites

pytest_plugins = []


@pytest.fixture(scope="session")
def real_site(tmp_path_factory) -> sites.Site:
    """The site of the real content, built once."""
    output = tmp_path_factory.mktemp("real") / "output"
    built = sites.build(sites.ROOT / "content", output)
    assert built.code == 0, built.complaints
    return built.site


@pytest.fixture
def build(tmp_path):
    """Write files into a content folder and build it: `build({"articles/a.md": …})`."""

    def run(files: dict[str, str | bytes], **environment: str) -> sites.Build:
        content = sites.write(tmp_path / "content", files)
        content.mkdir(exist_ok=True)
        return sites.build(content, tmp_path / "output", **environment)

    return run
