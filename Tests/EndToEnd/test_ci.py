"""The workflow, the action and the GitLab job that come with Graft: checked as YAML, and run step by step.

Needs the venv of scripts/test (GRAFT_VENV) for the checkers and for PyYAML.
"""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import unittest
import zipfile
from pathlib import Path

VENV = Path(os.environ.get("GRAFT_VENV") or Path(__file__).resolve().parents[2] / ".build-venv")
sys.path[1:1] = [str(folder) for folder in VENV.glob("lib/python3*/site-packages")]

# pylint: disable=wrong-import-position
import yaml
from forge import TOKEN, Forge
from harness import CHECK, GRAFT, GraftTest, KEY, wait_until
from runner import Expression, Job
from scripted import DONE, FIX, note, patch, turn

ROOT = Path(__file__).resolve().parents[2]
ACTION = ROOT / "action.yml"
WORKFLOW = ROOT / "docs/examples/github/graft.yml"
GITLAB = ROOT / "docs/examples/gitlab/graft.gitlab-ci.yml"
READ_TOKEN = "ghs_read7c1e04b2d95f6a83"
NOT_YET = turn(note("Try."), patch(diff="@@\n-wrong\n+almost\n"))


class Files(unittest.TestCase):
    def check(self, *command):
        run = subprocess.run(
            [VENV / "bin" / command[0], *command[1:]], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_the_workflow_is_as_actionlint_wants_it(self):
        self.check("actionlint", WORKFLOW)

    def test_the_files_have_the_schemas_of_their_systems(self):
        for schema, file in (("github-actions", ACTION), ("github-workflows", WORKFLOW), ("gitlab-ci", GITLAB)):
            with self.subTest(file.name):
                self.check("check-jsonschema", "--builtin-schema", f"vendor.{schema}", file)

    def test_what_others_have_written_reaches_no_script(self):
        workflow, action = yaml.safe_load(WORKFLOW.read_text()), yaml.safe_load(ACTION.read_text())
        steps = [step for job in workflow["jobs"].values() for step in job["steps"]] + action["runs"]["steps"]
        for step in steps:
            self.assertNotIn("${{", step.get("run", ""), step)
            self.assertNotIn("${{", step.get("shell", ""), step)

    def test_actions_of_others_are_pinned(self):
        for file in (WORKFLOW, ACTION):
            for line in re.findall(r"uses: .*", file.read_text()):
                self.assertRegex(line, r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # \S", file.name)

    def test_each_job_has_only_the_rights_and_secrets_that_it_needs(self):
        workflow = yaml.safe_load(WORKFLOW.read_text())
        fix, publish = workflow["jobs"]["fix"], workflow["jobs"]["publish"]
        self.assertEqual(workflow["permissions"], {})
        self.assertNotIn("write", fix["permissions"].values())
        self.assertIn("secrets.OPENAI_API_KEY", str(fix))
        self.assertNotIn("secrets.", str(publish))
        for job in (fix, publish):
            for step in job["steps"]:
                if step["uses"].startswith("actions/checkout@"):
                    self.assertIs(step["with"]["persist-credentials"], False)

    def test_the_scripts_are_sound(self):
        for script in sorted((ROOT / "scripts/action").iterdir()):
            with self.subTest(script.name):
                self.assertTrue(os.access(script, os.X_OK))
                subprocess.run(["bash", "-n", script], check=True, timeout=20)
                self.assertIn("set -euo pipefail", script.read_text())

    def test_expressions_are_played_as_they_are_meant(self):
        contexts = {"a": {"b": "x"}, "c": ""}
        for text, value in (
            ("a.b == 'x'", True), ("a.b != 'x'", False), ("!startsWith(a.b, 'graft/')", True), ("c || a.b", "x"),
            ("a.b == 'x' && (c == '' || a.z)", True), ("always() && a.none != ''", False), ("'it''s'", "it's"),
        ):
            self.assertEqual(Expression(text, contexts).value(), value, text)


class Workflow(GraftTest):
    """A repository with a broken test, a failed run of its workflow, and the two jobs that follow."""

    def setUp(self):
        super().setUp()
        self.forge = Forge(self.root / "forge", "github", "acme/calc", self.world)
        self.addCleanup(self.forge.stop)
        self.local = self.repository()
        self.local.git("push", "-q", str(self.forge.bare), "main")
        self.jobs = 0
        program = f'#!/bin/sh\nexec {GRAFT} "$@"\n'.encode()
        self.archive = self.root / "graft.tar.gz"
        with tarfile.open(self.archive, "w:gz") as archive:
            entry = tarfile.TarInfo("graft-0.1.0/bin/graft")
            entry.size, entry.mode = len(program), 0o755
            archive.addfile(entry, io.BytesIO(program))
        self.sha256 = hashlib.sha256(self.archive.read_bytes()).hexdigest()

    def event(self, **more):
        run = {
            "id": 42, "conclusion": "failure", "event": "push", "head_sha": self.forge.head("main"),
            "head_branch": "main", "head_repository": {"full_name": "acme/calc"}, **more,
        }
        return {"workflow_run": run}

    def job(self, name, event, needs=None, **overrides):
        """Runs a job of the workflow; what a user would change in it is replaced."""
        self.jobs += 1
        common = {"archive": str(self.archive), "sha256": self.sha256}
        own = {"command": CHECK, "base-url": self.server.url, "log-run-id": ""} if name == "fix" else {}
        job = Job(
            self.root / f"job{self.jobs}", self.world, event=event, token=READ_TOKEN if name == "fix" else TOKEN,
            action=ROOT, forge=self.forge, artifacts=self.root / "artifacts", secrets={"OPENAI_API_KEY": KEY},
            overrides={**common, **own, **overrides})
        outputs = job.run(yaml.safe_load(WORKFLOW.read_text())["jobs"][name], needs)
        self.assertNotIn(TOKEN, job.output)
        self.assertNotIn(KEY, job.output)
        return job, outputs

    def play(self, *turns, event=None, **overrides):
        """Runs both jobs, the second as its condition says; returns them."""
        self.server = self.simulate(*turns)
        event = event or self.event()
        fix, outputs = self.job("fix", event, **overrides)
        self.assertIsNotNone(outputs, "the job fix did not run")
        publish, done = self.job("publish", event, {"fix": {"outputs": outputs}})
        return fix, publish if done is not None and not fix.failed else None

    def test_a_failed_run_becomes_one_pull_request_with_a_verified_commit(self):
        fix, publish = self.play(FIX, DONE)
        self.assertFalse(fix.failed, fix.output)
        self.assertIsNotNone(publish, fix.output)
        self.assertFalse(publish.failed, publish.output)
        self.assertEqual(self.forge.faults, [])
        ((method, number, content),) = self.forge.changes
        self.assertEqual((method, number, content["base"], content["head"]), ("POST", 1, "main", "graft/main"))
        commit = self.forge.head("graft/main")
        self.assertIn(f"<!-- graft-head: {commit} -->", content["body"])
        self.assertEqual(self.forge.git("show", f"{commit}:answer.txt"), "right")
        self.assertEqual(self.forge.git("rev-parse", f"{commit}^"), self.forge.head("main"))
        self.assertIn(f"clean checkout of `{commit[:10]}`", content["body"])
        self.assertIn("Fixed", fix.summary.read_text())

    def test_no_job_has_the_others_secret(self):
        fix, publish = self.play(FIX, DONE)
        for name, environment in fix.environments:
            self.assertNotIn(TOKEN, environment.values())
            self.assertEqual(KEY in environment.values(), name == "Repair", name)
        for name, environment in publish.environments:
            self.assertNotIn(KEY, environment.values())
            self.assertEqual(TOKEN in environment.values(), name == "Publish", name)

    def test_the_same_failure_again_changes_nothing_and_a_later_one_updates_the_request(self):
        self.play(FIX, DONE)
        first = self.forge.head("graft/main")
        self.local.write({"other.txt": "more\n"})
        self.local.git("add", "-A")
        self.local.git("commit", "-qm", "More")
        self.local.git("push", "-q", str(self.forge.bare), "main")
        _, publish = self.play(FIX, DONE)
        self.assertFalse(publish.failed, publish.output)
        self.assertEqual(len(self.forge.requests), 1)
        self.assertEqual([method for method, _, _ in self.forge.changes], ["POST", "PATCH"])
        second = self.forge.head("graft/main")
        self.assertNotEqual(first, second)
        self.assertEqual(self.forge.git("rev-parse", f"{second}^"), self.forge.head("main"))

    def test_a_model_that_fails_gives_no_call(self):
        fix, publish = self.play(NOT_YET, *[DONE] * 9)
        self.assertTrue(fix.failed)
        self.assertIsNone(publish)
        self.assertEqual((self.forge.changes, self.forge.branches), ([], ["main"]))
        self.assertTrue((self.root / "artifacts/graft/result.json").exists(), "the result is kept")

    def test_forks_and_grafts_own_branches_are_left_alone(self):
        self.server = self.simulate()
        for more in (
            {"head_repository": {"full_name": "mallory/calc"}}, {"head_branch": "graft/main"}, {"conclusion": "success"},
        ):
            _, outputs = self.job("fix", self.event(**more))
            self.assertIsNone(outputs, more)

    def test_a_base_that_has_moved_in_between_gets_no_request(self):
        self.server = self.simulate(FIX, DONE)
        event = self.event()
        _, outputs = self.job("fix", event)
        moved = self.forge.git("commit-tree", "-m", "Later", "main^{tree}", "-p", "main")
        self.forge.git("update-ref", "refs/heads/main", moved)
        publish, _ = self.job("publish", event, {"fix": {"outputs": outputs}})
        self.assertTrue(publish.failed)
        self.assertIn("has moved", publish.output)
        self.assertEqual(self.forge.changes, [])

    def test_a_result_that_was_exchanged_is_not_published(self):
        self.server = self.simulate(FIX, DONE)
        event = self.event()
        _, outputs = self.job("fix", event)
        evil = self.local.git("commit-tree", "-m", "Evil", "main^{tree}", "-p", "main")
        self.local.git("update-ref", "refs/heads/graft/evil", evil)
        self.local.git("bundle", "create", "-q", self.root / "artifacts/graft/series.bundle", "graft/evil", "^main")
        publish, _ = self.job("publish", event, {"fix": {"outputs": outputs}})
        self.assertTrue(publish.failed)
        self.assertEqual((self.forge.changes, self.forge.branches), ([], ["main"]))

    def test_names_that_are_scripts_are_only_names(self):
        name = "a$(touch${IFS}pwned)`id`"
        self.local.git("push", "-q", str(self.forge.bare), f"main:refs/heads/{name}")
        _, publish = self.play(FIX, DONE, event=self.event(head_branch=name))
        self.assertFalse(publish.failed, publish.output)
        self.assertEqual(self.forge.requests[0]["base"], name)
        self.assertEqual(list(self.root.rglob("pwned")), [])

    def test_the_log_of_the_failed_run_names_the_command_and_reaches_the_model(self):
        lines = [
            f"##[group]Run {CHECK}", "shell: /usr/bin/bash -e {0}", "##[endgroup]",
            "FAILED tests/test_answer.py::test_right - assert 'wrong' == 'right'",
            "##[error]Process completed with exit code 1.",
        ]
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            text = "".join(f"2026-05-01T12:00:03.0000001Z {line}\n" for line in lines)
            archive.writestr("test/3_Run check.txt", text)
        self.forge.logs = data.getvalue()
        fix, publish = self.play(FIX, DONE, **{"log-run-id": "42", "github-token": READ_TOKEN, "command": ""})
        self.assertIsNotNone(publish, fix.output)
        self.assertFalse(publish.failed, publish.output)
        self.assertIn("tests/test_answer.py::test_right", self.server.text)
        self.assertIn(CHECK, fix.output)
        self.assertNotIn(READ_TOKEN, fix.output)

    def test_a_log_that_cannot_be_had_is_gone_without(self):
        fix, publish = self.play(FIX, DONE, **{"log-run-id": "42", "github-token": READ_TOKEN})
        self.assertIn("could not be fetched", fix.output)
        self.assertIsNotNone(publish, fix.output)

    def test_a_step_that_is_stopped_passes_it_on_and_keeps_the_result(self):
        self.server = self.simulate(NOT_YET, turn(note("Wait."), delay_ms=600_000))
        place, tools = self.root / "kept", self.root / "tools"
        for folder in (place, tools):
            folder.mkdir()
        (tools / "graft").symlink_to(GRAFT)
        world = {
            **self.world, "PATH": f"{tools}:{self.world['PATH']}", "OPENAI_API_KEY": KEY, "GRAFT_OUTPUT": str(place),
            "GRAFT_INPUT_BASE_URL": self.server.url, "GRAFT_INPUT_COMMAND": CHECK,
        }
        with subprocess.Popen(
            [ROOT / "scripts/action/fix"], env=world, cwd=self.local.path, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as step:
            wait_until(lambda: len(self.server.requests) == 2, "the second request")
            step.terminate()
            self.assertEqual(step.wait(timeout=30), 143)
        self.assertEqual(json.loads((place / "result.json").read_text())["verdict"], "terminated")

    def test_what_the_rules_leave_alone_fails_no_job(self):
        self.server = self.simulate()
        fix = Job(
            self.root / "draft", self.world, token=READ_TOKEN, action=ROOT, forge=self.forge,
            event={"pull_request": {
                "number": 3, "draft": True, "head": {"ref": "main", "repo": {"full_name": "acme/calc"}},
                "base": {"ref": "main", "repo": {"full_name": "acme/calc"}}, "labels": []}},
            artifacts=self.root / "artifacts", secrets={}, overrides={})
        fix.check_out({"persist-credentials": "false", "ref": self.forge.head("main")})
        outputs = fix.compose({
            "archive": str(self.archive), "sha256": self.sha256, "command": CHECK, "openai-api-key": KEY,
            "base-url": self.server.url})
        self.assertFalse(fix.failed, fix.output)
        self.assertEqual(outputs["verdict"], "skipped", fix.output)

    def test_an_archive_with_another_checksum_is_not_installed(self):
        self.server = self.simulate()
        fix, _ = self.job("fix", self.event(), sha256="0" * 64)
        self.assertTrue(fix.failed)
        self.assertIn("not the one that was asked for", fix.output)
        self.assertEqual(fix.ran[-1], "Install Graft")

    def test_inputs_become_flags(self):
        self.server = self.simulate(FIX, DONE)
        task = "--Make the answer right, and \"so on\"."
        fix, outputs = self.job(
            "fix", self.event(), task=task, args="--no-series\n--max-turns=7", **{"max-time": "20m"})
        self.assertEqual(outputs["verdict"], "fixed", fix.output)
        self.assertIn("Make the answer right", self.server.text)


class GitLabJobs(GraftTest):
    """The scripts of the two GitLab jobs, one after the other, each in a clone of its own."""

    def setUp(self):
        super().setUp()
        self.forge = Forge(self.root / "forge", "gitlab", "acme/tools/calc", self.world)
        self.addCleanup(self.forge.stop)
        self.repository().git("push", "-q", str(self.forge.bare), "main")
        self.tools = self.root / "tools"
        self.tools.mkdir()
        (self.tools / "graft").symlink_to(GRAFT)
        self.jobs = yaml.safe_load(GITLAB.read_text())

    def job(self, name, secrets, artifacts=None):
        place = self.root / name
        subprocess.run(["git", "clone", "-q", self.forge.bare, place], env=self.world, check=True, timeout=60)
        subprocess.run(
            ["git", "-C", place, "remote", "set-url", "origin", self.forge.remote], env=self.world, check=True, timeout=60)
        if artifacts:
            shutil.copytree(artifacts / ".graft-result", place / ".graft-result")
        server = f"http://127.0.0.1:{self.forge.port}"
        head = self.forge.head("main")
        environment = {
            **self.world, **secrets, "PATH": f"{self.tools}:{self.world['PATH']}", "GITLAB_CI": "true", "CI": "true",
            "CI_PROJECT_DIR": str(place), "CI_COMMIT_SHA": head, "CI_COMMIT_BRANCH": "main", "CI_SERVER_URL": server,
            "CI_SERVER_HOST": "127.0.0.1", "CI_API_V4_URL": f"{server}/api/v4", "CI_PROJECT_PATH": "acme/tools/calc",
            "GRAFT_COMMAND": CHECK, "XDG_STATE_HOME": str(self.root / f"state-{name}"),
        }
        run = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", "\n".join(self.jobs[name]["script"])], env=environment, cwd=place,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
        self.assertNotIn(TOKEN, run.stdout + run.stderr)
        return place, run

    def test_a_failed_pipeline_becomes_one_merge_request(self):
        server = self.simulate(FIX, DONE)
        place, fix = self.job("graft-fix", {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url})
        self.assertEqual(fix.returncode, 0, fix.stdout + fix.stderr)
        for path in self.jobs["graft-fix"]["artifacts"]["reports"].values():
            self.assertTrue((place / path).exists(), path)
        _, publish = self.job("graft-publish", {"GITLAB_TOKEN": TOKEN}, place)
        self.assertEqual(publish.returncode, 0, publish.stdout + publish.stderr)
        ((method, _, content),) = self.forge.changes
        self.assertEqual((method, content["target_branch"], content["source_branch"]), ("POST", "main", "graft/main"))
        self.assertEqual(self.forge.git("show", "graft/main:answer.txt"), "right")
        self.assertEqual(self.forge.faults, [])

    def test_a_model_that_fails_fails_the_job(self):
        server = self.simulate(NOT_YET, *[DONE] * 9)
        _, fix = self.job("graft-fix", {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url})
        self.assertEqual(fix.returncode, 10, fix.stdout + fix.stderr)

    def test_each_job_is_for_its_own_environment(self):
        names = [self.jobs[name]["environment"]["name"] for name in ("graft-fix", "graft-publish")]
        self.assertEqual(names, ["graft/fix", "graft/publish"])
        self.assertEqual(self.jobs["graft-publish"]["needs"], ["graft-fix"])


if __name__ == "__main__":
    unittest.main()
