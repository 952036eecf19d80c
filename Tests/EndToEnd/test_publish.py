"""`graft publish` against a strict local forge: one branch, one request, nobody's work overwritten, no token shown."""

import json
import subprocess
import unittest

from forge import TOKEN, Forge
from harness import CHECK, GraftTest, KEY, Repository
from scripted import DONE, FIX, note, patch, turn

NOT_YET = turn(note("Try."), patch(diff="@@\n-wrong\n+almost\n"))


class PublishTest(GraftTest):
    """A repository that was cloned from a forge, and a session in it."""

    kind, project = "github", "acme/calc"

    def setUp(self):
        super().setUp()
        self.forge = Forge(self.root / "forge", self.kind, self.project, self.world)
        self.addCleanup(self.forge.stop)
        self.local = self.repository()
        self.local.git("push", "-q", str(self.forge.bare), "main")
        self.local.git("remote", "add", "origin", self.forge.remote)

    def fixed(self, *turns, code=0, flags=(), **more):
        """Runs a session; returns its name."""
        server = self.simulate(*(turns or (FIX, DONE)))
        process = self.begin(self.local, *flags, server=server, **more).end()
        self.assertEqual(process.exit_code, code, process.stdout[-2000:] + process.stderr)
        self.run = process
        return process.result["session"].rsplit("/", 1)[-1]

    def publish(self, *arguments, code=0, env=None, token=True, flags=None):
        flags = ("--forge", self.kind) if flags is None else flags
        environment = {**(self.forge.environment if token else {}), **(env or {})}
        process = self.start("publish", "--repo", self.local.path, *flags, *arguments, env=environment).end()
        told = process.stdout + process.stderr
        self.assertEqual(process.exit_code, code, told)
        self.assertNotIn(TOKEN, told)
        self.assertNotIn(KEY, told)
        self.assertEqual(self.forge.faults, [])
        return process

    def published(self, *arguments, **more):
        return json.loads(self.publish("--json", *arguments, **more).stdout)


