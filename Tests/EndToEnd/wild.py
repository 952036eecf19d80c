"""What tests of repositories share that people have made in their own ways."""

import subprocess
from pathlib import Path

from harness import GraftTest, Repository
from scripted import DONE, FIX, shell, turn

SHELL_FIX = turn(shell("echo right > answer.txt; echo new > by-command.txt"))


class WildTest(GraftTest):
    """A test whose repository was made by git in a way of its own."""

    def adopt(self, path):
        """The harness's words for a repository that is there already."""
        repository = Repository.__new__(Repository)
        repository.path, repository.world = Path(path), self.world
        return repository

    def git(self, *words, at=None):
        subprocess.run(
            ["git", "-C", at or self.root, *words], env=self.world, capture_output=True, timeout=30, check=True
        )

    def works(self, repository, *flags, turns=(FIX, DONE), at=None, **more):
        """The usual task succeeds; the user's state is as before (the harness checks that)."""
        server = self.simulate(*turns)
        run = self.begin(repository, *flags, server=server, **more)
        self.finish(run, repository, 0, "fixed")
        self.assertEqual(server.violations, [])
        self.assert_branch_has(repository, "answer.txt", "right")
        return run

    def refused(self, repository, *words, env=None):
        """The run ends with one line, and no request is made."""
        server = self.simulate()
        run = self.run_graft(repository, 64, server=server, verdict="usage", env=env)
        self.assert_clear(run, *words)
        self.assertEqual(server.requests, [])
        self.assertEqual(len(run.stderr.strip().splitlines()), 1, run.stderr)
        return run

    def changed(self, repository):
        (branch,) = self.branches(repository)
        return repository.git("diff", "--name-only", "HEAD", branch).splitlines()
