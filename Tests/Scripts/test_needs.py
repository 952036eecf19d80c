"""The scripts say in a sentence what a machine lacks: Swift's libraries, rungs of the sandbox's ladder."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


class Needs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.programs = Path(folder.name)

    def program(self, name, text):
        path = self.programs / name
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o755)
        return path

    def run_script(self, name, *arguments, path=None):
        world = {**os.environ, "PATH": path or f"{self.programs}:/usr/bin:/bin"}
        return subprocess.run(
            [SCRIPTS / name, *arguments], env=world, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False)

    def test_a_swift_that_works_is_passed_over_in_silence(self):
        self.program("swift", "exit 0")
        run = self.run_script("need-swift")
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))

    def test_a_swift_that_cannot_start_is_told_with_the_packages_it_needs(self):
        loader = "swift: error while loading shared libraries: libxml2.so.2: cannot open shared object file"
        for text in (f"echo '{loader}' >&2; exit 127", f'[ "$1" = --version ] && exit 0\necho "{loader}" >&2; exit 127'):
            self.program("swift", text)
            run = self.run_script("need-swift")
            self.assertEqual(run.returncode, 1)
            self.assertIn("Swift cannot start here", run.stderr)
            self.assertIn("libxml2.so.2", run.stderr)
            self.assertIn("apt-get install", run.stderr)
            self.assertIn("libxml2 ", run.stderr)

    def test_a_missing_swift_is_told(self):
        run = self.run_script("need-swift", path="/usr/bin:/bin")
        if Path("/usr/bin/swift").exists():
            self.skipTest("this machine has a Swift of its own")
        self.assertEqual(run.returncode, 1)
        self.assertIn("Swift 6.2 or later is needed", run.stderr)

    def test_the_rungs_that_do_not_work_are_named_with_their_reason(self):
        graft = self.program(
            "graft", '[ "$3" = landlock ] && exit 0\necho "graft: sandbox: no $3 here" >&2\necho more >&2; exit 22')
        run = self.run_script("missing-rungs", graft)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(
            run.stdout, "namespaces: sandbox: no namespaces here\nbubblewrap: sandbox: no bubblewrap here\n")
        run = self.run_script("missing-rungs", self.program("graft", "exit 0"))
        self.assertEqual((run.returncode, run.stdout), (0, ""))

    def test_an_option_that_is_none_is_refused(self):
        run = self.run_script("test", "--require-all")
        self.assertEqual(run.returncode, 64)
        self.assertIn("--require-all-rungs", run.stderr)


if __name__ == "__main__":
    unittest.main()
