"""How the steps of a run become a series of commits, and what happens when they do not."""

import json
import signal

from harness import GraftTest, wait_until
from scripted import DONE, FIX, function, message, note, patch, shell, turn

LINES = "".join(f"line {number}\n" for number in range(1, 41))
FILES = {"answer.txt": "wrong\n", "list.txt": LINES, "old.txt": "old\n"}
STEPS = (
    turn(note("Try something. It may help."), patch("list.txt", "@@\n-line 3\n+line three\n")),
    turn(note("Say what is right."), patch(), patch("list.txt", "@@\n-line 30\n+line thirty\n")),
    turn(shell("rm old.txt; printf 'new\\n' > new.txt; chmod +x list.txt; chmod -x list.txt")),
)
ALL = [["h1", "h4-h5"], [2, "h3"]]


def order(*lists, subjects=("Say what is right", "Count in words"), why="It was wrong, and nobody knew.", **more):
    commits = [{"subject": subject, "why": why, "hunks": hunks} for subject, hunks in zip(subjects, lists)]
    return turn(function("order_commits", json.dumps({"commits": commits})), **more)


class Series(GraftTest):
    def ordered(self, *turns, code=0, flags=(), files=None, **more):
        self.repo, self.server = self.repository(files or FILES), self.simulate(*turns)
        return self.run_graft(self.repo, code, *flags, server=self.server, **more)

    def steps(self, repository):
        (reference,) = repository.git("for-each-ref", "--format=%(refname)", "refs/graft").split()
        self.assertRegex(reference, "^refs/graft/[^/]+/steps$")
        return repository.git("log", "--reverse", "--format=%s", f"main..{reference}").splitlines(), reference

    def assert_steps_stay(self, run, notice=None, verifies=False):
        subjects, reference = self.steps(self.repo)
        (branch,) = self.branches(self.repo)
        self.assertEqual(self.repo.git("rev-parse", branch), self.repo.git("rev-parse", reference))
        self.assertEqual([commit["subject"] for commit in run.result["commits"]], subjects)
        self.assertEqual([event for event in run.events if event["type"] == "series.ordered"], [])
        notices = [event["message"] for event in run.events if event["type"] == "notice"]
        if notice:
            self.assertTrue(any("the steps stay" in text and notice in text for text in notices), notices)
        elif verifies:
            self.assertRegex("\n".join(notices), r"^stopped by SIGINT; verifying what is committed; [^\n]*$")
        else:
            self.assertEqual(notices, [])

    def test_the_steps_become_a_series_with_the_same_files(self):
        run = self.ordered(*STEPS, turn(message("All is right now.")), order(*ALL), verdict="fixed")
        self.assertEqual(self.server.violations, [])
        self.assertEqual(self.commits(self.repo), ["Say what is right", "Count in words"])
        subjects, reference = self.steps(self.repo)
        command = "Run rm old.txt; printf 'new\\n' > new.txt; chmod +x … (2 files)"
        self.assertEqual(subjects, ["Try something", "Say what is right", command])
        (branch,) = self.branches(self.repo)
        tree = self.repo.git("rev-parse", f"{branch}^{{tree}}")
        self.assertEqual(tree, self.repo.git("rev-parse", f"{reference}^{{tree}}"))
        names = [self.repo.git("diff", "--name-only", f"{at}^", at).split() for at in (f"{branch}~1", branch)]
        self.assertEqual(names, [["answer.txt", "new.txt", "old.txt"], ["list.txt"]])
        body = self.repo.git("log", "-1", "--format=%B", branch).splitlines()
        session = branch.removeprefix("graft/")
        expected = ["Count in words", "", "It was wrong, and nobody knew.", "", f"Graft-Session: {session}"]
        self.assertEqual(body, [*expected, "Assisted-by: graft:gpt-5.5"])

        result = run.result
        self.assertEqual(result["summary"], "All is right now.")
        self.assertEqual(result["commit"], self.repo.git("rev-parse", branch))
        self.assertEqual(result["verification"]["commit"], result["commit"])
        self.assertEqual([commit["subject"] for commit in result["commits"]], self.commits(self.repo))
        (event,) = [event for event in run.events if event["type"] == "series.ordered"]
        self.assertEqual(event["commits"], result["commits"])
        self.assertEqual((event["tree"], event["steps"]), (tree, 3))
        changes = [[change["kind"] for change in commit["changes"]] for commit in event["commits"]]
        self.assertEqual(changes, [["update", "add", "delete"], ["update"]])
        self.assertEqual(self.repo.git("fsck", "--strict", "--no-dangling"), "")

    def test_the_question_lists_the_hunks_and_keeps_the_tools(self):
        expect = {"input_types": ["message"], "contains": ["h1 answer.txt:1 +1 -1"]}
        self.ordered(*STEPS, DONE, order(*ALL, expect=expect))
        self.assertEqual(self.server.violations, [])
        question = self.server.requests[-1]["input"][0]["content"][0]["text"]
        entries = [line for line in question.splitlines() if line.startswith("h") and " " in line]
        self.assertEqual(
            entries,
            [
                "h1 answer.txt:1 +1 -1", "h2 list.txt:1-6 +1 -1", "h3 list.txt:27-33 in line 26 +1 -1",
                "h4 new.txt (new) +1 -0", "h5 old.txt (deleted) +0 -1",
            ],
        )
        tools = {json.dumps(body["tools"]) for body in self.server.requests}
        self.assertEqual(len(tools), 1)
        self.assertIn("order_commits", json.dumps(self.server.requests[0]["input"][0]))

    def test_ctrl_c_while_the_steps_are_ordered_keeps_them(self):
        repository, server = self.repository(FILES), self.simulate(*STEPS, DONE, {**order(*ALL), "delay_ms": 600_000})
        process = self.begin(repository, server=server)
        process.wait_for("request.sent", lambda event: event["turn"] == 5)
        process.signal(signal.SIGINT)
        self.repo = repository
        run = self.finish(process, repository, 0, "fixed")
        self.assert_steps_stay(run, verifies=True)

    def test_a_series_can_be_declined(self):
        (self.root / "config/graft").mkdir()
        for flags, setting in ((("--no-series",), ""), ((), "series = false\n")):
            with self.subTest(flags):
                self.setUp()
                (self.root / "config/graft").mkdir(exist_ok=True)
                (self.root / "config/graft/config.toml").write_text(setting)
                run = self.ordered(*STEPS, DONE, flags=flags, verdict="fixed")
                self.assertEqual(len(self.server.requests), 4)
                self.assertNotIn("order_commits", self.server.text)
                self.assert_steps_stay(run)

    def test_work_goes_on_from_the_steps_when_the_command_fails_and_is_ordered_anew(self):
        almost = turn(patch(diff="@@\n-wrong\n+almost\n")), turn(patch("list.txt", "@@\n-line 3\n+line three\n"))
        again = turn(patch(diff="@@\n-almost\n+right\n"), expect={"contains": ["still fails"]})
        first = order(["h1"], ["h2"], subjects=("First", "Second"))
        run = self.ordered(*almost, DONE, first, again, DONE, order(["h2"], ["h1"]), verdict="fixed")
        self.assertEqual(self.server.violations, [])
        self.assertEqual(self.commits(self.repo), ["Say what is right", "Count in words"])
        self.assertEqual(len(self.steps(self.repo)[0]), 3)
        trees = [event["tree"] for event in run.events if event["type"] == "series.ordered"]
        self.assertEqual(len(trees), 2)
        checks = [event for event in run.events if event["type"] == "verification.completed"]
        self.assertEqual([event["exit_code"] for event in checks], [1, 0])
        self.assertEqual(checks[1]["commit"], run.result["commit"])

    def test_work_in_place_is_ordered_too(self):
        run = self.ordered(*STEPS, DONE, order(*ALL), flags=("--in-place",), in_place=True, verdict="fixed")
        self.assertEqual(len(self.commits(self.repo)), 2)
        self.assertEqual(self.repo.state()["HEAD"], self.before["HEAD"])
        self.assertEqual(self.repo.state()["index"], self.before["index"])
        self.assertEqual(self.repo.git("rev-parse", run.result["branch"]), run.result["commit"])

    def test_uncommitted_work_stays_a_commit_of_its_own(self):
        repository, server = self.repository(FILES), self.simulate(*STEPS, DONE, order(*ALL))
        repository.write({"mine.txt": "mine\n"})
        self.run_graft(repository, 0, server=server, verdict="fixed")
        self.assertEqual(
            self.commits(repository), ["Take along uncommitted work", "Say what is right", "Count in words"]
        )

    def test_a_compatible_server_orders_too(self):
        def envelope(path, old, new):
            text = f"*** Begin Patch\n*** Update File: {path}\n@@\n-{old}\n+{new}\n*** End Patch"
            return turn(function("apply_patch", json.dumps({"patch": text})))

        steps = envelope("answer.txt", "wrong", "right"), envelope("list.txt", "line 3", "line three")
        run = self.ordered(*steps, DONE, order(["h1"], ["h2"]), flags=("--provider", "compatible"), verdict="fixed")
        self.assertEqual(self.server.violations, [])
        self.assertEqual(self.commits(self.repo), ["Say what is right", "Count in words"])
        self.assertEqual(len({json.dumps(body["tools"]) for body in self.server.requests}), 1)

    def branch_with_a_step(self, process, repository):
        process.wait_for("request.sent", lambda event: event["turn"] == 2)
        wait_until(lambda: self.commits(repository), "the branch to follow the first step")
        return self.branches(repository)[0]

    def test_a_branch_that_somebody_moves_is_theirs(self):
        repository = self.repository(FILES)
        other = repository.git("commit-tree", "-m", "Mine", "-p", "main", "main^{tree}")
        server = self.simulate(STEPS[0], {**STEPS[1], "delay_ms": 3000}, STEPS[2], DONE)
        process = self.begin(repository, server=server)
        branch = self.branch_with_a_step(process, repository)
        repository.git("update-ref", f"refs/heads/{branch}", other)
        run = self.finish(process, repository, 0, "fixed")
        self.assertEqual(repository.git("rev-parse", branch), other)
        self.assertEqual(run.result["branch"], self.steps(repository)[1])
        self.assertEqual(run.result["commit"], repository.git("rev-parse", run.result["branch"]))

    def test_a_branch_that_somebody_checks_out_is_left_alone(self):
        repository = self.repository(FILES)
        server = self.simulate(STEPS[0], {**STEPS[1], "delay_ms": 3000}, STEPS[2], DONE)
        process = self.begin(repository, server=server)
        branch = self.branch_with_a_step(process, repository)
        repository.git("checkout", "-q", branch)
        at = repository.git("rev-parse", "HEAD")
        self.before = {**repository.state(), "worktrees": 1}
        run = self.finish(process, repository, 0, "fixed")
        self.assertEqual(repository.git("rev-parse", branch), at)
        self.assertEqual(run.result["branch"], self.steps(repository)[1])

    def test_the_view_shows_the_series(self):
        run = self.ordered(*STEPS, DONE, order(*ALL), json_view=False)
        self.assertIn("3 steps ordered as 2 commits", run.stdout)
        self.assertEqual(run.stdout.count("Count in words"), 1, "the closing words name the commits")

    def test_git_works_in_the_tree(self):
        look = "git status --short --branch; git log --oneline | wc -l; git branch --show-current; git diff --stat HEAD"
        expect = {"contains": ["## HEAD (no branch)\n2\n"], "outputs": [[0]]}
        self.ordered(FIX, turn(shell(look)), turn(message("Done."), expect=expect), verdict="fixed")
        self.assertEqual(self.server.violations, [])

    def test_nothing_is_left_of_a_run_without_commits(self):
        self.ordered(command="true", verdict="already_passing")
        self.assertEqual(self.repo.git("for-each-ref", "refs/graft", "refs/heads/graft"), "")