class Publishing(PublishTest):
    def test_a_fixed_session_becomes_one_request_and_a_second_call_changes_nothing(self):
        session = self.fixed()
        before = self.local.state()
        outcome = self.published()
        branch = f"graft/{session}"
        self.assertEqual((outcome["action"], outcome["branch"], outcome["base"]), ("opened", branch, "main"))
        self.assertEqual(outcome["commit"], self.run.result["commit"])
        self.assertEqual(self.forge.head(branch), self.run.result["commit"])
        ((method, number, content),) = self.forge.changes
        self.assertEqual((method, number), ("POST", 1))
        self.assertEqual(content["title"], "Say what is right")
        self.assertTrue(content["body"].startswith(f"<!-- graft-session: {session} -->\n"), content["body"])
        self.assertIn("Fixed", content["body"])
        self.assertIn(CHECK, content["body"])
        self.assertFalse(content["draft"])

        again = self.published()
        self.assertEqual((again["action"], again["pushed"], again["number"]), ("unchanged", False, 1))
        self.assertEqual(len(self.forge.changes), 1)
        self.assertEqual(self.local.state(), before, "what is the user's has changed")
        self.assertNotIn(TOKEN, (self.local.path / ".git/config").read_text())
        self.assertEqual(self.local.git("for-each-ref", "refs/remotes"), "")

    def test_a_changed_series_brings_the_request_up_to_date(self):
        self.fixed()
        self.published("--label", "bot")
        self.start("review", "reword", "1", "-m", "Tell the truth", "--repo", self.local.path).end()
        outcome = self.published("--label", "bot", "--label", "fix")
        self.assertEqual((outcome["action"], outcome["pushed"], outcome["number"]), ("updated", True, 1))
        self.assertEqual(len(self.forge.requests), 1)
        (request,) = self.forge.requests
        self.assertEqual((request["title"], request["labels"]), ("Tell the truth", ["bot", "fix"]))
        self.assertEqual(self.forge.head(outcome["branch"]), outcome["commit"])
        self.assertEqual(self.published("--label", "bot", "--label", "fix")["action"], "unchanged")

    def test_what_a_person_wrote_above_stays(self):
        self.fixed()
        self.published()
        self.forge.requests[0]["body"] = "Please look at this, **Bob**.\r\n\r\n" + self.forge.requests[0]["body"]
        self.start("review", "reword", "1", "-m", "Tell the truth", "--repo", self.local.path).end()
        self.published()
        body = self.forge.requests[0]["body"]
        self.assertTrue(body.startswith("Please look at this, **Bob**.\n\n<!-- graft-session: "), body)
        self.assertEqual(body.count("<!-- graft-session: "), 1)

    def test_a_dry_run_shows_all_and_touches_nothing(self):
        session = self.fixed()
        run = self.publish("--print", token=False, env={"GITHUB_TOKEN": TOKEN, "OPENAI_API_KEY": KEY})
        self.assertIn(f"{self.run.result['commit']}:refs/heads/graft/{session}", run.stdout)
        self.assertIn(f"POST http://127.0.0.1:{self.forge.port}/api/v3/repos/acme/calc/pulls", run.stdout)
        self.assertIn("--force-with-lease=", run.stdout)
        plan = json.loads(self.publish("--print", "--json", token=False).stdout)
        self.assertEqual(plan["create"]["body"]["base"], "main")
        self.assertEqual((self.forge.calls, self.forge.git_calls), ([], []))
        self.assertEqual(self.forge.branches, ["main"])

    def test_the_token_is_in_no_command_line(self):
        self.fixed()
        seen = self.root / "seen"
        tools = self.root / "tools"
        tools.mkdir()
        real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
        (tools / "git").write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> {seen}\nexec {real} "$@"\n')
        (tools / "git").chmod(0o755)
        self.publish(env={"PATH": f"{tools}:{self.world['PATH']}", "GIT_TRACE": "2", "GIT_CURL_VERBOSE": "1"})
        self.assertIn("push", seen.read_text())
        self.assertNotIn(TOKEN, seen.read_text())

    def test_hooks_and_the_repositorys_settings_do_not_matter(self):
        self.fixed()
        hook = self.local.path / ".git/hooks/pre-push"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {self.root}/ran\nexit 1\n")
        hook.chmod(0o755)
        # As actions/checkout leaves it, with another token.
        self.local.git("config", f"http.http://127.0.0.1:{self.forge.port}/.extraheader", "AUTHORIZATION: basic b3RoZXI=")
        self.local.git("config", "credential.helper", f"!touch {self.root}/asked")
        self.local.git("config", "push.gpgSign", "true")
        self.local.git("config", "push.followTags", "true")
        self.local.git("tag", "-a", "-m", "Mine", "v1")
        self.publish()
        self.assertFalse((self.root / "ran").exists())
        self.assertFalse((self.root / "asked").exists())
        self.assertEqual(self.forge.git("tag"), "")

    def test_a_remote_whose_address_has_a_password_shows_none(self):
        self.fixed()
        self.local.git("remote", "set-url", "origin", self.forge.remote.replace("//", "//ann:hunter2secret@"))
        run = self.publish()
        self.assertNotIn("hunter2secret", run.stdout + run.stderr)
        plan = self.publish("--print", token=False)
        self.assertNotIn("hunter2secret", plan.stdout + plan.stderr)


