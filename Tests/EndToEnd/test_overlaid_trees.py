"""`--tree overlay`: a session in an overlay of the whole checkout."""

import contextlib
import hashlib
import os
import re
import shutil
import signal
import subprocess
import unittest
from pathlib import Path

from harness import GRAFT, GraftTest, needs_namespaces, wait_until
from scripted import DONE, note, patch, shell, turn

FIX = turn(note("Say what is right."), patch())
FILES = {
    ".gitignore": "/deps/\n.env\n*.log\n",
    "answer.txt": "wrong\n", "docs/a.txt": "a\n", "docs/deep/b.txt": "b\n", "old.txt": "old\n", "tool.sh": "#!/bin/sh\n",
    "kind": "a file\n", "folder/inside": "a folder\n",
}  # fmt: skip


def contents(folder):
    """Every path below with kind, mode, owner, times and content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        state = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        times = (state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
        found[str(path.relative_to(folder))] = (state.st_mode, state.st_uid, times, hashlib.sha256(content).hexdigest())
    return {name: found for name, found in found.items() if not name.startswith(".git/") and name != ".git"}


@needs_namespaces
class OverlaidTrees(GraftTest):
    def project(self, files=None):
        repository = self.repository({**FILES, **(files or {})})
        repository.write({"deps/module": "vendored\n", ".env": "KEY=1\n", "build.log": "log\n"})
        (repository.path / "link").symlink_to("answer.txt")
        repository.git("add", "link")
        repository.git("commit", "-q", "-m", "Link")
        return repository

    def overlay(self, repository, code, *turns, kind="overlay", **more):
        before = contents(repository.path)
        server = self.simulate(*turns)
        run = self.run_graft(repository, code, "--tree", more.pop("choice", "overlay"), server=server, **more)
        self.assertEqual(contents(repository.path), before, "the checkout has changed")
        (started,) = [event for event in run.events if event["type"] == "run.started"]
        self.assertEqual(started["tree_kind"], kind, self.notices(run))
        self.assertEqual([*self.state.glob("graft/sessions/*/overlays"), *self.state.glob("graft/sessions/*/verify*")], [])
        return run

    def go_on(self, process, repository):
        """Lets commands go on that wait; what appears in the checkout they may never see."""
        self.before = {**repository.state(), "worktrees": 1}

        def ended():
            for folder in [*self.state.glob("graft/sessions/*/tmp"), *self.state.glob("graft/sessions/*/verify-*.tmp")]:
                with contextlib.suppress(FileNotFoundError):
                    (folder / "go").touch()
            return process.has_ended()

        wait_until(ended, "graft's end")

    @staticmethod
    def notices(run):
        return [event["message"] for event in run.events if event["type"] == "notice"]

    @staticmethod
    def outputs(run):
        return [item["aggregated_output"] for item in run.items("command_execution")]

    def changes(self, repository):
        (branch,) = self.branches(repository)
        return sorted(repository.git("diff", "--no-renames", "--name-status", "HEAD", branch).splitlines())

    def test_a_patch_is_committed_and_verified(self):
        repository = self.project()
        run = self.overlay(repository, 0, FIX, DONE, verdict="fixed")
        self.assertEqual(self.notices(run), [])
        self.assertEqual(self.changes(repository), ["M\tanswer.txt"])

    def test_commands_patches_and_git_see_one_tree(self):
        look = "pwd; ls -A | tr '\\n' ' '; cat deps/module answer.txt; git status --porcelain; git log --oneline | wc -l"
        repository = self.project()
        run = self.overlay(repository, 0, turn(shell(look)), FIX, turn(shell(look)), DONE, verdict="fixed")
        first, second = self.outputs(run)
        names = ".git .gitignore answer.txt deps docs folder kind link old.txt tool.sh"
        self.assertEqual(first, f"{repository.path}\n{names} vendored\nwrong\n2\n")
        self.assertEqual(second, f"{repository.path}\n{names} vendored\nright\n3\n")

    def test_all_that_commands_do_is_committed_and_nothing_else(self):
        repository = self.project()
        lines = [
            "echo right > answer.txt && echo new > new.txt && mkdir made && echo x > made/x",
            "mv docs manuals && chmod +x old.txt && rm kind && mkdir kind && echo in > kind/now-a-folder",
            "rm -r folder && echo now a file > folder && ln -sfn old.txt link && echo y > deps/module && touch .env",
            "printf 'same\\n' > tool.sh && printf '#!/bin/sh\\n' > tool.sh && touch answer.txt && rm made/x && echo z > made/z",
        ]
        run = self.overlay(repository, 0, *[turn(shell(line)) for line in lines], DONE, verdict="fixed")
        self.assertEqual("".join(self.outputs(run)), "")
        self.assertEqual(self.changes(repository), sorted([
            "M\tanswer.txt", "A\tnew.txt", "A\tmade/z", "D\tdocs/a.txt", "D\tdocs/deep/b.txt", "A\tmanuals/a.txt",
            "A\tmanuals/deep/b.txt", "M\told.txt", "D\tkind", "A\tkind/now-a-folder", "D\tfolder/inside", "A\tfolder",
            "M\tlink",
        ]))  # fmt: skip
        (branch,) = self.branches(repository)
        modes = repository.git("ls-tree", "-r", branch).splitlines()
        self.assertIn("100755", next(line for line in modes if line.endswith("\told.txt")))
        self.assertIn("120000", next(line for line in modes if line.endswith("\tlink")))

    def test_what_one_step_makes_a_later_one_can_take_away(self):
        repository = self.project()
        steps = [
            turn(shell("mkdir -p a/b && echo 1 > a/b/one && echo 2 > a/b/two")), turn(shell("rm a/b/one")),
            turn(patch("a/b/three", "+3\n", "create_file")), turn(shell("rm -r a && echo 4 > a")),
            turn(patch("a", "", "delete_file")), turn(shell("rm -r docs && mkdir docs && echo n > docs/new")),
        ]  # fmt: skip
        self.overlay(repository, 0, *steps, FIX, DONE, verdict="fixed")
        expected = ["M\tanswer.txt", "D\tdocs/a.txt", "D\tdocs/deep/b.txt", "A\tdocs/new"]
        self.assertEqual(self.changes(repository), sorted(expected))

    def test_uncommitted_work_goes_along(self):
        repository = self.project()
        repository.write({"answer.txt": "nearly wrong\nwrong\n", "draft.txt": "mine\n"})
        (repository.path / "old.txt").unlink()
        look = turn(shell("cat draft.txt; ls old.txt; git status --porcelain"))
        run = self.overlay(repository, 0, look, FIX, DONE, verdict="fixed")
        self.assertEqual(self.outputs(run), ["mine\nls: cannot access 'old.txt': No such file or directory\n"])
        self.assertEqual(self.changes(repository), ["A\tdraft.txt", "D\told.txt", "M\tanswer.txt"])

    def test_what_is_not_taken_along_is_not_there(self):
        repository = self.project()
        with open(repository.path / "huge.bin", "wb") as file:
            file.truncate(9 << 20)
        (repository.path / "nested").mkdir()
        repository.write({"nested/file": "x"})
        subprocess.run(["git", "init", "-q", repository.path / "nested"], check=True)
        run = self.overlay(repository, 0, turn(shell("ls huge.bin nested .env build.log 2>&1 | wc -l")), FIX, DONE)
        self.assertEqual(self.outputs(run), ["4\n"])
        told = [notice for notice in self.notices(run) if notice.startswith("not taken along")]
        self.assertEqual(len(told), 2, told)

    def test_what_the_user_edits_meanwhile_is_not_the_sessions(self):
        repository = self.project()
        server = self.simulate(
            turn(shell("touch begun; until [ -e /tmp/go ]; do sleep 0.02; done; rm begun")),
            turn(patch("tool.sh", "@@\n-#!/bin/sh\n+#!/bin/bash\n")), FIX, DONE)
        process = self.begin(repository, "--tree", "overlay", server=server)
        wait_until(lambda: list(self.state.glob("graft/sessions/*/overlays/upper/begun")), "the command")
        repository.write({"docs/a.txt": "edited\n", "tool.sh": "#!/bin/sh\nedited\n", "added.txt": "added\n"})
        (repository.path / "old.txt").unlink()
        self.go_on(process, repository)
        self.finish(process, repository, 0, "fixed")
        self.assertEqual(self.changes(repository), ["M\tanswer.txt", "M\ttool.sh"])
        self.assert_branch_has(repository, "tool.sh", "#!/bin/bash")

    def test_a_verification_meanwhile_edited_is_made_again_elsewhere(self):
        repository = self.project()
        command = "if grep -q right answer.txt; then touch deps/seen; until [ -e /tmp/go ]; do sleep 0.02; done; " \
            "[ ! -e docs/edited ]; else exit 1; fi"
        process = self.begin(repository, "--tree", "overlay", server=self.simulate(FIX, DONE), command=command)
        wait_until(lambda: list(self.state.glob("graft/sessions/*/verify-*.overlays/upper/deps/seen")), "the command")
        repository.write({"docs/edited": "by the user\n"})
        self.go_on(process, repository)
        process = self.finish(process, repository, 0, "fixed")
        self.assertTrue(any("your files have changed meanwhile" in text for text in self.notices(process)))

    def test_a_verification_sees_the_commit_and_not_what_else_has_been_edited(self):
        repository = self.project({"helper.txt": "broken\n"})
        server = self.simulate(turn(shell("touch begun; until [ -e /tmp/go ]; do sleep 0.02; done")), FIX, *[DONE] * 9)
        process = self.begin(repository, "--tree", "overlay", server=server, command="grep -q mended helper.txt")
        wait_until(lambda: list(self.state.glob("graft/sessions/*/overlays/upper/begun")), "the command")
        repository.write({"helper.txt": "mended\n"})
        self.go_on(process, repository)
        self.finish(process, repository, 10, "not_fixed")

    def test_a_killed_session_leaves_its_changes_until_somebody_lets_them_go(self):
        repository = self.project()
        server = self.simulate(FIX, turn(shell("echo late > late.txt; sync late.txt; sleep 86389")))
        before = contents(repository.path)
        process = self.begin(repository, "--tree", "overlay", server=server)
        process.wait_for("item.started", lambda event: event["item"]["type"] == "command_execution")
        change = "graft/sessions/*/overlays/upper/late.txt"
        upper = wait_until(lambda: [file for file in self.state.glob(change) if file.read_bytes()], "the change")[0]
        process.signal(signal.SIGKILL)
        wait_until(lambda: not self.left_processes(), "the end of the command")
        self.assertEqual(contents(repository.path), before)
        self.assertEqual(upper.read_text(), "late\n")
        self.assertEqual((upper.parent / "answer.txt").read_text(), "right\n")
        steps = repository.git("for-each-ref", "--format=%(refname)", "refs/graft").split()
        self.assertEqual(repository.show(steps[0], "answer.txt"), "right")
        # What late.txt holds is in no commit.
        plan = self.start("clean", "-n").end()
        self.assertIn("no commit", plan.stdout + plan.stderr)
        self.assertEqual(self.start("clean", "--yes").end().exit_code, 0)
        self.assertEqual(upper.read_text(), "late\n")
        self.assertEqual(self.start("clean", "--session", steps[0].split("/")[2], "--yes").end().exit_code, 0)
        self.assertEqual([*self.state.glob("graft/sessions/*/overlays"), *self.state.glob("graft/sessions/*/tree")], [])
        self.assertEqual(repository.git("worktree", "list").count("\n"), 0)
        self.assertEqual(contents(repository.path), before)

    def test_more_rights_for_one_command_show_the_same_tree(self):
        repository = self.project()
        (self.root / "config/graft").mkdir()
        (self.root / "granted").mkdir()
        (self.root / "config/graft/config.toml").write_text(f'[[approve]]\nwrite = ["{self.root}/granted"]\n')
        call = {
            "type": "function_call", "name": "run_with_permission",
            "arguments": {"command": f"echo right > answer.txt; cat docs/a.txt > {self.root}/granted/x",
                          "reason": "to see", "write": [f"{self.root}/granted"]},
        }  # fmt: skip
        self.overlay(repository, 0, turn(call), turn(shell("cat answer.txt")), DONE, verdict="fixed")
        self.assertEqual((self.root / "granted/x").read_text(), "a\n")
        self.assertEqual(self.changes(repository), ["M\tanswer.txt"])

    def test_git_inside_cannot_be_turned_against_the_repository(self):
        repository = self.project()
        lines = ["echo x > .git", "rm -f .git", "git commit -qam x", "git update-ref refs/heads/main HEAD~", "mv .git x"]
        run = self.overlay(repository, 0, *[turn(shell(line)) for line in lines], FIX, DONE, verdict="fixed")
        codes = [item["exit_code"] for item in run.items("command_execution")]
        self.assertTrue(all(codes), codes)

    def refused(self, repository, code, *words, flags=()):
        run = self.run_graft(repository, code, "--tree", "overlay", *flags, server=self.simulate())
        self.assert_clear(run, *words)
        self.assertEqual(repository.git("for-each-ref", "refs/graft", "refs/heads/graft"), "")

    def test_what_cannot_be_overlaid_is_refused_with_the_reason(self):
        cases = {
            "the attribute filter=x converts files": {".gitattributes": "*.bin filter=x\n"},
            "the attribute eol=crlf converts files": {"docs/.gitattributes": "*.txt text eol=crlf\n"},
        }
        for number, (reason, files) in enumerate(cases.items()):
            repository = self.repository({**FILES, **files}, name=f"case{number}")
            self.refused(repository, 64, "the checkout cannot be overlaid", reason, "--tree worktree")
        repository = self.repository(FILES, name="converted")
        repository.git("config", "core.autocrlf", "true")
        self.refused(repository, 64, "core.autocrlf converts files")
        repository = self.repository(FILES, name="unconfined")
        self.refused(repository, 64, "--sandbox off has nothing to show it in", flags=("--sandbox", "off"))
        repository = self.repository(FILES, name="sparse")
        repository.git("update-index", "--skip-worktree", "docs/a.txt")
        self.refused(repository, 64, "its index has files that are not to be looked at")
        repository = self.repository(FILES, name="hiding")
        policy = self.root / "policy.toml"
        policy.write_text(f'hide = ["{repository.path}/docs"]\n')
        self.refused(repository, 64, "the policy hides", flags=("--policy", str(policy)))

    @unittest.skipUnless(os.geteuid() == 0, "needs root to give files away")
    def test_other_owners_files_are_seen_before_anything_begins(self):
        for number, (name, user, group) in enumerate([("old.txt", 12345, 0), ("docs/deep", 0, 12345), ("docs", 12345, 0)]):
            repository = self.repository(FILES, name=f"owned{number}")
            repository.git("config", "--global", "safe.directory", "*")
            os.chown(repository.path / name, user, group)
            self.refused(repository, 64, "belong to you and your group")

    def test_a_state_folder_in_the_checkout_is_no_place_for_an_overlay(self):
        repository = self.repository({**FILES, ".gitignore": "/state/\n"})
        self.state = repository.path / "state"
        self.world["XDG_STATE_HOME"] = str(self.state)
        run = self.start("fix", "--repo", repository.path, "--tree", "overlay", "--", "false").end()
        self.assertEqual(run.exit_code, 64, run.stderr)
        self.assert_clear(run, "cannot be overlaid")

    def test_auto_takes_an_overlay_of_many_files_and_says_why_if_not(self):
        with open(self.root / "home/.gitconfig", "a", encoding="utf-8") as file:
            file.write("[gc]\nauto = 0\n")
        many = {f"many/{number // 500}/{number}.txt": f"{number}\n" for number in range(10_000)}
        repository = self.project(many)
        self.overlay(repository, 0, FIX, DONE, choice="auto", verdict="fixed")
        repository.git("branch", "-D", *self.branches(repository))
        repository.git("config", "core.autocrlf", "true")
        run = self.overlay(repository, 0, FIX, DONE, choice="auto", kind="worktree", verdict="fixed")
        self.assertEqual(self.notices(run), [
            "the files are written out, because the checkout cannot be overlaid: core.autocrlf converts files"])

    def test_small_checkouts_are_written_out(self):
        self.overlay(self.project(), 0, FIX, DONE, choice="auto", kind="worktree", verdict="fixed")

    def test_line_endings_are_those_of_a_checkout(self):
        repository = self.project({".gitattributes": "* text=auto\n", "lines.txt": "one\ntwo\n"})
        (repository.path / "lines.txt").write_bytes(b"one\r\ntwo\r\n")
        repository.git("add", "lines.txt")
        command = "grep -q right answer.txt && ! grep -q $'\\r' lines.txt"
        self.overlay(repository, 0, FIX, DONE, command=command, verdict="fixed")

    def test_kinds_that_there_are_not_are_refused(self):
        repository = self.repository()
        for words in [("--tree", "nest"), ("--tree",), ("--in-place", "--tree", "overlay"), ("--tree", "")]:
            run = self.start("fix", "--repo", repository.path, *words, "--", "true").end()
            self.assertEqual(run.exit_code, 64, (words, run.stderr))


if __name__ == "__main__":
    unittest.main()
