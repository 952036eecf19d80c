"""Submodules are there for commands as the commit records them, cannot be changed, and what is changed in them is named."""

import os
import shutil
import signal
import subprocess
import unittest

from harness import needs_namespaces, wait_until
from scripted import DONE, FIX, shell, turn
from wild import WildTest

MAKEFILE = "test:\n\t@cat '{0}/inside' && grep -qx lib '{0}/inside' && grep -q right answer.txt\n"
TREES = ("worktree", "overlay")


@needs_namespaces
class Submodules(WildTest):
    def module(self, name="module", files=None):
        return self.repository(files or {"inside": "lib\n", "src/a.c": "int a;\n", ".gitignore": "*.o\nbuild/\n"}, name=name)

    def add(self, repository, module, path):
        command = ["git", "-C", repository.path, "-c", "protocol.file.allow=always", "submodule", "add", "-q"]
        subprocess.run([*command, module.path, path], env=self.world, capture_output=True, timeout=30, check=True)
        repository.git("commit", "-q", "-a", "-m", "Add a module")

    def project(self, path="lib/sub", module=None):
        name = path if isinstance(path, str) else "lib/sub"
        repository = self.repository({"answer.txt": "wrong\n", "Makefile": MAKEFILE.format(name)})
        self.add(repository, module or self.module(), path)
        return repository

    def told(self, server):
        """All that the model was told, as text."""
        return "\n".join(str(item) for item in server.inputs)

    def notices(self, run):
        return [event["message"] for event in run.events if event["type"] == "notice"]

    def outputs(self, run):
        return [item["aggregated_output"] for item in run.items("command_execution")]

    def fixes(self, repository, *turns, code=0, flags=(), **more):
        verdict = {0: "fixed", 10: "not_fixed"}[code]
        server = self.simulate(*(turns or (FIX, DONE)))
        before = (repository.path / "lib").exists() and self.modules(repository)
        run = self.run_graft(repository, code, *flags, server=server, command=["make", "test"], verdict=verdict, **more)
        self.assertEqual((repository.path / "lib").exists() and self.modules(repository), before)
        self.assertEqual([*self.state.glob("graft/sessions/*/overlays"), *self.state.glob("graft/sessions/*/verify-*")], [])
        with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as file:
            self.assertNotIn(str(self.state), file.read())
        if turns and turns[-1] is DONE or not turns:
            self.assertEqual(server.violations, [])
        return run, server

    @staticmethod
    def modules(repository):
        """Times and sizes of all that git keeps of the submodules, their objects included."""
        found = {}
        for folder, _, names in os.walk(os.fsencode(repository.path / ".git/modules")):
            for name in names:
                state = os.lstat(os.path.join(folder, name))
                found[os.path.join(folder, name)] = (state.st_size, state.st_mtime_ns)
        return found

    def test_a_command_that_needs_one_passes_and_git_is_calm(self):
        look = shell(
            "git status --porcelain; git diff --stat; git submodule status; "
            "ls -A lib/sub; touch lib/sub/inside; git status --porcelain; git submodule status"
        )
        for tree in TREES:
            with self.subTest(tree):
                self.setUp()
                repository = self.project()
                head = repository.git("rev-parse", "HEAD:lib/sub")
                run, server = self.fixes(repository, turn(look), FIX, DONE, flags=("--tree", tree))
                self.assert_branch_has(repository, "answer.txt", "right")
                self.assertEqual(self.changed(repository), ["answer.txt"])
                (said,) = self.outputs(run)
                self.assertEqual(said.splitlines()[:4], [f"-{head} lib/sub", ".gitignore", "inside", "src"], said)
                self.assertIn("Submodules, as the commit records them: lib/sub.", self.told(server))
                self.assertEqual(self.notices(run), [])

    def test_what_commands_change_is_named_and_does_not_count(self):
        spoil = shell(
            "echo spoilt > lib/sub/inside; rm lib/sub/src/a.c; echo x > lib/sub/new; mkdir lib/sub/build; "
            "echo x > lib/sub/build/y; echo x > lib/sub/src/a.o; touch lib/sub/.gitignore; chmod +x lib/sub/.gitignore"
        )
        for tree in TREES:
            with self.subTest(tree):
                self.setUp()
                repository = self.project()
                look = turn(shell("cat lib/sub/inside; ls lib/sub"))
                run, server = self.fixes(repository, turn(spoil), look, FIX, DONE, flags=("--tree", tree))
                self.assertIn("spoilt\nbuild\ninside\nnew\nsrc\n", self.outputs(run))
                why = "(it lies in the submodule lib/sub, which cannot be changed here)"
                expected = [f"not stored: lib/sub/{name} {why}" for name in (".gitignore", "inside", "new", "src/a.c")]
                self.assertEqual(self.notices(run), expected)
                (answer,) = [item for item in server.requests[1]["input"] if item["type"] == "shell_call_output"]
                for line in expected:
                    self.assertEqual(str(answer).count(line), 1, answer)
                    self.assertEqual(self.told(server).count(line), 1)
                self.assertEqual(self.changed(repository), ["answer.txt"])

    def test_a_change_there_does_not_make_the_verification_pass(self):
        for tree in TREES:
            with self.subTest(tree):
                self.setUp()
                repository = self.project(module=self.module(files={"inside": "other\n"}))
                cheat = turn(shell("echo lib > lib/sub/inside; echo right > answer.txt; make test && echo PASSED"))
                run, _ = self.fixes(
                    repository, cheat, *[DONE] * 9, code=10, flags=("--tree", tree))
                self.assertIn("PASSED", self.outputs(run)[0])

    def test_a_review_verifies_with_them_and_a_clean_up_leaves_nothing(self):
        repository = self.project()
        self.fixes(repository)
        (repository.path / "lib/sub/inside").write_text("mine\n")
        verify = self.start("review", "verify", "--repo", repository.path).end()
        self.assertEqual(verify.exit_code, 0, verify.stdout + verify.stderr)
        self.assertIn("✓ passes", verify.stdout)
        self.assertEqual((repository.path / "lib/sub/inside").read_text(), "mine\n")
        clean = self.start("clean", "--all", "--yes", "--repo", repository.path).end()
        self.assertEqual(clean.exit_code, 0, clean.stdout + clean.stderr)
        self.assertEqual(list(self.state.glob("graft/sessions/*")), [])

    def test_a_killed_run_leaves_nothing_mounted_and_the_next_one_cleans_up(self):
        repository = self.project()
        server = self.simulate(turn(shell("echo x > lib/sub/x; echo begun; sleep 86388")))
        process = self.begin(repository, server=server, command=["make", "test"])
        process.wait_for("item.started", lambda event: event["item"]["type"] == "command_execution")
        store = self.state / "graft/sessions"
        wait_until(lambda: list(store.glob("*/overlays/*/upper/x")), "the change")
        process.signal(signal.SIGKILL)
        wait_until(lambda: not self.left_processes(), "the end of the command")
        with open("/proc/self/mountinfo", encoding="utf-8") as file:
            self.assertNotIn(str(self.state), file.read())
        self.assertFalse((repository.path / "lib/sub/x").exists())
        process = self.begin(repository, server=self.simulate(FIX, DONE), command=["make", "test"])
        process.end()
        self.assertEqual(process.exit_code, 0, process.stderr)
        self.assertEqual([*store.glob("*/overlays"), *store.glob("*/tree"), *store.glob("*/verify-*")], [])

    def test_many_submodules_begin_quickly(self):
        repository = self.repository({"answer.txt": "wrong\n", "Makefile": "test:\n\t@cat lib/*/inside | wc -l; grep -q right answer.txt\n"})
        module = self.module()
        for number in range(30):
            command = ["git", "-C", repository.path, "-c", "protocol.file.allow=always", "submodule", "add", "-q"]
            subprocess.run(
                [*command, module.path, f"lib/m{number}"], env=self.world, capture_output=True, timeout=30, check=True)
        repository.git("commit", "-q", "-a", "-m", "Add them")
        run, server = self.fixes(repository)
        self.assertIn("30\n", run.result["verification"]["aggregated_output"])
        self.assertIn("and 10 more", self.told(server))

    def test_many_changes_are_named_within_bounds(self):
        repository = self.project()
        make = turn(shell("for i in $(seq 500); do echo x > lib/sub/f$i; done"))
        run, _ = self.fixes(repository, make, turn(shell("true")), FIX, DONE)
        self.assertEqual(len(self.notices(run)), 21)
        self.assertIn("more", self.notices(run)[-1])

    def test_what_the_command_that_decides_makes_there_is_not_the_models(self):
        repository = self.project()
        (repository.path / "Makefile").write_text(MAKEFILE.format("lib/sub") + "\t@false\n")
        (repository.path / "Makefile").write_text("test:\n\t@date +%N > lib/sub/log; grep -q right answer.txt\n")
        repository.git("commit", "-q", "-a", "-m", "Log")
        run, _ = self.fixes(repository, turn(shell("true")), FIX, DONE)
        self.assertEqual(self.notices(run), [])

    def test_submodules_in_submodules(self):
        for tree in TREES:
            with self.subTest(tree):
                self.setUp()
                outer = self.module("outer")
                self.add(outer, self.module("deep", {"inside": "lib\n", ".gitignore": "*.o\n"}), "deep er/in")
                repository = self.project("lib/sub", outer)
                repository.git("-c", "protocol.file.allow=always", "submodule", "update", "--init", "--recursive", "-q")
                (repository.path / "Makefile").write_text(MAKEFILE.format("lib/sub/deep er/in"))
                (repository.path / "lib/sub/deep er/in/x.o").write_text("object\n")
                (repository.path / "lib/sub/deep er/in/inside").write_text("mine\n")
                repository.git("commit", "-q", "-a", "-m", "Use the inner one")
                look = turn(shell("ls -A 'lib/sub/deep er/in'; git status --porcelain; echo y > 'lib/sub/deep er/in/y'"))
                run, server = self.fixes(repository, look, FIX, DONE, flags=("--tree", tree))
                self.assertEqual(self.outputs(run), [".gitignore\ninside\n"])
                self.assertIn("lib/sub/deep er/in/y (it lies in the submodule lib/sub, ", self.told(server))
                self.assertIn("lib/sub/deep er/in is shown as the commit records it, without your", run.stdout)

    def test_any_path(self):
        for path in ("lib/a b'\"c", "lib/été", "lib/e\u0301te\u0301", b"lib/\xff\xe9", "libs"):
            for tree in TREES:
                with self.subTest(path=path, tree=tree):
                    self.setUp()
                    repository = self.project(path)
                    test = "test:\n\t@grep -qx lib lib*/inside lib/*/inside -s && grep -q right answer.txt\n"
                    (repository.path / "Makefile").write_text(test)
                    repository.git("commit", "-q", "-a", "-m", "Find it")
                    spoil = turn(shell("for f in lib*/inside lib/*/inside; do test -f \"$f\" && echo y > \"$f\"; done"))
                    run, server = self.fixes(repository, spoil, FIX, DONE, flags=("--tree", tree))
                    self.assertEqual(len(self.notices(run)), 1, self.notices(run))
                    self.assertIn("/inside (it lies in the submodule lib", self.notices(run)[0].replace('"', ""))
                    self.assertEqual(self.changed(repository), ["answer.txt"])

    def test_one_that_is_not_checked_out_is_empty(self):
        for tree in TREES:
            with self.subTest(tree):
                self.setUp()
                repository = self.project()
                repository.git("submodule", "deinit", "-q", "-f", "lib/sub")
                shutil.rmtree(repository.path / "lib/sub", ignore_errors=True)
                if tree == "overlay":
                    (repository.path / "lib/sub").mkdir(parents=True)
                (repository.path / "Makefile").write_text("test:\n\t@ls -A lib/sub; grep -q right answer.txt\n")
                make = turn(shell("echo x > lib/sub/made"))
                run, server = self.fixes(repository, make, FIX, DONE, flags=("--tree", tree))
                told = self.told(server)
                self.assertIn("Submodules that are empty here and cannot be changed: lib/sub (not checked out).", told)
                self.assertIn("not stored: lib/sub/made (it lies in the submodule lib/sub", told)

    def test_another_commit_and_changes_of_the_users_are_not_shown_and_said(self):
        for tree in TREES:
            with self.subTest(tree):
                self.setUp()
                repository = self.project()
                recorded = repository.git("rev-parse", "HEAD:lib/sub")[:10]
                sub = repository.path / "lib/sub"
                (sub / "inside").write_text("two\n")
                (sub / "more").write_text("two\n")
                self.git("rm", "-q", "src/a.c", at=sub)
                self.git("add", "-A", at=sub)
                self.git("commit", "-q", "-m", "Two", at=sub)
                (sub / "inside").write_text("three\n")
                (sub / "untracked").write_text("three\n")
                (sub / ".env").write_text("SECRET\n")
                look = turn(shell("cd lib/sub; ls -A; cat inside src/a.c"))
                run, server = self.fixes(repository, look, FIX, DONE, flags=("--tree", tree))
                self.assertEqual(self.outputs(run), [".gitignore\ninside\nsrc\nlib\nint a;\n"])
                notice = self.notices(run)[0]
                own = subprocess.run(
                    ["git", "-C", sub, "rev-parse", "HEAD"], env=self.world, capture_output=True, text=True, check=True)
                for words in (f"lib/sub is at {recorded}", f"and at {own.stdout[:10]} in your checkout", "git add"):
                    self.assertIn(words, notice)
                self.assertIn(f"and at {own.stdout[:10]} in the user's checkout.", self.told(server))
                self.assertEqual(len(self.notices(run)), 1)
                # What is staged is in the commit that the session starts from.
                repository.git("add", "lib/sub")
                run, _ = self.fixes(repository, look, *[DONE] * 9, flags=("--tree", tree), code=10)
                self.assertTrue(self.outputs(run)[0].startswith(".gitignore\ninside\nmore\ntwo\n"), self.outputs(run))
                self.assertIn("without your changes", "".join(self.notices(run)))

    def test_a_commit_that_is_not_there_leaves_it_empty(self):
        repository = self.project()
        repository.git("update-index", "--cacheinfo", "160000," + "1" * 40 + ",lib/sub")
        run, server = self.fixes(repository, *[DONE] * 9, code=10)
        why = "the recorded commit 1111111111 is not there: git submodule update"
        self.assertIn(f"the submodule lib/sub is empty in the working tree: {why}", run.stdout)
        self.assertIn(f"Submodules that are empty here and cannot be changed: lib/sub ({why}).", self.told(server))

    def test_no_link_is_followed(self):
        for tree in TREES:
            with self.subTest(tree):
                self.setUp()
                secret = self.repository({"inside": "SECRET\n"}, name="secret")
                repository = self.project()
                shutil.rmtree(repository.path / "lib/sub")
                (repository.path / "lib/sub").symlink_to(secret.path)
                (repository.path / "Makefile").write_text("test:\n\t@grep -q right answer.txt\n")
                look = turn(shell("ls -lA lib/sub/; cat lib/sub/inside"))
                # git itself refuses to look at this one, so that its status cannot be compared.
                server = self.simulate(look, FIX, DONE)
                run = self.run_graft(repository.path, 0, "--tree", tree, server=server, command="make test")
                self.assertNotIn("SECRET", "".join(self.outputs(run)))
                self.assertEqual(os.readlink(repository.path / "lib/sub"), str(secret.path))
                self.assertIn("the submodule lib/sub is empty in the working tree: there is a link", run.stdout)

    def test_what_git_ignores_there_follows_the_rules_of_the_checkout(self):
        for tree in TREES:
            with self.subTest(tree):
                self.setUp()
                ignored = "*.o\nbuild/\n.env*\nsecrets/\n"
                repository = self.project(module=self.module(files={"inside": "lib\n", ".gitignore": ignored}))
                sub = repository.path / "lib/sub"
                for name in ("build/lib.a", "build/.env", "secrets/key", ".env", ".env.local", "x.o"):
                    (sub / name).parent.mkdir(exist_ok=True)
                    (sub / name).write_text("CONTENT\n")
                look = turn(shell("cd lib/sub; find . -type f | sort; echo 1 >> build/lib.a; cat .env build/.env"))
                run, _ = self.fixes(repository, look, FIX, DONE, flags=("--tree", tree))
                self.assertTrue(self.outputs(run)[0].startswith("./.gitignore\n./build/lib.a\n./inside\n"), self.outputs(run))
                self.assertNotIn("CONTENT", self.outputs(run)[0])
                self.assertEqual((sub / "build/lib.a").read_text(), "CONTENT\n")

    def with_secrets(self, is_old):
        """A submodule whose settings hold a token, in git's folder of the repository or, as by old clones, in its own."""
        repository = self.project()
        sub = repository.path / "lib/sub"
        self.git("config", "http.https://github.com/.extraheader", "AUTHORIZATION: basic geheim1", at=sub)
        if is_old:
            (sub / ".git").unlink()
            (repository.path / ".git/modules/lib/sub").rename(sub / ".git")
            self.git("config", "-f", str(sub / ".git/config"), "--unset", "core.worktree")
        (repository.path / "Makefile").write_text("test:\n\t@git status; cat lib/sub/.git/config; grep -q right answer.txt\n")
        repository.git("commit", "-q", "-a", "-m", "Look")
        return repository

    LOOK = (
        "git status --porcelain; git submodule status; git diff; git -C lib/sub config --list; cat lib/sub/.git/config "
        "{root}/lib/sub/.git/config /proc/self/root{root}/lib/sub/.git/config {root}/.git/modules/lib/sub/config "
        "\"$(git rev-parse --git-common-dir)/modules/lib/sub/config\" {state}/graft/sessions/*/overlays/*/upper/.git; "
        "grep -rI g[e]heim {root} {state}; echo looked"
    )

    def test_the_settings_of_a_submodule_are_not_readable(self):
        for is_old in (False, True):
            for flags in (("--tree", "worktree"), ("--tree", "overlay"), ("--in-place",)):
                with self.subTest(is_old=is_old, flags=flags):
                    self.setUp()
                    repository = self.with_secrets(is_old)
                    look = self.LOOK.format(root=repository.path, state=self.state)
                    run, server = self.fixes(
                        repository, turn(shell(look)), FIX, DONE, flags=flags, in_place=flags == ("--in-place",))
                    for text in (run.stdout, run.stderr, server.text):
                        self.assertNotIn("geheim", text)
                    (said,) = self.outputs(run)
                    self.assertIn("looked\n", said)
                    self.assertNotIn(" M ", said)
                    self.assertNotIn("fatal:", said + run.result["baseline"]["aggregated_output"])

    def test_nor_by_a_question_or_the_command_lines_sandbox(self):
        for is_old in (False, True):
            with self.subTest(is_old):
                self.setUp()
                repository = self.with_secrets(is_old)
                look = self.LOOK.format(root=repository.path, state=self.state)
                server = self.simulate(turn(shell(look)), DONE)
                run = self.start("ask", "--repo", repository.path, "What is there?", server=server).end()
                self.assertEqual(run.exit_code, 0, run.stderr)
                self.assertIn("looked", server.text)
                self.assertNotIn("geheim", run.stdout + run.stderr + server.text)
                for rung in ("namespaces", "bubblewrap", "landlock"):
                    run = self.start("sandbox", "--rung", rung, "--tree", repository.path, "--", look).end()
                    self.assertNotIn("geheim", run.stdout + run.stderr)
                    if rung == "landlock":
                        self.assertIn("holds secrets", run.stderr)
                        self.git("config", "--unset", "http.https://github.com/.extraheader", at=repository.path / "lib/sub")
                        run = self.start("sandbox", "--rung", rung, "--tree", repository.path, "--", look).end()
                    self.assertIn("looked", run.stdout, run.stderr)
                    self.assertNotIn("fatal:", run.stdout + run.stderr)

    def test_without_a_sandbox_they_are_empty_and_it_is_said_why(self):
        repository = self.project()
        (repository.path / "Makefile").write_text("test:\n\t@grep -q right answer.txt\n")
        repository.git("commit", "-q", "-a", "-m", "Need no module")
        make = turn(shell("ls -A lib/sub; echo x > lib/sub/made"))
        run, server = self.fixes(repository, make, FIX, DONE, flags=("--sandbox", "off"))
        why = "there is no sandbox to show them in"
        self.assertIn(f"submodules are empty in the working tree ({why}); --in-place has them: lib/sub", run.stdout)
        self.assertIn(f"Submodules that are empty here and cannot be changed: lib/sub ({why}).", self.told(server))
        self.assertIn("not stored: lib/sub/made (it lies in the submodule lib/sub", self.told(server))


if __name__ == "__main__":
    unittest.main()