class Refusing(PublishTest):
    def refused(self, *arguments, words=(), code=1, **more):
        run = self.publish(*arguments, code=code, **more)
        for word in words:
            self.assertIn(word, run.stderr)
        self.assertEqual(self.forge.changes, [])
        return run

    def test_a_session_that_is_not_fixed_is_published_only_by_force(self):
        self.fixed(NOT_YET, DONE, DONE, DONE, DONE, DONE, DONE, DONE, DONE, DONE, code=10)
        self.refused(words=("not_fixed", "--force-unverified"))
        self.assertEqual(self.forge.branches, ["main"])
        self.published("--force-unverified", "--draft")
        (request,) = self.forge.requests
        self.assertIn("without a proof", request["body"])
        self.assertIn("not_fixed", request["body"])
        self.assertTrue(request["draft"])

    def test_nothing_is_pushed_to_the_base_or_a_protected_branch(self):
        session = self.fixed()
        for branch in ("main", "master", "release/1.0"):
            self.refused("--branch", branch, words=(branch, "--branch"))
        self.refused("--branch", "topic", "--base", "topic", words=("topic",))
        (self.root / "config/graft").mkdir()
        (self.root / "config/graft/config.toml").write_text('[ci]\nprotected_branches = ["keep/*"]\n')
        self.refused("--branch", "keep/this", words=("keep/this",))
        self.forge.git("branch", f"graft/{session}", "main")
        self.forge.protected.add(f"graft/{session}")
        self.refused(words=("protects it",))
        self.assertEqual(self.forge.head("main"), self.local.git("rev-parse", "main"))

    def test_commits_of_somebody_else_are_not_overwritten(self):
        session = self.fixed()
        self.publish()
        other = Repository.__new__(Repository)
        other.path, other.world = self.root / "other", self.world
        subprocess.run(["git", "clone", "-q", self.forge.bare, other.path], env=self.world, check=True, timeout=60)
        other.git("checkout", "-q", f"graft/{session}")
        other.write({"more.txt": "mine\n"})
        other.git("add", "-A")
        other.git("commit", "-qm", "Mine")
        other.git("push", "-q", "origin", f"graft/{session}")
        self.start("review", "reword", "1", "-m", "Tell the truth", "--repo", self.local.path).end()
        mine = self.forge.head(f"graft/{session}")
        changes = len(self.forge.changes)
        run = self.publish(code=1)
        self.assertIn("Graft has not pushed", run.stderr)
        self.assertEqual(self.forge.head(f"graft/{session}"), mine)
        self.assertEqual(len(self.forge.changes), changes)

    def test_a_branch_that_moves_in_between_stays(self):
        session = self.fixed()
        moved = self.forge.git("commit-tree", "-m", "Quick", "main^{tree}", "-p", "main")

        def move(method, path):
            if path.endswith("git-receive-pack") and method == "GET" and not self.forge.head(f"graft/{session}"):
                self.forge.git("branch", f"graft/{session}", moved)

        self.forge.hooks.append(move)
        self.refused(words=("somebody else",))
        self.assertEqual(self.forge.head(f"graft/{session}"), moved)

    def test_a_base_that_the_forge_does_not_have_is_refused(self):
        self.local.git("checkout", "-qb", "topic")
        self.local.write({"notes.txt": "not pushed\n"})
        self.local.git("add", "-A")
        self.local.git("commit", "-qm", "Not pushed")
        self.fixed()
        self.refused(words=("not in main",))
        self.refused("--base", "topic", words=("no branch topic",))

    def test_a_base_that_has_moved_on_is_told_or_refused(self):
        self.fixed()
        moved = self.forge.git("commit-tree", "-m", "Later", "main^{tree}", "-p", "main")
        self.forge.git("update-ref", "refs/heads/main", moved)
        self.refused("--require-current-base", words=("has moved",))
        self.assertIn("has moved on", self.publish().stderr)
        self.assertEqual(len(self.forge.requests), 1)

    def test_a_change_of_what_ci_runs_needs_a_yes(self):
        evil = patch(".github/workflows/ci.yml", "+on: push\n", "create_file")
        session = self.fixed(turn(note("Add it."), evil), FIX, DONE)
        self.refused(words=(".github/workflows/ci.yml", "--allow-ci-changes"))
        self.publish("--allow-ci-changes")
        self.assertIsNotNone(self.forge.head(f"graft/{session}"))

    def test_a_series_that_was_changed_has_to_be_proven_again(self):
        more = turn(note("Say more. It is asked for."), patch("more.txt", "+more\n", "create_file"))
        self.fixed(FIX, more, DONE)
        place = ("--repo", self.local.path)
        self.assertEqual(self.start("review", "drop", "2", *place).end().exit_code, 0)
        self.refused(words=("other files",))
        self.assertEqual(self.start("review", "verify", *place, "--", "true").end().exit_code, 0)
        self.refused(words=("other files",))
        self.assertEqual(self.start("review", "verify", *place).end().exit_code, 0)
        self.publish()
        self.assertNotIn("more.txt", self.forge.requests[0]["body"])

    def test_a_closed_request_is_not_opened_again_and_a_merged_one_is_done(self):
        self.fixed()
        self.publish()
        self.forge.requests[0]["state"] = "closed"
        self.assertIn("was closed", self.publish(code=1).stderr)
        self.forge.requests[0]["state"] = "merged"
        self.assertEqual(self.published()["action"], "merged")
        self.assertEqual(len(self.forge.requests), 1)

    def test_uncommitted_work_is_not_published(self):
        self.local.write({"private.txt": "mine\n"})
        self.fixed()
        self.refused(words=("uncommitted",))

    def test_wrong_arguments_are_a_usage_error(self):
        self.fixed()
        for arguments in (
            ("--session", "x", "--result", "y"), ("--forge", "bitbucket"), ("--remote", "nowhere"), ("--label", "a,b"),
            ("--branch", "a..b"), ("--title", " "), ("--result", "/nowhere"), ("--session", "nope"), ("--max-time", "soon"),
            ("--bundle", "/nowhere", "--upon", "HEAD~7"),
        ):
            with self.subTest(arguments=arguments):
                run = self.publish(*arguments, code=64)
                self.assertTrue(run.stderr.startswith("graft: "), run.stderr)


