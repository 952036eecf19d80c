"""`graft fix` without a command: what the repository's files propose, and who may take it."""

import unittest

from harness import CHECK, GRAFT, GraftTest, KEY
from scripted import DONE, FIX
from terminal import Terminal

MAKEFILE = f"all:\n\ttrue\n\ntest:\n\t{CHECK}\n"
WORKFLOW = """\
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Set up
        run: npm ci
      - name: Lint
        run: npm run lint
      - name: Test
        run: make test
      - run: pytest ${{ matrix.extra }}
"""
FILES = {"answer.txt": "wrong\n", "Makefile": MAKEFILE, ".github/workflows/ci.yml": WORKFLOW}


class ProposalTest(GraftTest):
    def begin_unnamed(self, repository, *flags, server=None, json_view=True, **more):
        self.before = repository.state()
        result = self.root / f"graft{self.count + 1}/result.json"
        words = ["fix", "--repo", repository.path, "--result", result, *(["--json"] if json_view else []), *flags]
        return self.start(*words, server=server, **more)


class Headless(ProposalTest):
    def test_nothing_is_taken_without_a_yes_and_the_lines_to_run_are_listed(self):
        repository = self.repository(FILES)
        run = self.finish(self.begin_unnamed(repository), repository, 64, "usage")
        self.assertIn(
            "  graft fix --repo " + str(repository.path) + " -- 'make test'\n"
            "      .github/workflows/ci.yml, job build, step Test; Makefile has a target test\n", run.stderr)
        self.assertIn("-- 'npm run lint'\n      .github/workflows/ci.yml, job build, step Lint\n", run.stderr)
        self.assertIn("pytest ${{ matrix.extra }}\n", run.stderr)
        self.assertIn("it uses ${{ matrix.extra }}", run.stderr)
        self.assertIn("make test (.github/workflows/ci.yml, job build, step Test", run.result["message"])
        self.assertIn("--yes", run.result["message"])
        self.assertLess(run.stderr.index("'make test'"), run.stderr.index("'npm run lint'"))

    def test_yes_takes_the_first_and_says_where_it_is_from(self):
        repository, server = self.repository(FILES), self.simulate(FIX, DONE)
        run = self.finish(self.begin_unnamed(repository, "--yes", server=server), repository, 0, "fixed")
        (start,) = [event for event in run.events if event["type"] == "run.started"]
        self.assertEqual((start["command"], start["command_source"]), ("make test", "proposal"))
        notices = [event["message"] for event in run.events if event["type"] == "notice"]
        self.assertTrue([text for text in notices if "job build, step Test" in text], notices)
        self.assert_branch_has(repository, "answer.txt", "right\n".rstrip())

    def test_what_is_in_no_commit_proposes_nothing(self):
        repository = self.repository({"answer.txt": "wrong\n"})
        repository.write({"Makefile": "test:\n\ttrue\n", "package.json": '{"scripts": {"test": "true"}}'})
        run = self.finish(self.begin_unnamed(repository, "--yes"), repository, 64, "usage")
        self.assertNotIn("make test\n", run.stderr)
        self.assert_clear(run, "there is no command to fix")

    def test_a_configured_command_goes_before_all_files(self):
        files = {**FILES, ".graft/config.toml": f'verify = "{CHECK}"\n'}
        repository, server = self.repository(files), self.simulate(FIX, DONE)
        run = self.finish(self.begin_unnamed(repository, server=server), repository, 0, "fixed")
        (start,) = [event for event in run.events if event["type"] == "run.started"]
        self.assertEqual((start["command"], start["command_source"]), (CHECK, "repository"))

    def test_text_of_files_cannot_play_with_the_terminal(self):
        workflow = 'jobs:\n  "a\\e[31mb":\n    steps:\n      - {name: "x\\u202Ey", run: make test}\n      - run: "make check \\u202E#"\n'
        repository = self.repository({"answer.txt": "wrong\n", ".github/workflows/ci.yml": workflow})
        run = self.finish(self.begin_unnamed(repository), repository, 64, "usage")
        self.assertNotIn("\x1b", run.stderr)
        self.assertNotIn("\u202e", run.stderr)
        self.assertIn("'make test'", run.stderr)
        self.assertIn("it has characters that do not show", run.stderr)

    def test_a_closed_standard_input_is_nobody(self):
        repository = self.repository(FILES)
        self.finish(
            self.begin_unnamed(repository, json_view=False, prefix=["sh", "-c", 'exec "$@" <&-', "sh"]), repository, 64,
            "usage", json_view=False)


@unittest.skipUnless(Terminal.is_there(), "needs tmux")
class OnATerminal(ProposalTest):
    def terminal(self, server, *flags, env=None):
        world = {
            **self.world, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": getattr(server, "url", "http://127.0.0.1:9/v1"),
            **(env or {}),
        }
        terminal = Terminal(self.root, world, columns=110, rows=50)
        self.addCleanup(terminal.close)
        terminal.run(" ".join([str(GRAFT), "fix", "--repo", str(self.root / "repository"), *flags]))
        return terminal

    def test_enter_takes_the_first(self):
        self.repository(FILES)
        terminal = self.terminal(self.simulate(FIX, DONE))
        terminal.wait_for("1  make test", "2  npm run lint", "Fix which one?")
        self.assertIn("job build, step Test; Makefile has a target test", terminal.screen)
        terminal.press("Enter")
        terminal.wait_for("✓ fixed", "(proposed)", seconds=60)

    def test_a_number_takes_another_and_nonsense_is_asked_again(self):
        self.repository({**FILES, "package.json": '{"scripts": {"test": "x"}}'})
        terminal = self.terminal(self.simulate(FIX, DONE))
        terminal.wait_for("Fix which one?")
        terminal.run("77")
        terminal.wait_for("a number from 1 to")
        terminal.run("2")
        terminal.wait_for("command    npm test", seconds=60)

    def test_e_edits(self):
        self.repository(FILES)
        terminal = self.terminal(self.simulate(FIX, DONE))
        terminal.wait_for("Fix which one?")
        terminal.run("e")
        terminal.wait_for("The command to fix")
        terminal.run(f"  {CHECK} # mine")
        terminal.wait_for("# mine  (proposed)", "✓ fixed", seconds=60)

    def test_n_leaves(self):
        repository = self.repository(FILES)
        before = repository.state()
        terminal = self.terminal(None)
        terminal.wait_for("Fix which one?")
        terminal.run("n; echo")
        terminal.wait_for("Enter or y for the first")
        terminal.run("n")
        terminal.wait_for("no command was chosen")
        terminal.run("echo status=$?")
        terminal.wait_for("status=64")
        self.assertEqual(repository.state(), before)

    def test_ci_on_a_terminal_is_nobody(self):
        self.repository(FILES)
        terminal = self.terminal(None, env={"CI": "true"})
        terminal.wait_for("graft fix --repo", "there is no command to fix")
        self.assertNotIn("Fix which one", terminal.screen)
