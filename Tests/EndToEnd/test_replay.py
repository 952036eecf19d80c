"""scripts/replay on a repository with one of everything."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import GRAFT

REPLAY = Path(__file__).parents[2] / "scripts/replay"


class Replaying(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="graft-replay-test-")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.com")
        self.git("config", "core.autocrlf", "false")

    def git(self, *arguments):
        subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True, timeout=60)

    def commit(self, files, *gone):
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for name in gone:
            (self.root / name).unlink()
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Step")

    def replay(self, graft, *arguments):
        return subprocess.run(
            [REPLAY, *arguments, self.root, "100"], env={**os.environ, "GRAFT": str(graft)}, capture_output=True,
            text=True, timeout=120, check=False,
        )

    def test_changes_of_every_kind_are_exact_or_refused(self):
        lines = b"".join(b"%d\n" % number for number in range(40))
        self.commit({"f": lines, "dos": b"a\r\nb\r\n", "latin": b"caf\xe9\n", "none": b"a\nb", "\xc3\xbc x": b"1\n"})
        self.commit({"f": lines.replace(b"\n7\n", b"\n7\nseven\n"), "dos": b"a\nb\n", "latin": b"caf\xc3\xa9\n"})
        self.commit({"dos": b"a\r\nb\nc\r\n", "none": b"a\nb\n", "new/deep": b"x", "empty": b"", "\xc3\xbc x": b"2\n"})
        self.commit({"g": lines, "binary": b"\0\1"}, "f", "none")
        self.commit({"same": b"x\n" * 40})
        self.commit({"same": b"x\n" * 20 + b"y\n" + b"x\n" * 19})
        (self.root / "g").chmod(0o755)
        self.commit({})
        for arguments, counts in (((), "16 exact, 1 refused, 0 wrong, 2 left out"),
                                  (("--unified",), "18 exact, 0 refused, 0 wrong, 1 left out")):
            with self.subTest(arguments):
                run = self.replay(GRAFT, *arguments)
                self.assertIn(counts, run.stdout + run.stderr)
                self.assertEqual(run.returncode, 0)

    def test_a_program_that_leaves_the_wrong_file_is_found_out(self):
        self.commit({"f": b"1\n"})
        self.commit({"f": b"2\n"})
        liar = self.root / ".git/liar"
        liar.write_text("#!/bin/sh\ncat >/dev/null\n")
        liar.chmod(0o755)
        run = self.replay(liar)
        self.assertEqual(run.returncode, 1)
        self.assertTrue(re.search(r"0 exact, 0 refused, 2 wrong", run.stdout), run.stdout + run.stderr)


if __name__ == "__main__":
    unittest.main()
