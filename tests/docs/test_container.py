"""The container's recipe can't be built by the tests; these lines of it are held."""

import re
from pathlib import Path

DOCKERFILE = (Path(__file__).resolve().parents[2] / "Dockerfile").read_text()
BUILD, RUN = DOCKERFILE.split("\nFROM ")[1:]


def test_what_is_installed_is_what_was_hashed():
    assert "--require-hashes --only-binary=:all: -r requirements.lock" in BUILD
    assert not re.search(r"apt|curl|wget|git ", DOCKERFILE)


def test_it_is_not_root_that_serves():
    lines = RUN.splitlines()
    user = lines.index("USER afterglow")

    assert "--shell /usr/sbin/nologin" in RUN
    assert not [line for line in lines[user:] if line.startswith(("RUN", "COPY", "ADD"))]


def test_nothing_is_left_that_installs():
    assert "pip uninstall --yes hatchling editables pip" in BUILD
    assert "pip uninstall --yes --root-user-action=ignore pip" in RUN


def test_only_the_data_is_written():
    assert "VOLUME /data" in RUN
    assert "AFTERGLOW_DATA_DIR=/data" in RUN
    assert "PYTHONDONTWRITEBYTECODE=1" in RUN


def test_it_starts_and_is_asked_without_a_shell():
    commands = re.findall(r"(?:^|\s)CMD (.)", RUN)

    assert commands == ["[", "["]
    assert "STOPSIGNAL SIGTERM" in RUN
