"""What the README shows runs: every command and every Python example, in an empty folder, as a stranger would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
INSTALLING = {
    "python3 -m pip install . && bri-kg tour",
    "python3 -m pip install '.[test]' && python3 -m pytest",
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all commands, since some read what others wrote; a copy of the paper's text stands in for FILE."""
    return tmp_path_factory.mktemp("readme")


def environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def test_the_two_commands_stand_in_the_readme() -> None:
    assert set(COMMANDS) >= INSTALLING
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").count("python3 -m pytest") == 1


@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in INSTALLING])
def test_a_command_of_the_readme_runs(command: str, folder: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout or "-o " in command


@pytest.mark.parametrize("example", blocks("python"))
def test_a_python_example_of_the_readme_runs(example: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", example],
        cwd=folder,
        env={**environment(), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_a_command_that_fails_is_caught(folder: Path) -> None:
    with pytest.raises(AssertionError):
        test_a_command_of_the_readme_runs("bri-kg ask no-such-question", folder)
