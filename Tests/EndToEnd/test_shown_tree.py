"""Commands see the session's tree, and a verification its checkout, at the path of the user's checkout."""

import sys

from harness import GraftTest
from scripted import DONE, FIX, function, patch, shell, turn

SITE = f".venv/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
FILES = {
    ".gitignore": "/.venv/\n/build/\n.env\n", "answer.txt": "wrong\n",
    "src/package/__init__.py": "VALUE = 'wrong'\n", "include/value.h": "wrong\n",
}
LOOK = "pwd; echo $PWD; git rev-parse --show-toplevel; git worktree list | tail -1; cat {path}/answer.txt; cat {path}/.env"
KINDS = ["worktree", "overlay"]


class ShownTree(GraftTest):
    def project(self, name="repository", files=None):
        repository = self.repository({**FILES, **(files or {})}, name)
        repository.write({".env": "KEY=geheim\n"})
        return repository

    def test_commands_checks_and_the_model_know_one_path(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                repository = self.project(kind)
                look = LOOK.format(path=repository.path)
                server = self.simulate(turn(shell(look)), FIX, DONE)
                run = self.run_graft(
                    repository, 0, "--tree", kind, server=server, verdict="fixed",
                    command=["sh", "-c", f"{look}; grep -q right answer.txt"])
                place = str(repository.path)
                outputs = [item["aggregated_output"] for item in run.items("command_execution")]
                done = {event["type"]: event for event in run.events}
                outputs += [done[name]["aggregated_output"] for name in ["baseline.completed", "verification.completed"]]
                self.assertEqual(len(outputs), 3)
                for output, answer in zip(outputs, ["wrong", "wrong", "right"]):
                    lines = output.splitlines()
                    self.assertEqual(lines[:3], [place] * 3)
                    self.assertTrue(lines[3].startswith(place + " "), lines)
                    self.assertIn(answer, lines)
                self.assertIn(f"Repository: {place}\\n", server.text)
                self.assertNotIn("geheim", run.stdout + server.text)

    def test_what_was_installed_by_path_is_the_session_s(self):
        """As by `pip install -e`: a file that names the checkout's absolute path in an ignored folder."""
        for kind in KINDS:
            with self.subTest(kind=kind):
                repository = self.project(kind)
                repository.write({f"{SITE}/package.pth": f"{repository.path}/src\n"})
                check = (
                    f"import site; site.addsitedir('{repository.path}/{SITE}'); import package;"
                    " print(package.__file__); assert package.VALUE == 'right'"
                )
                server = self.simulate(turn(patch("src/package/__init__.py", "@@\n-VALUE = 'wrong'\n+VALUE = 'right'\n")), DONE)
                self.run_graft(
                    repository, 0, "--tree", kind, server=server, verdict="fixed",
                    command=["env", "PYTHONDONTWRITEBYTECODE=1", "python3", "-c", check])

    def test_a_build_folder_with_absolute_paths_builds_the_session_s_files(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                repository = self.project(kind)
                rule = f"{repository.path}/build/out: {repository.path}/include/value.h\n\tcp $< $@\n"
                repository.write({"build/Makefile": rule, "build/out": "wrong\n"})
                server = self.simulate(turn(patch("include/value.h")), DONE)
                self.run_graft(
                    repository, 0, "--tree", kind, server=server, verdict="fixed",
                    command=["sh", "-c", "make -s -C build && grep right build/out"])
                self.assertEqual((repository.path / "build/out").read_text(), "wrong\n")

    def test_a_linked_tree_of_the_user_s_is_replaced_too(self):
        repository = self.project()
        linked = repository.path.parent / "linked"
        repository.git("worktree", "add", "-q", "-b", "side", linked)
        (linked / ".env").write_text("KEY=geheim\n")
        look = LOOK.format(path=linked) + "; git status --short; git log --format=%s -1"
        server = self.simulate(turn(shell(look)), FIX, DONE)
        run = self.start(
            "fix", "--repo", linked, "--json", "--", "sh", "-c", f"{look}; grep -q right answer.txt", server=server).end()
        self.assertEqual(run.exit_code, 0, run.stderr)
        (command,) = run.items("command_execution")
        self.assertEqual(command["aggregated_output"].splitlines()[:3], [str(linked)] * 3)
        self.assertIn("Start", command["aggregated_output"])
        self.assertNotIn("geheim", run.stdout + server.text)

    def test_where_graft_s_files_lie_in_the_checkout_the_tree_keeps_its_path(self):
        repository = self.project(files={".gitignore": "/state/\n"})
        server = self.simulate(turn(shell("pwd")), FIX, DONE)
        state = repository.path / "state"
        run = self.start(
            "fix", "--repo", repository.path, "--json", "--", "grep", "-q", "right", "answer.txt", server=server,
            env={"XDG_STATE_HOME": str(state)}).end()
        self.assertEqual(run.exit_code, 0, run.stderr)
        (command,) = run.items("command_execution")
        self.assertTrue(command["aggregated_output"].startswith(f"{state}/graft/sessions/"))
        self.assertIn("not at that of your checkout", run.stdout)

    def test_rights_for_one_command_are_meant_for_the_tree(self):
        """A path of the checkout is one of the tree, which can be written to anyway."""
        repository = self.project()
        wish = {"command": "echo x > src/new; pwd", "reason": "to see", "write": [str(repository.path / "src")]}
        server = self.simulate(turn(function("run_with_permission", wish)), FIX, DONE)
        run = self.run_graft(repository, 0, server=server, verdict="fixed")
        (command,) = run.items("command_execution")
        self.assertEqual(command["aggregated_output"], f"{repository.path}\n")
        self.assertFalse((repository.path / "src/new").exists())
        (branch,) = self.branches(repository)
        self.assertEqual(repository.show(branch, "src/new"), "x")

    def test_what_looks_like_a_secret_is_neither_taken_along_nor_shown(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                repository = self.project(kind)
                repository.write({
                    ".gitignore": FILES[".gitignore"] + "secrets/\n", "note.txt": "note\n", ".env.local": "geheim\n",
                    "deploy/id_ed25519": "geheim\n", "deploy/credentials.json": "geheim\n", ".npmrc": "geheim\n",
                    "secrets/token": "geheim\n", "build/.env": "geheim\n", "build/made": "made\n",
                    ".env.example": "KEY=\n", "deploy/server.pem": "geheim\n",
                })
                look = "grep -rs gehei[m] . " + str(repository.path) + "; ls -A . deploy build; cat build/made note.txt"
                server = self.simulate(turn(shell(look)), FIX, DONE)
                run = self.run_graft(repository, 0, "--tree", kind, server=server, verdict="fixed")
                (command,) = run.items("command_execution")
                for name in ["made\n", "note\n", ".env.example"]:
                    self.assertIn(name, command["aggregated_output"])
                for name in ["id_ed25519", ".npmrc", "credentials.json", "server.pem", ".env.local", "secrets"]:
                    self.assertNotIn(name, command["aggregated_output"])
                    if name != "secrets":
                        self.assertIn(f"{name} (looks like a secret", run.stdout)
                self.assertNotIn("geheim", run.stdout + server.text)
                (branch,) = [name for name in self.branches(repository) if "graft/" in name]
                self.assertNotIn("id_ed25519", repository.git("ls-tree", "-r", "--name-only", branch))