class Failing(PublishTest):
    """What goes wrong on the way: each failure has its exit code and says what to do."""

    def answers(self, *answers, when=lambda method, path: True):
        """Has the forge answer like this first."""
        rest = list(answers)
        self.forge.hooks.append(lambda method, path: rest.pop(0) if rest and when(method, path) else None)

    def test_without_a_token_it_is_said_which(self):
        self.fixed()
        run = self.publish(code=21, token=False)
        self.assertIn("GITHUB_TOKEN", run.stderr)
        self.assertIn("pull-requests: write", run.stderr)
        self.assertEqual(self.forge.calls, [])

    def test_a_wrong_token_is_told(self):
        self.fixed()
        run = self.publish(code=21, token=False, env={"GITHUB_TOKEN": "ghp_wrong_wrong_wrong"})
        self.assertIn("401", run.stderr)
        self.assertNotIn("ghp_wrong", run.stderr)

    def test_a_missing_right_names_the_scope(self):
        self.fixed()
        refusal = {"message": "Resource not accessible by integration"}
        headers = {"X-Accepted-GitHub-Permissions": "pull_requests=write"}
        self.answers((403, headers, refusal), when=lambda method, path: method == "POST" and path.endswith("/pulls"))
        run = self.publish(code=21)
        for word in ("403", "Resource not accessible", "pull_requests=write", "GITHUB_TOKEN"):
            self.assertIn(word, run.stderr)

    def test_a_repository_that_is_not_there_is_told(self):
        self.fixed()
        self.local.git("remote", "set-url", "origin", self.forge.remote.replace("calc", "gone"))
        run = self.publish(code=20)
        self.assertIn("acme/gone", run.stderr)
        self.assertIn("404", run.stderr)

    def test_what_the_forge_says_against_a_request_is_told(self):
        self.fixed()
        said = {"message": "Validation Failed", "errors": [{"message": "Draft pull requests are not supported."}]}
        self.answers((422, {}, said), when=lambda method, path: method == "POST" and path.endswith("/pulls"))
        run = self.publish(code=20)
        self.assertIn("Draft pull requests are not supported.", run.stderr)

    def test_passing_failures_are_waited_out(self):
        self.fixed()
        limit = {"message": "You have exceeded a secondary rate limit."}
        self.answers(
            (502, {}, {}), (429, {"Retry-After": "1"}, {}), (403, {"Retry-After": "1"}, limit), (503, {}, {}),
            when=lambda method, path: "/pulls" in path)
        run = self.publish()
        self.assertIn("trying again in", run.stderr)
        self.assertEqual(len(self.forge.requests), 1)

    def test_a_wait_that_is_too_long_ends_it(self):
        self.fixed()
        self.answers((429, {"Retry-After": "4000"}, {}))
        run = self.publish(code=75)
        self.assertIn("try again later", run.stderr)

    def test_an_answer_that_is_lost_opens_no_second_request(self):
        session = self.fixed()

        def lose(method, path):
            if method == "POST" and not self.forge.requests:
                self.forge.add("Say what is right", "", f"graft/{session}", "main", False)
                return 502, {}, {"message": "Bad Gateway"}
            return None

        self.forge.hooks.append(lose)
        self.assertEqual(self.published()["number"], 1)
        self.assertEqual(len(self.forge.requests), 1)
        self.assertIn("graft-session", self.forge.requests[0]["body"])

    def test_a_forge_that_does_not_answer_is_temporary(self):
        self.fixed()
        self.forge.stop()
        run = self.publish("--max-time", "3s", code=75)
        self.assertIn("127.0.0.1", run.stderr)

    def test_an_answer_that_is_no_json_is_told(self):
        self.fixed()
        self.forge.api = lambda handler, url, body: (200, {}, "<html>")
        run = self.publish(code=20)
        self.assertTrue(run.stderr)


