"""Locks that a git or a Graft has left which was killed: what needs them says so, and nobody removes them."""


from harness import CHECK, GraftTest
from scripted import DONE, FIX, note, patch, turn

REST = turn(note("Say what is right."), patch(diff="@@\n-almost\n+right\n"))
LOCKS = ("packed-refs.lock", "HEAD.lock", "index.lock", "config.lock", "refs/heads/main.lock")


class Locks(GraftTest):
    def locked(self, *names, repository=None):
        repository = repository or self.repository()
        repository.git("branch", "-f", "other")
        repository.git("pack-refs", "--all")
        self.locks = [repository.path / ".git" / name for name in names]
        for lock in self.locks:
            lock.parent.mkdir(parents=True, exist_ok=True)
            lock.write_text("")
        return repository

    def assert_locks_are_there(self):
        self.assertEqual([lock for lock in self.locks if not lock.exists()], [])

    def command(self, repository, *words, exit_code=0):
        run = self.start(*words, "--repo", repository.path).end()
        self.assertEqual(run.exit_code, exit_code, run.stdout + run.stderr)
        return run

    def test_a_run_and_one_that_goes_on_need_none_of_them(self):
        repository = self.locked(*LOCKS)
        server = self.simulate(turn(note("Come nearer."), patch(diff="@@\n-wrong\n+almost\n")))
        run = self.start("fix", "--max-turns", "1", "--repo", repository.path, "--", CHECK, server=server).end()
        self.assertEqual(run.exit_code, 12, run.stdout + run.stderr)
        run = self.start("resume", "--last", "--repo", repository.path, server=self.simulate(REST, DONE)).end()
        self.assertEqual(run.exit_code, 0, run.stdout + run.stderr)
        self.assert_locks_are_there()

    def test_what_needs_one_names_the_file_and_what_to_do(self):
        repository = self.repository()
        self.start("fix", "--repo", repository.path, "--", CHECK, server=self.simulate(FIX, DONE)).end()
        self.locked("packed-refs.lock", repository=repository)
        run = self.command(repository, "clean", "--yes", "--all", exit_code=70)
        self.assertIn(f"{self.locks[0]} is there", run.stderr)
        self.assertIn("remove that file", run.stderr)
        self.assert_locks_are_there()
        self.locks[0].unlink()
        self.command(repository, "clean", "--yes", "--all")

    def test_a_branch_that_is_locked_does_not_move(self):
        repository = self.locked("refs/heads/main.lock")
        self.start("fix", "--repo", repository.path, "--", CHECK, server=self.simulate(FIX, DONE)).end()
        before = repository.git("rev-parse", "main")
        run = self.command(repository, "review", "accept", "--all", exit_code=1)
        self.assertIn(f"{self.locks[0]} is there", run.stderr)
        self.assertEqual(repository.git("rev-parse", "main"), before)
        self.assertEqual(repository.show("HEAD", "answer.txt"), (repository.path / "answer.txt").read_text().rstrip())
        self.assert_locks_are_there()
        self.locks[0].unlink()
        self.command(repository, "review", "accept", "--all")
