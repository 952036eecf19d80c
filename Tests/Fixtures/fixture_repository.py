"""Makes the git repository of a fixture, runs its command in clean copies, and writes the files beside it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

COMMAND_TIME_LIMIT = 600
_IDENTITY = {"NAME": "Fixture", "EMAIL": "fixture@example.invalid", "DATE": "2026-01-01T12:00:00+00:00"}


class FixtureError(Exception):
    """The fixture cannot be made; the message is for a person."""


def environment():
    """The environment of git and of the test command: nothing from the user's configuration, always the same dates."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    identity = {f"GIT_{role}_{key}": text for role in ("AUTHOR", "COMMITTER") for key, text in _IDENTITY.items()}
    return {**kept, **git, **identity, "LANG": "C.UTF-8"}


class Repository:
    """A git repository with a working tree, made with plain git so that its hashes are stable."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True)
        self.git("init", "--quiet", "--template=", "--initial-branch=main", "--object-format=sha1")
        for key in ("name", "email"):
            self.git("config", f"user.{key}", _IDENTITY[key.upper()])

    def git(self, *arguments, binary=False, **variables):
        """What git prints, without the last newline; bytes as they are if binary."""
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments], env={**environment(), **variables}, capture_output=True
        )
        if done.returncode != 0:
            raise FixtureError(f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout if binary else done.stdout.decode().rstrip("\n")

    def write(self, files):
        """Writes files given as path → (contents, is executable), or None to delete."""
        for path, file in files.items():
            place = self.folder / path
            if file is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file[0])
            place.chmod(0o755 if file[1] else 0o644)

    def file(self, commit, path):
        """Contents of a file of a commit, and whether it is executable."""
        mode = self.git("ls-tree", commit, "--", path).partition(" ")[0]
        return self.git("cat-file", "blob", f"{commit}:{path}", binary=True), mode == "100755"

    def commit(self, message):
        """Commits the working tree as it is, ignored files included."""
        self.git("add", "--force", "--all")
        self.git("commit", "--quiet", "--message", message)

    def tree_with(self, files):
        """The id of the tree of HEAD with these files written; working tree and index stay as they are."""
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": f"{folder}/index"}
            self.git("read-tree", "HEAD", **index)
            for path, file in files.items():
                if file is None:
                    self.git("update-index", "--force-remove", path, **index)
                    continue
                contents = Path(folder, "contents")
                contents.write_bytes(file[0])
                blob = self.git("hash-object", "-w", "--no-filters", str(contents))
                mode = "100755" if file[1] else "100644"
                self.git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}", **index)
            return self.git("write-tree", **index)

    def try_command(self, tree, command):
        """Exit status and output of the command in a clean copy of that tree."""
        with tempfile.TemporaryDirectory(prefix="fixture-") as folder:
            index = {"GIT_INDEX_FILE": f"{folder}/index"}
            self.git("read-tree", tree, **index)
            self.git("checkout-index", "--all", f"--prefix={folder}/tree/", **index)
            try:
                done = subprocess.run(
                    ["/bin/sh", "-c", command], cwd=f"{folder}/tree", env=environment(), stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=COMMAND_TIME_LIMIT
                )
            except subprocess.TimeoutExpired:
                raise FixtureError(f"{command} did not end within {COMMAND_TIME_LIMIT} s") from None
            return done.returncode, done.stdout.decode(errors="replace")


@contextmanager
def fixture_folder(out):
    """A new folder that takes the place of OUT when all went well; an older fixture there is replaced."""
    out = Path(out).resolve()
    if out.exists() and any(out.iterdir()) and not (out / "expected-tree").exists():
        raise FixtureError(f"{out} is not empty and holds no fixture; name a new folder")
    out.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield new
        shutil.rmtree(out, ignore_errors=True)
        new.chmod(0o755)
        new.rename(out)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def write_outputs(folder, scenario, expected_tree, command):
    """Writes scenario.json, expected-tree and command."""
    text = json.dumps(scenario.as_json(), indent=1, ensure_ascii=False)
    for name, line in (("scenario.json", text), ("expected-tree", expected_tree), ("command", command)):
        (folder / name).write_text(f"{line}\n", encoding="utf-8")


def exit_with_errors(main):
    """Runs a script's main and turns a FixtureError into one message and exit status 1."""
    try:
        main()
    except FixtureError as error:
        sys.exit(f"{Path(sys.argv[0]).name}: {error}")