class HandedOver(PublishTest):
    """What another machine has made: a result and a bundle, of which nothing is believed."""

    def handed(self, turns=(), **more):
        self.patches = self.root / "patches"
        self.session = self.fixed(*turns, flags=("--patch-dir", self.patches), **more)
        self.bundle, self.result = self.root / "series.bundle", self.root / "handed.json"
        run = self.start("review", "export", "--bundle", self.bundle, "--repo", self.local.path).end()
        self.assertEqual(run.exit_code, 0, run.stderr)
        self.result.write_text(json.dumps(self.run.result))
        self.base = self.local.git("rev-parse", "main")
        # A machine on which the session never was.
        self.local = Repository.__new__(Repository)
        self.local.path, self.local.world = self.root / "clone", self.world
        subprocess.run(["git", "clone", "-q", self.forge.bare, self.local.path], env=self.world, check=True, timeout=60)
        self.local.git("remote", "set-url", "origin", self.forge.remote)
        self.world["XDG_STATE_HOME"] = str(self.root / "nothing")

    def handing(self, *arguments, **more):
        return self.publish("--result", self.result, "--bundle", self.bundle, "--upon", self.base, *arguments, **more)

    def test_a_bundle_with_its_result_is_published(self):
        self.handed()
        self.handing("--branch", "graft/fix-main")
        self.assertEqual(self.forge.head("graft/fix-main"), self.run.result["commit"])
        (request,) = self.forge.requests
        self.assertIn(f"graft-session: {self.session}", request["body"])
        self.assertEqual(self.local.git("for-each-ref", "refs/heads"), self.local.git("for-each-ref", "refs/heads/main"))
        self.handing("--branch", "graft/fix-main")
        self.assertEqual(len(self.forge.changes), 1)

    def test_patches_with_their_result_become_the_same_commits(self):
        more = turn(note("Say more. It is asked for."), patch("more.txt", "+\u00fc\n", "create_file"))
        self.handed(turns=(FIX, more, DONE))
        before = self.local.state()
        arguments = ("--result", self.result, "--patches", self.patches, "--upon", self.base, "--branch", "graft/fix")
        self.publish(*arguments)
        self.assertEqual(self.forge.head("graft/fix"), self.run.result["commit"])
        self.assertEqual(self.local.state(), before)
        (file, *_) = sorted(self.patches.glob("*.patch"))
        file.write_bytes(file.read_bytes().replace(b"+right", b"+wrong too"))
        self.assertIn("the result is about", self.publish(*arguments, code=1).stderr)
        file.write_bytes(file.read_bytes().replace(b"-wrong", b"-other"))
        self.assertIn("do not apply", self.publish(*arguments, code=1).stderr)
        (self.patches / "series").write_text("../handed.json\n")
        self.publish(*arguments, code=64)
        self.assertEqual(self.local.state(), before)
        self.assertEqual(len(self.forge.changes), 1)

    def test_a_bundle_without_a_result_proves_nothing(self):
        self.handed()
        run = self.publish("--bundle", self.bundle, "--upon", self.base, code=1)
        self.assertIn("--force-unverified", run.stderr)

    def test_a_bundle_upon_another_commit_is_refused(self):
        self.handed()
        self.local.git("commit", "-q", "--allow-empty", "-m", "Other")
        self.base = self.local.git("rev-parse", "HEAD")
        self.assertIn("begins after", self.handing(code=1).stderr)

    def test_a_bundle_with_more_than_the_result_says_is_refused(self):
        self.handed()
        evil = self.local.git("commit-tree", "-m", "More", "main^{tree}", "-p", "main")
        self.local.git("update-ref", "refs/heads/graft/evil", evil)
        self.local.git("bundle", "create", "-q", self.bundle, "graft/evil", "^main")
        self.assertIn("the result is about", self.handing(code=1).stderr)
        self.result.write_text(json.dumps({**self.run.result, "commit": evil}))
        self.handing(code=1)
        self.local.git("update-ref", "refs/heads/graft/evil2", evil)
        self.local.git("bundle", "create", "-q", self.bundle, "graft/evil", "graft/evil2", "^main")
        self.assertIn("exactly one branch", self.handing(code=64).stderr)
        self.bundle.write_text("no bundle")
        self.handing(code=64)
        self.bundle.unlink()
        self.handing(code=64)
        self.assertEqual(self.forge.changes, [])
        self.assertEqual(self.forge.branches, ["main"])


