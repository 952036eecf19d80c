"""What git keeps secret of the user's is not readable for commands, and git works nevertheless."""

from harness import GraftTest, needs_namespaces
from scripted import DONE, FIX, shell, turn

FILES = {".gitignore": ".env\n", "answer.txt": "wrong\n"}
SETTINGS = {
    "http.https://github.com/.extraheader": "AUTHORIZATION: basic geheim1",
    "remote.origin.url": "https://user:geheim2@example.org/r.git",
    "credential.helper": "!echo password=geheim3",
    "include.path": "../../included",
}
LOOK = (
    "git status --short --branch; git log --format=%s; git config --list; git remote -v; git reflog;"
    " cat .git/* {common}/* {common}/../.env ../../included /proc/self/root{common}/config; cat ~/.gitconfig"
    ' "$(git rev-parse --git-common-dir)/config"; git diff HEAD; git ls-files -s'
)


@needs_namespaces
class GitSecrets(GraftTest):
    def project(self):
        repository = self.repository(FILES)
        for name, value in SETTINGS.items():
            repository.git("config", name, value)
        repository.write({".git/FETCH_HEAD": "geheim4\n", ".git/config~": "geheim5\n", ".git/creds/x": "geheim6\n"})
        (repository.path.parent / "included").write_text("[http]\n\textraheader = geheim7\n")
        home = self.root / "home" / ".gitconfig"
        home.parent.mkdir(exist_ok=True)
        kept = home.read_text() if home.exists() else ""
        home.write_text(kept + "[credential]\n\thelper = store --file=geheim8\n[diff]\n\trenames = copies\n")
        return repository

    def look(self, *flags):
        repository = self.project()
        look = LOOK.format(common=repository.path / ".git")
        server = self.simulate(turn(shell(look)), FIX, DONE)
        run = self.run_graft(
            repository, 0, *flags, server=server, command=["sh", "-c", f"{look}; grep -q right answer.txt"],
            verdict="fixed", in_place="--in-place" in flags)
        for text in [run.stdout, run.stderr, server.text]:
            self.assertNotIn("geheim", text)
        (command,) = run.items("command_execution")
        output = command["aggregated_output"]
        for part in ["Start", "https://example.org/r.git", "diff.renames=copies", "answer.txt"]:
            self.assertIn(part, output)
        self.assertNotIn("D answer.txt", output)
        return run

    def test_in_a_linked_tree(self):
        self.look("--tree", "worktree")

    def test_in_an_overlay(self):
        self.look("--tree", "overlay")

    def test_in_place(self):
        self.look("--in-place")

    def test_the_command_line_s_sandbox(self):
        repository = self.project()
        for rung in ["namespaces", "bubblewrap", "landlock"]:
            look = LOOK.format(common=repository.path / ".git").replace(f"{repository.path}/.git/../.env", "")
            run = self.start("sandbox", "--rung", rung, "--tree", repository.path, "--", look).end()
            self.assertNotIn("geheim", run.stdout + run.stderr)
            if rung == "landlock":
                self.assertIn("holds secrets", run.stderr)
                self.assertNotIn("--sandbox", run.stderr, "an option that this command does not have")
            else:
                self.assertIn("https://example.org/r.git", run.stdout, run.stderr)
