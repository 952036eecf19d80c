"""What graft does with repositories of every kind, and with what lies uncommitted in them."""

from harness import CHECK, GraftTest
from scripted import DONE, FIX, message, patch, shell, turn


class Places(GraftTest):
    def test_a_folder_that_is_no_repository_is_refused(self):
        folder = self.root / "plain"
        folder.mkdir()
        run = self.run_graft(folder, 64, verdict="usage")
        self.assert_clear(run, str(folder), "git")

    def test_a_folder_that_does_not_exist_is_refused(self):
        run = self.run_graft(self.root / "nowhere", 64, verdict="usage")
        self.assert_clear(run, "nowhere")

    def test_an_unborn_head_is_refused(self):
        run = self.run_graft(self.repository({}), 64, verdict="usage")
        self.assert_clear(run, "no commit yet", "make one first")

    def test_a_bare_repository_is_refused(self):
        repository = self.repository({})
        repository.git("config", "core.bare", "true")
        run = self.run_graft(repository.path / ".git", 64, verdict="usage")
        self.assert_clear(run, "bare")

    def test_a_detached_head_is_worked_from_and_stays(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        repository.git("checkout", "-q", "--detach")
        self.run_graft(repository, 0, server=server, verdict="fixed")
        self.assert_branch_has(repository, "answer.txt", "right")

    def test_a_subfolder_stands_for_its_repository(self):
        repository, server = self.repository({"answer.txt": "wrong\n", "sub/x": ""}), self.simulate(FIX, DONE)
        run = self.run_graft(repository.path / "sub", 0, server=server)
        self.assertEqual(run.result["commits"][0]["changes"][0]["path"], "answer.txt")

    def test_a_linked_worktree_of_the_user_stays(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        repository.git("worktree", "add", "-q", self.root / "linked", "-b", "other")
        self.run_graft(repository, 0, server=server)
        self.assertIn("linked", repository.git("worktree", "list"))


class Work(GraftTest):
    def test_a_patch_becomes_a_commit_on_a_branch_of_its_own(self):
        run, repository, server = self.fix(0, FIX, DONE, verdict="fixed")
        self.assert_branch_has(repository, "answer.txt", "right")
        self.assertEqual(self.commits(repository), ["Say what is right"])
        (branch,) = self.branches(repository)
        self.assertEqual(run.result["branch"], branch)
        self.assertEqual(run.result["commit"], repository.git("rev-parse", branch))
        self.assertEqual(run.result["baseline"]["exit_code"], 1)
        self.assertEqual(run.result["verification"]["exit_code"], 0)
        self.assertEqual(server.violations, [])
        trailers = repository.git("log", "-1", "--format=%an|%(trailers:key=Graft-Session,valueonly)", branch)
        self.assertEqual(trailers.strip(), "Ann|" + branch.removeprefix("graft/"))

    def test_uncommitted_work_is_taken_along_as_a_first_commit(self):
        repository = self.repository({"answer.txt": "wrong\n", "unstaged": "1\n", "staged": "1\n", "gone": "1\n"})
        repository.write({"unstaged": "2\n", "staged": "2\n", "untracked": "2\n", "new": "2\n"})
        repository.git("add", "staged", "new")
        repository.write({"staged": "3\n"})
        (repository.path / "gone").unlink()
        everything = "cat unstaged staged untracked new; test ! -e gone"
        server = self.simulate(
            turn(patch(), shell(everything)), turn(message("Done."), expect={"contains": [r"2\n3\n2\n2\n"]})
        )
        self.run_graft(repository, 0, server=server, verdict="fixed")
        self.assertEqual(server.violations, [])
        self.assertEqual(len(self.commits(repository)), 2)
        (branch,) = self.branches(repository)
        first = repository.git("diff", "--name-status", "HEAD", f"{branch}~1").splitlines()
        self.assertEqual(
            first, ["D\tgone", "A\tnew", "M\tstaged", "M\tunstaged", "A\tuntracked"]
        )
        self.assertEqual(repository.git("diff", "--name-only", f"{branch}~1", branch), "answer.txt")

    def test_a_stash_stays(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        repository.write({"answer.txt": "stashed\n"})
        repository.git("stash", "-q")
        self.run_graft(repository, 0, server=server)
        self.assertEqual(len(repository.git("stash", "list").splitlines()), 1)

    def test_in_place_works_in_the_checkout_itself(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        run = self.run_graft(repository, 0, "--in-place", server=server, in_place=True)
        self.assertEqual((repository.path / "answer.txt").read_text(), "right\n")
        self.assertEqual(repository.state()["HEAD"], self.before["HEAD"])
        self.assertEqual(repository.state()["index"], self.before["index"])
        self.assertEqual(repository.state()["branches"], self.before["branches"])
        self.assertEqual(repository.git("rev-parse", run.result["branch"]), run.result["commit"])

    def test_what_commands_change_is_committed_as_a_step_of_its_own(self):
        run, repository, _ = self.fix(0, turn(shell("echo right > answer.txt; echo new > other.txt")), DONE)
        self.assert_branch_has(repository, "other.txt", "new")
        self.assertEqual(len(run.result["commits"]), 1)

    def test_ignored_files_of_commands_are_not_committed(self):
        files = {"answer.txt": "wrong\n", ".gitignore": "*.log\n"}
        make = shell("echo right > answer.txt; echo x > a.log; mkdir __pycache__; echo x > __pycache__/a.pyc")
        _, repository, _ = self.fix(0, turn(make), DONE, files=files)
        (branch,) = self.branches(repository)
        self.assertEqual(repository.git("diff", "--name-only", "HEAD", branch), "answer.txt")

    def test_what_the_baseline_leaves_behind_is_no_work_of_the_model(self):
        _, repository, _ = self.fix(0, FIX, DONE, command=f"touch left-behind; {CHECK}")
        (branch,) = self.branches(repository)
        self.assertEqual(repository.git("diff", "--name-only", "HEAD", branch), "answer.txt")

    def test_verification_sees_only_what_is_committed(self):
        files = {"answer.txt": "wrong\n", ".gitignore": "cache\n"}
        turns = turn(shell("echo right > cache")), DONE, DONE, DONE, DONE
        self.fix(10, *turns, files=files, command="grep -q right cache", verdict="not_fixed")

    def test_a_git_command_of_the_model_cannot_move_a_branch(self):
        attempt = "git commit -q --allow-empty -m x; git branch y; git tag z; git config a.b c; git stash; true"
        _, repository, _ = self.fix(0, turn(shell(attempt), patch()), DONE)
        self.assertEqual(len(self.commits(repository)), 1)


class Patches(GraftTest):
    def refused(self, path, outside=None, **more):
        """A patch at a path is refused with a reason, and the next one is taken."""
        wrong = turn(patch(path, "+right\n", "create_file"))
        server = self.simulate(wrong, turn(patch(), expect={"outputs": ["failed"]}), DONE)
        repository = self.repository({"answer.txt": "wrong\n", **more})
        if outside:
            (repository.path / "link").symlink_to(outside)
            repository.git("add", "-A")
            repository.git("commit", "-q", "-m", "Link")
        run = self.run_graft(repository, 0, server=server, verdict="fixed")
        self.assertEqual(server.violations, [])
        (branch,) = self.branches(repository)
        self.assertEqual(repository.git("diff", "--name-only", "HEAD", branch), "answer.txt")
        refusal = [item for item in run.items("file_change") if item["status"] == "failed"]
        self.assertEqual(len(refusal), 1)
        return refusal[0]["message"]

    def test_a_patch_above_the_tree_is_refused(self):
        self.refused("../escaped")
        self.assertEqual(list(self.root.rglob("escaped")), [])

    def test_a_patch_at_an_absolute_path_is_refused(self):
        self.refused(str(self.root / "escaped"))
        self.assertFalse((self.root / "escaped").exists())

    def test_a_patch_through_a_symbolic_link_is_refused(self):
        outside = self.root / "outside"
        outside.mkdir()
        self.refused("link/escaped", outside)
        self.assertEqual(list(outside.iterdir()), [])

    def test_a_patch_of_the_repository_itself_is_refused(self):
        for path in (".git/config", ".git/hooks/post-checkout", ".GIT/config"):
            with self.subTest(path):
                self.setUp()
                self.refused(path)