class GitLab(Publishing):
    kind, project = "gitlab", "acme/tools/calc"

    def test_a_fixed_session_becomes_one_request_and_a_second_call_changes_nothing(self):
        session = self.fixed()
        self.publish("--label", "bot", "--draft")
        ((method, _, content),) = self.forge.changes
        self.assertEqual(method, "POST")
        self.assertEqual(content["title"], "Draft: Say what is right")
        self.assertEqual(content["labels"], "bot")
        self.assertTrue(content["description"].startswith(f"<!-- graft-session: {session} -->"))
        self.assertEqual(self.published("--label", "bot", "--draft")["action"], "unchanged")
        self.assertEqual(self.published("--label", "bot")["action"], "updated")
        self.assertEqual(self.forge.requests[0]["title"], "Say what is right")

    def test_a_dry_run_shows_all_and_touches_nothing(self):
        self.fixed()
        run = self.publish("--print", token=False)
        self.assertIn("/api/v4/projects/acme%2Ftools%2Fcalc/merge_requests", run.stdout)
        self.assertEqual(self.forge.calls, [])

    def test_the_token_of_a_job_is_told_to_be_too_little(self):
        self.fixed()
        run = self.publish(code=21, token=False, env={"CI_JOB_TOKEN": "glcbt-64_abcdefghijkl"})
        self.assertIn("GITLAB_TOKEN", run.stderr)


if __name__ == "__main__":
    unittest.main()
