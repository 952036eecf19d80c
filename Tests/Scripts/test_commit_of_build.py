"""Which commit a release build says that it was made from."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/commit-of-build"
ENV = {
    "PATH": "/usr/bin:/bin", "HOME": "/nowhere", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_COMMITTER_DATE": "2026-11-27T23:30:00 +0900", "GIT_AUTHOR_DATE": "2020-01-01T00:00:00 +0000",
}


class CommitOfBuild(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def git(self, *words):
        run = subprocess.run(["git", "-C", self.folder, *words], env=ENV, capture_output=True, text=True, check=True)
        return run.stdout.strip()

    def said(self, folder=None, path=None):
        run = subprocess.run(
            [SCRIPT, folder or self.folder], env={**ENV, "PATH": path or ENV["PATH"]}, capture_output=True, text=True,
            check=True)
        self.assertEqual(run.stderr, "")
        return run.stdout

    def test_it_is_that_of_the_checkout_with_its_own_date(self):
        self.git("init", "-q")
        self.assertEqual(self.said(), "")
        (self.folder / "a").write_text("1")
        self.git("add", "a")
        self.git("commit", "-q", "-m", "One")
        commit = self.git("rev-parse", "HEAD")[:10]
        self.assertEqual(self.said(), f"{commit} 2026-11-27\n")
        (self.folder / "untracked").write_text("1")
        self.assertEqual(self.said(), f"{commit} 2026-11-27\n")
        (self.folder / "a").write_text("2")
        self.assertEqual(self.said(), f"{commit}+ 2026-11-27\n")

    def test_a_copy_without_history_has_none(self):
        self.assertEqual(self.said(), "")
        (self.folder / "inside").mkdir()
        self.git("init", "-q")
        self.git("commit", "-q", "--allow-empty", "-m", "One")
        self.assertEqual(self.said(self.folder / "inside"), "")

    def test_without_git_there_is_none(self):
        for name in ("sh", "dirname", "echo"):
            (self.folder / name).symlink_to(Path("/bin") / name)
        self.assertEqual(self.said(path=str(self.folder)), "")

    def test_the_program_says_it(self):
        build = ROOT / "Sources/CBuild"
        main = self.folder / "main.c"
        main.write_text('#include <stdio.h>\n#include "build.h"\nint main(void) { puts(graft_build()); }\n')
        for flags, text in (((), ""), (("-DGRAFT_BUILD_COMMIT=00e2ba6d1a+", "-DGRAFT_BUILD_DATE=2026-11-09"),
                                       "00e2ba6d1a+, 2026-11-09")):  # fmt: skip
            command = ["cc", *flags, "-I", build / "include", build / "build.c", main, "-o", self.folder / "main"]
            if subprocess.run(["sh", "-c", "command -v cc"], capture_output=True, check=False).returncode:
                command[0] = "clang"
            subprocess.run(command, check=True)
            run = subprocess.run([self.folder / "main"], capture_output=True, text=True, check=True)
            self.assertEqual(run.stdout, text + "\n")
        self.assertTrue(re.search(r"scripts/commit-of-build", (ROOT / "scripts/build").read_text()))


if __name__ == "__main__":
    unittest.main()
