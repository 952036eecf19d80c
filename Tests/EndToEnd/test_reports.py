"""Report files that the command writes about its tests (`--reports`)."""

import json

from harness import CHECK, GraftTest
from scripted import DONE, FIX

# Writes a report of two tests, of which one fails as long as the answer is wrong.
WRITER = """#!/bin/sh
mkdir -p build/deep
if [ "$(cat answer.txt)" = right ]; then failure= status=0; else status=1
failure='<failure message="wrong answer">tests/answer.py:7: AssertionError</failure>'; fi
cat >build/deep/report.xml <<END
<testsuites><testsuite name="s" tests="2"><testcase classname="answers.Answer" name="is_right">$failure</testcase>
<testcase classname="answers.Answer" name="is_there"/></testsuite></testsuites>
END
exit $status
"""
FILES = {"answer.txt": "wrong\n", "check.sh": WRITER, ".gitignore": "build/\n"}
OLD = '<testsuite><testcase classname="old.Old" name="gone"><failure message="of an earlier run"/></testcase></testsuite>'
PATTERN = ("--reports", "build/**/*.xml")


def notices(run):
    return [event["message"] for event in run.events if event["type"] == "notice"]


class Reports(GraftTest):
    def go(self, *flags, code=0, files=FILES, command="sh check.sh", name="repository", before=None, **more):
        repository = self.repository(files, name=name)
        if before:
            before(repository)
        run = self.run_graft(
            repository, code, *flags, server=self.simulate(FIX, DONE), command=command, **more)
        return repository, run

    def told(self, run, part):
        return run.result[part].get("tests")

    def assert_read(self, run):
        before, after = self.told(run, "baseline"), self.told(run, "verification")
        self.assertEqual(
            [(f["name"], f["message"], f["file"], f["line"]) for f in before["failures"]],
            [("answers.Answer.is_right", "wrong answer", "tests/answer.py", 7)])
        self.assertEqual((before["run"], before["failed"], before["formats"]), (2, 1, ["junit"]))
        self.assertEqual((after["run"], after["failed"], after["failures"], after["formats"]), (2, 0, [], ["junit"]))

    def test_are_read_in_every_kind_of_tree(self):
        for tree in ("worktree", "overlay"):
            with self.subTest(tree):
                _, run = self.go(*PATTERN, "--tree", tree, name=f"repository-{tree}")
                self.assert_read(run)
                self.assertEqual([text for text in notices(run) if "report" in text], [])

    def test_are_read_in_the_checkout_itself(self):
        _, run = self.go(*PATTERN, "--in-place", in_place=True)
        self.assert_read(run)

    def test_of_an_earlier_run_do_not_count(self):
        def leave(repository):
            (repository.path / "build").mkdir()
            (repository.path / "build/old.xml").write_text(OLD)

        for tree in ("worktree", "overlay"):
            with self.subTest(tree):
                _, run = self.go(*PATTERN, "--tree", tree, name=f"repository-{tree}", before=leave)
                self.assert_read(run)
                told = [text for text in notices(run) if "build/old.xml was not written by this run" in text]
                self.assertEqual(len(told), 2, notices(run))

    def test_that_are_committed_do_not_count(self):
        files = {**FILES, ".gitignore": "", "build/committed.xml": OLD}
        _, run = self.go(*PATTERN, files=files)
        self.assert_read(run)
        self.assertTrue([text for text in notices(run) if "build/committed.xml was not written" in text])

    def test_the_repository_may_name_them(self):
        files = {**FILES, ".graft/config.toml": 'reports = ["build/{deep,none}/*.xml"]\n'}
        _, run = self.go(files=files)
        self.assert_read(run)

    def test_nothing_is_looked_for_without_a_pattern(self):
        _, run = self.go()
        self.assertIsNone(self.told(run, "baseline"))
        self.assertEqual([text for text in notices(run) if "report" in text], [])

    def test_one_that_leads_out_of_the_tree_is_refused(self):
        for pattern in ("/etc/*.xml", "../*.xml", "", "a/../../b.xml"):
            repository = self.repository(FILES, name=f"repository-{len(pattern)}")
            process = self.start("fix", "--repo", str(repository.path), "--reports", pattern, "--", "true")
            process.end()
            self.assertEqual(process.exit_code, 64)
            self.assertIn("patterns for files of the repository", process.stderr)

    def test_odd_files_are_harmless(self):
        outside = self.root / "outside.xml"
        outside.write_text(OLD)
        (self.root / "folder").mkdir()
        (self.root / "folder/inside.xml").write_text(OLD)
        bomb = '<!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuite><testcase name="&b;"/></testsuite>'
        odd = f"""
mkfifo build/fifo.xml
ln -s {outside} build/link.xml
ln -s {self.root}/folder build/linked
ln -s {self.root}/folder linked
mkdir build/folder.xml
truncate -s 100M build/huge.xml
printf '%s' '{bomb}' >build/bomb.xml
printf '<testsuite><testcase name="x"' >build/cut.xml
: >build/empty.xml
cp build/deep/report.xml "build/$(printf 'a\\nb \\377 \\303\\251').xml"
"""
        files = {**FILES, "check.sh": WRITER.replace("exit $status", odd + "exit $status").replace(
            "mkdir -p", "rm -rf build linked; mkdir -p")}
        _, run = self.go(*PATTERN, "--reports", "linked/*.xml", files=files)
        self.assert_read(run)
        told = "\n".join(notices(run))
        for words in (
            "build/bomb.xml is refused", "build/cut.xml is broken", "build/empty.xml is empty",
            "build/huge.xml is left out",
        ):
            self.assertIn(words, told)
        self.assertNotIn("earlier run", run.stdout)

    def test_failures_of_report_and_output_are_told_once(self):
        script = WRITER.replace(
            "exit $status", 'echo "FAILED answers.py::Answer::is_right - assert"; echo "src/a.c:3:4: error: x"; exit $status')
        _, run = self.go(*PATTERN, files={**FILES, "check.sh": script}, code=0)
        names = [failure["name"] for failure in self.told(run, "baseline")["failures"]]
        self.assertEqual(names[0], "answers.Answer.is_right")
        self.assertEqual(len(names), 2, names)

    def test_none_at_all_is_told(self):
        _, run = self.go("--reports", "nowhere/*.xml")
        self.assertIn("no report was written that matches nowhere/*.xml", notices(run))
        self.assertEqual(run.result["verdict"], "fixed")

    def test_a_command_that_passes_while_its_report_tells_of_failures_is_for_a_person_to_judge(self):
        script = WRITER.replace("exit $status", f"{CHECK}").replace('if [ "$(cat answer.txt)" = right ]', "if false")
        _, run = self.go(*PATTERN, files={**FILES, "check.sh": script}, code=13, verdict="needs_review")
        self.assertEqual(self.told(run, "verification")["failed"], 1)

    def test_a_session_that_goes_on_still_reads_them(self):
        repository = self.repository(FILES)
        run = self.run_graft(
            repository, 12, *PATTERN, "--max-turns", "1", server=self.simulate(DONE),
            command="sh check.sh", verdict="budget")
        result = self.root / "result.json"
        process = self.start(
            "resume", "--repo", str(repository.path), "--result", str(result), "--last",
            server=self.simulate(FIX, DONE))
        process.end()
        self.assertEqual(process.exit_code, 0, process.stderr)
        self.assertEqual(json.loads(result.read_text())["verification"]["tests"]["formats"], ["junit"])


if __name__ == "__main__":
    import unittest

    unittest.main()
