"""The rules for CI: what is left alone, how often it is tried, and a branch that moves meanwhile."""

import json
import subprocess

from harness import GraftTest, wait_until
from scripted import DONE, FIX

FULL = "owner/project"


def pull_request(**more):
    head = {"ref": "feature", "sha": "0" * 40, "repo": {"full_name": more.pop("head", FULL)}}
    labels = [{"name": name} for name in more.pop("labels", [])]
    return {"number": 7, "pull_request": {
        "number": 7, "head": head, "base": {"ref": "main", "repo": {"full_name": FULL}}, "labels": labels, "draft": False,
        **more}}


def workflow_run(head=FULL):
    return {"workflow_run": {
        "name": "Tests", "head_branch": "feature", "head_sha": "0" * 40, "head_repository": {"full_name": head},
        "repository": {"full_name": FULL}, "pull_requests": []}, "repository": {"full_name": FULL}}


class PolicyTest(GraftTest):
    def event(self, event):
        file = self.root / "event.json"
        file.write_text(event if isinstance(event, str) else json.dumps(event))
        return {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(file)}

    def notices(self, run):
        return [event["message"] for event in run.events if event["type"] == "notice"]


class Skipping(PolicyTest):
    def skipped(self, environment, *words, flags=(), files=None):
        repository = self.repository(files, name=f"repository{self.count}")
        run = self.run_graft(repository, 16, *flags, env=environment, verdict="skipped")
        self.assert_clear(run, "skipped: ", *words)
        self.assertEqual(self.branches(repository), [])
        self.assertEqual([event["type"] for event in run.events], ["run.finished"])
        return run

    def worked(self, environment, *flags, files=None):
        repository, server = self.repository(files, name=f"repository{self.count}"), self.simulate(FIX, DONE)
        return self.run_graft(repository, 0, *flags, server=server, env=environment, verdict="fixed")

    def test_forks_drafts_and_the_label_are_left_alone_on_github(self):
        for event, words in (
            (pull_request(head="stranger/project"), "pull request 7 comes from a fork"),
            (pull_request(draft=True), "pull request 7 is a draft"),
            (pull_request(labels=["bug", "Graft:Skip"]), "pull request 7 has the label graft:skip"),
            (workflow_run("stranger/project"), "the run of the workflow Tests comes from a fork"),
        ):
            with self.subTest(words):
                self.skipped(self.event(event), words, "--no-skip")

    def test_a_fork_that_is_gone_was_one(self):
        event = pull_request()
        event["pull_request"]["head"]["repo"] = None
        self.skipped(self.event(event), "comes from a fork")

    def test_other_changes_are_worked_on(self):
        for event in (pull_request(head="Owner/Project", labels=["bug"]), workflow_run(), {"zen": "none of ours"}):
            self.worked(self.event(event))

    def test_the_rules_can_be_set_and_left_out(self):
        self.worked(self.event(pull_request(draft=True, head="a/b")), "--no-skip")
        (self.root / "config/graft").mkdir()
        (self.root / "config/graft/config.toml").write_text('[ci]\nskip = ["label"]\nlabel = "hands off"\n')
        self.worked(self.event(pull_request(draft=True, head="a/b", labels=["graft:skip"])))
        self.skipped(self.event(pull_request(labels=["hands off"])), "has the label hands off")

    def test_a_repository_may_name_a_label_and_cannot_allow_forks(self):
        files = {"answer.txt": "wrong\n", ".graft/config.toml": '[ci]\nskip = []\nlabel = "no"\n'}
        self.skipped(self.event(pull_request(head="a/b")), "comes from a fork", files=files)
        self.skipped(self.event(pull_request(labels=["no"])), "has the label no", files=files)

    def test_merge_requests_of_gitlab(self):
        base = {
            "GITLAB_CI": "true", "CI_MERGE_REQUEST_IID": "3", "CI_MERGE_REQUEST_PROJECT_ID": "1",
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1", "CI_MERGE_REQUEST_TITLE": "Add x", "CI_MERGE_REQUEST_LABELS": "a",
        }
        for more, words in (
            ({"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "2"}, "merge request 3 comes from a fork"),
            ({"CI_MERGE_REQUEST_TITLE": "Draft: x"}, "merge request 3 is a draft"),
            ({"CI_MERGE_REQUEST_LABELS": "a,graft:skip"}, "has the label"),
        ):
            with self.subTest(words):
                self.skipped({**base, **more}, words)
        self.worked(base)

    def test_an_event_that_cannot_be_read_allows_nothing(self):
        for text in ("{", None):
            environment = self.event(text or "")
            if text is None:
                environment["GITHUB_EVENT_PATH"] += ".gone"
            repository = self.repository(name=f"repository{self.count}")
            run = self.run_graft(repository, 64, env=environment, verdict="usage")
            self.assert_clear(run, "GITHUB_EVENT_PATH", "--no-skip")
            self.worked(environment, "--no-skip")


class Attempts(PolicyTest):
    def attempt(self, repository, exit_code, *flags, verdict, turns=(FIX, DONE)):
        return self.run_graft(repository, exit_code, *flags, server=self.simulate(*turns), verdict=verdict)

    def trailers(self, repository):
        (branch,) = self.branches(repository)
        return repository.git("log", "--format=%(trailers:key=Graft-Attempt,valueonly)", f"HEAD..{branch}").split()

    def test_attempts_in_a_row_are_counted_and_limited(self):
        repository = self.repository({"answer.txt": "wrong\n", "other.txt": "x\n"})
        for number, way in (("1", "--no-ff"), ("2", "--ff-only")):
            self.attempt(repository, 0, "--attempt-limit", "2", verdict="fixed")
            self.assertEqual(self.trailers(repository), [number])
            (branch,) = self.branches(repository)
            repository.git("merge", "-q", way, branch)
            repository.git("branch", "-D", branch)
            # It breaks again, without a commit of anybody.
            repository.write({"answer.txt": "wrong\n"})
            repository.git("commit", "-q", "--amend", "--no-edit", "--allow-empty", "-a")
        server = self.simulate(FIX)
        run = self.run_graft(repository, 12, "--attempt-limit", "2", server=server, verdict="budget")
        self.assert_clear(run, "2 attempts in a row", "--attempt-limit 2")
        self.assertEqual(server.requests, [])
        self.assertEqual(self.branches(repository), [])
        # A person's commit begins the count anew.
        repository.git("commit", "-q", "--allow-empty", "-m", "Think")
        self.attempt(repository, 0, "--attempt-limit", "2", verdict="fixed")
        self.assertEqual(self.trailers(repository), ["1"])

    def test_a_series_carries_the_number_and_a_squash_keeps_it(self):
        repository = self.repository({"answer.txt": "wrong\n", ".graft/config.toml": "[ci]\nattempts = 1\n"})
        self.attempt(repository, 0, verdict="fixed")
        (branch,) = self.branches(repository)
        body = repository.git("log", "-1", "--format=%B", branch)
        repository.git("branch", "-D", branch)
        repository.git("commit", "-q", "--allow-empty", "-m", f"Squash (#3)\n\n* {body}\n\nCo-authored-by: B <b@x.org>")
        self.attempt(repository, 12, verdict="budget")

    def test_nothing_is_counted_unasked(self):
        repository = self.repository()
        self.attempt(repository, 0, verdict="fixed")
        self.assertEqual(self.trailers(repository), [])

    def test_wrong_limits_are_refused(self):
        run = self.start("fix", "--attempt-limit", "0", "--", "true").end()
        self.assertEqual(run.exit_code, 64)
        self.assertIn("--attempt-limit must be at least 1", run.stderr)


class Moving(PolicyTest):
    def cloned(self, files=None):
        """A clone that follows a branch of a repository, and the other clone, in which somebody else works."""
        origin = self.root / "origin.git"
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", origin], env=self.world, check=True)
        mine = self.repository(files, name="mine")
        mine.git("remote", "add", "origin", str(origin))
        mine.git("push", "-q", "-u", "origin", "main")
        subprocess.run(["git", "clone", "-q", origin, self.root / "theirs"], env=self.world, check=True)
        return mine, self.root / "theirs"

    def push(self, folder):
        for words in (["commit", "-q", "--allow-empty", "-m", "Go on"], ["push", "-q", "origin", "HEAD"]):
            subprocess.run(["git", "-C", folder, *words], env=self.world, check=True)

    def test_a_branch_that_has_moved_before_ends_the_run_before_a_model_is_asked(self):
        mine, theirs = self.cloned()
        self.push(theirs)
        server = self.simulate(FIX)
        run = self.run_graft(mine, 16, "--stop-if-moved", server=server, verdict="skipped")
        self.assert_clear(run, "main on origin is at", "this run is about")
        self.assertEqual(server.requests, [])

    def test_a_branch_that_moves_meanwhile_is_not_for_publishing(self):
        mine, theirs = self.cloned()
        server = self.simulate({**FIX, "delay_ms": 6000}, DONE)
        process = self.begin(mine, "--stop-if-moved", server=server)
        process.wait_for("run.started")
        wait_until(lambda: server.requests, "the first request")
        self.push(theirs)
        run = self.finish(process, mine, 16, "skipped")
        self.assertIn("the command passes on commit", run.result["message"])
        self.assertIn("it is not for publishing", run.result["message"])
        self.assert_branch_has(mine, "answer.txt", "right")

    def test_a_branch_that_stays_is_worked_on_and_recorded(self):
        mine, _ = self.cloned()
        run = self.run_graft(mine, 0, "--stop-if-moved", server=self.simulate(FIX, DONE), verdict="fixed")
        (start,) = [event for event in run.events if event["type"] == "run.started"]
        self.assertEqual(start["upstream"], {"remote": "origin", "branch": "main", "commit": mine.git("rev-parse", "HEAD")})

    def test_ci_says_which_branch_is_meant(self):
        mine, theirs = self.cloned()
        event = pull_request()
        head = mine.git("rev-parse", "HEAD")
        event["pull_request"]["head"].update(ref="main", sha=head)
        mine.git("checkout", "-q", "--detach")
        self.run_graft(mine, 0, "--stop-if-moved", server=self.simulate(FIX, DONE), env=self.event(event), verdict="fixed")
        self.push(theirs)
        self.run_graft(mine, 16, "--stop-if-moved", server=self.simulate(FIX), env=self.event(event), verdict="skipped")

    def test_a_remote_that_cannot_be_asked_is_said_and_stops_nothing(self):
        mine, _ = self.cloned()
        mine.git("remote", "set-url", "origin", str(self.root / "gone.git"))
        run = self.run_graft(mine, 0, "--stop-if-moved", server=self.simulate(FIX, DONE), verdict="fixed")
        self.assertTrue([text for text in self.notices(run) if "whether main on origin has moved" in text], run.stdout)

    def test_without_a_branch_to_watch_it_cannot_be_asked_for(self):
        run = self.run_graft(self.repository(), 64, "--stop-if-moved", verdict="usage")
        self.assert_clear(run, "--stop-if-moved")
