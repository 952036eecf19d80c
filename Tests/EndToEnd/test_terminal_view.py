"""What a run shows on a terminal while it happens."""

import shlex
import unittest

from harness import CHECK, GRAFT, KEY, GraftTest
from scripted import DONE, FIX, shell, turn
from terminal import Terminal


@unittest.skipUnless(Terminal.is_there(), "tmux is not installed")
class StatusTest(GraftTest):
    def begin_at(self, columns, *turns):
        self.repo, server = self.repository(), self.simulate(*turns)
        world = {**self.world, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url}
        self.terminal = Terminal(self.root, world, columns=columns, rows=50)
        self.addCleanup(self.terminal.close)
        self.terminal.run(f"{shlex.quote(str(GRAFT))} fix --repo {self.repo.path} -- {shlex.quote(CHECK)}; echo exit=$?")

    def test_the_status_fills_the_line_and_no_more(self):
        words = " ".join(f"word{number}" for number in range(10, 40))
        command = f"true {words}; sleep 3"
        for columns in (60, 120):
            with self.subTest(columns):
                self.setUp()
                self.begin_at(columns, turn(shell(command)), FIX, DONE)
                self.terminal.wait_for("… 1 s")
                (line,) = [line for line in self.terminal.screen.splitlines() if line.startswith("· $ true")]
                self.assertIn(len(line), (columns - 1, columns))
                self.terminal.wait_for("exit=0")
                self.assertNotIn("· $ true", self.terminal.screen)


if __name__ == "__main__":
    unittest.main()
