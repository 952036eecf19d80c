"""Sessions made by hand, and what must hold after every step of a review."""

import json
import shutil

from harness import GraftTest, Repository

ID = "20261121-0000-aaaa"
BRANCH = f"graft/{ID}"
LONG = "".join(f"line {number}\n" for number in range(1, 41))
FILES = {"answer.txt": "wrong\n", "long.txt": LONG, "src/deep/x.py": "def f():\n    return 1\n"}
LONGER = LONG.replace("line 2\n", "LINE 2\n").replace("line 38\n", "LINE 38\n")
STEPS = [
    ("Change the long file at both ends", {"long.txt": LONGER}),
    ("Say what is right", {"answer.txt": "right\n"}),
    ("Add a file and return two", {"new.txt": "hello\n", "src/deep/x.py": "def f():\n    return 2\n"}),
]


class ReviewTest(GraftTest):
    """A repository with a session that is made by hand: the branch, and the two ends of a journal."""

    def session(self, *steps, files=None, command="grep -q right answer.txt", name=ID, repository=None, running=False):
        repository = repository or self.repository(FILES if files is None else files)
        scratch = self.root / f"scratch-{name}"
        repository.git("clone", "-q", "--no-checkout", repository.path, scratch)
        work = Repository.__new__(Repository)
        work.path, work.world = scratch, repository.world
        work.git("checkout", "-q", "-f", repository.git("rev-parse", "HEAD"))
        base = work.git("rev-parse", "HEAD")
        for number, (subject, changes) in enumerate(steps or STEPS, 1):
            for path, content in changes.items():
                self.put(scratch / path, content)
            work.git("add", "-A", "-f")
            trailers = f"Graft-Session: {name}\nGraft-Step: {number}"
            work.git("commit", "-q", "--allow-empty", "-m", f"{subject}\n\nBecause of {number}.\n\n{trailers}")
        repository.git("fetch", "-q", scratch, f"HEAD:refs/heads/graft/{name}")
        shutil.rmtree(scratch)
        folder = self.state / "graft/sessions" / name
        (folder / "output").mkdir(parents=True)
        start = {
            "type": "run.started", "t_ms": 1, "repository": str(repository.path), "base": base, "start": base,
            "branch": f"graft/{name}", "tree": str(folder / "tree"), "model": "m", "endpoint": "e", "sandbox": "s",
            "time": 1795000000,
        }
        start |= {"command": command} if command else {}
        end = {"type": "run.finished", "t_ms": 2, "verdict": "fixed", "exit_code": 0, "message": "done", "commits": []}
        lines = [start] if running else [start, end]
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
        (folder / "journal.jsonl").write_text(text)
        self.folder = folder
        return repository

    @staticmethod
    def put(path, content):
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        if content is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, tuple):
            kind, content = content
            if kind == "link":
                return path.symlink_to(content)
            path.write_text(content)
            return path.chmod(0o755)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def review(self, repository, *words, code=0, says=(), lines=1, **more):
        path = getattr(repository, "path", repository)
        process = self.start("review", *words, "--repo", path, **more).end()
        told = f"{words}: {process.stdout}{process.stderr}"
        self.assertEqual(process.exit_code, code, told)
        if code and "Usage:" not in process.stderr:
            self.assertEqual(process.stderr.count("\n"), lines, f"not one line: {told}")
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, process.stdout + process.stderr, told)
        return process

    def json(self, repository, *words, **more):
        process = self.review(repository, *words, "--json", **more)
        self.assertEqual(process.stdout.count("\n"), 1, process.stdout)
        return json.loads(process.stdout)

    def users(self, repository):
        """All that is the user's: not what lies under Graft's own references."""
        state = repository.state()
        state["branches"] = [line for line in state["branches"] if "refs/graft/" not in line]
        return state

    def refuses(self, repository, *words, says=(), code=1, **more):
        """Expects one line, and everything as it was, the series too."""
        before = self.users(repository), repository.git("for-each-ref")
        process = self.review(repository, *words, code=code, says=says, **more)
        self.assertEqual((self.users(repository), repository.git("for-each-ref")), before, words)
        return process

    def subjects(self, repository, revision="HEAD"):
        return repository.git("log", "--reverse", "--format=%s", revision).splitlines()

    def series(self, repository):
        return self.subjects(repository, f"{repository.base}..{BRANCH}")

    def status(self, repository):
        return repository.git("status", "--porcelain").splitlines()
