"""Runs the built graft against its simulator in a world of its own, and checks what must hold after every run."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import request_check
import schemas

GRAFT = Path(os.environ.get("GRAFT") or Path(__file__).resolve().parents[2] / ".build/debug/graft").resolve()
KEY = "sk-test-4f1d7c90a2"
CHECK = "grep -q right answer.txt"
DEADLINE = 60


def wait_until(condition, what, seconds=20):
    """Polls until the condition holds; returns what it returned."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} s for {what}")


def trouble_with(rung):
    """Why a rung of the sandbox's ladder does not work on this machine; None if it does, or all are required."""
    if os.environ.get("GRAFT_REQUIRE_ALL_RUNGS"):
        return None
    run = subprocess.run(
        [GRAFT, "sandbox", "--rung", rung, "--", "true"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        cwd="/tmp", timeout=60, check=False)
    return None if run.returncode == 0 else run.stderr.strip() or f"exit status {run.returncode}"


def needs_namespaces(test):
    """For a test, or a class of them, that shows what only namespaces give."""
    trouble = NAMESPACES_TROUBLE
    return unittest.skipIf(trouble, f"needs the rung namespaces: {trouble}")(test)


NAMESPACES_TROUBLE = trouble_with("namespaces")


class Repository:
    """A git repository made from a dict of paths and contents."""

    def __init__(self, path, files, world):
        self.path, self.world = path, world
        path.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        if files:
            self.write(files)
            self.git("add", "-A")
            self.git("commit", "-q", "-m", "Start")

    def write(self, files):
        for name, content in files.items():
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def git(self, *arguments):
        run = subprocess.run(
            ["git", "-C", self.path, *arguments], env=self.world, capture_output=True, timeout=DEADLINE, check=False
        )
        if run.returncode:
            raise AssertionError(f"git {' '.join(arguments)}: {run.stderr.decode()}")
        return run.stdout.decode(errors="replace").rstrip("\n")

    def show(self, revision, path):
        return self.git("show", f"{revision}:{path}")

    def state(self):
        """Everything of the user's that a run must not change."""
        folder = Path(self.git("rev-parse", "--absolute-git-dir"))
        files = {}
        for file in self.path.rglob("*"):
            if folder not in (file, *file.parents) and not file.is_dir():
                files[str(file)] = os.readlink(file) if file.is_symlink() else file.read_bytes()
        index = folder / "index"
        own = ("refs/heads/graft/", "refs/graft/")
        return {
            "HEAD": (folder / "HEAD").read_bytes(),
            "index": index.read_bytes() if index.exists() else None,
            "branches": [line for line in self.git("for-each-ref").splitlines() if not line.split()[2].startswith(own)],
            "files": files,
            "status": "" if self.is_bare else self.git("status", "--porcelain=v2"),
            "worktrees": self.git("worktree", "list", "--porcelain").count("worktree "),
        }

    @property
    def is_bare(self):
        return self.git("rev-parse", "--is-bare-repository") == "true"


class Simulator:
    """`graft simulate` with a scenario, on a free port."""

    def __init__(self, scenario, folder, world):
        folder.mkdir()
        self.file = folder / "log"
        (folder / "scenario.json").write_text(json.dumps(scenario))
        with open(folder / "output", "wb") as output:
            self.process = subprocess.Popen(
                [GRAFT, "simulate", folder / "scenario.json", "--port-file", folder / "port", "--log", self.file],
                env=world, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )
        try:
            wait_until(lambda: (folder / "port").exists() or self.process.poll() is not None, "the simulator")
            if self.process.poll() is not None:
                raise AssertionError((folder / "output").read_text())
        except AssertionError:
            self.stop()
            raise
        self.port = int((folder / "port").read_text())
        self.url = f"http://127.0.0.1:{self.port}/v1"

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def lines(self, kind):
        if not self.file.exists():
            return []
        lines = (json.loads(line) for line in self.file.read_bytes().splitlines())
        return [line for line in lines if line["type"] == kind]

    @property
    def requests(self):
        """The bodies of the requests for a response."""
        return [line["body"] for line in self.lines("request") if "body" in line]

    @property
    def inputs(self):
        """All input items of all requests."""
        return [item for body in self.requests for item in body["input"]]

    @property
    def text(self):
        return self.file.read_text(errors="replace")

    @property
    def violations(self):
        return [text for line in self.lines("answer") for text in line["violations"]]


class Process:
    """A graft that runs."""

    def __init__(self, arguments, folder, environment, stdin, prefix, stdout):
        folder.mkdir()
        self.start = time.monotonic()
        self.result_file = folder / "result.json"
        self.stdout_file, self.stderr_file = folder / "stdout", folder / "stderr"
        with open(self.stdout_file, "wb") as out, open(self.stderr_file, "wb") as err:
            self.process = subprocess.Popen(
                [*prefix, GRAFT, *map(str, arguments)], env=environment, stdin=stdin, stdout=stdout or out,
                stderr=err, start_new_session=True,
            )
        self.pid = self.process.pid
        self.usage = None

    def signal(self, number):
        """Sends a signal and waits until it has arrived, since equal ones that wait are one."""
        os.kill(self.pid, number)
        wait_until(lambda: self.has_ended() or not self.is_pending(number), f"the arrival of signal {number}")

    def is_pending(self, number):
        status = Path(f"/proc/{self.pid}/status").read_text()
        masks = re.findall(r"^(?:SigPnd|ShdPnd):\s*(\w+)", status, re.MULTILINE)
        return any(int(mask, 16) >> (number - 1) & 1 for mask in masks)

    def wait_for(self, kind, matching=lambda event: True, count=1):
        """Waits for an event on standard output."""

        def found():
            return [event for event in self.events if event["type"] == kind and matching(event)][count - 1 :]

        wait_until(lambda: found() or self.has_ended(), f"{kind} in {self.stdout_file.read_text()[-2000:]}")
        if not found():
            raise AssertionError(f"graft ended without {kind}: {self.stderr}")

    def has_ended(self):
        if self.usage is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.usage = usage
                self.process.returncode = os.waitstatus_to_exitcode(status)
        return self.usage is not None

    def stop(self):
        """Kills what still runs."""
        if not self.has_ended():
            os.killpg(self.pid, signal.SIGKILL)
            wait_until(self.has_ended, "the end of a killed process")

    def end(self, seconds=DEADLINE):
        """Waits for the end; a process that does not come to it is killed."""
        try:
            wait_until(self.has_ended, "graft's end", seconds)
        except AssertionError:
            self.stop()
            raise AssertionError(f"graft did not end: {self.stdout[-3000:]} {self.stderr}") from None
        self.seconds = time.monotonic() - self.start
        return self

    @property
    def exit_code(self):
        return self.process.returncode

    @property
    def stdout(self):
        return self.stdout_file.read_text(errors="replace")

    @property
    def stderr(self):
        return self.stderr_file.read_text(errors="replace")

    @property
    def events(self):
        text = self.stdout_file.read_bytes()
        return [json.loads(line) for line in text[: text.rfind(b"\n") + 1].splitlines()]

    @property
    def result(self):
        return json.loads(self.result_file.read_text())

    def items(self, kind):
        """The completed items of one kind."""
        done = [event["item"] for event in self.events if event["type"] == "item.completed"]
        return [item for item in done if item["type"] == kind]


class GraftTest(unittest.TestCase):
    """A test with home, state, repositories and servers of its own."""

    maxDiff = 4000

    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="graft-e2e-", dir="/var/tmp"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.state = self.root / "state"
        self.world = {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.root / "home"),
            "XDG_STATE_HOME": str(self.state), "XDG_CONFIG_HOME": str(self.root / "config"),
            "GIT_OPTIONAL_LOCKS": "0", "GIT_CONFIG_NOSYSTEM": "1",
        }
        for folder in ("home", "state", "config"):
            (self.root / folder).mkdir()
        (self.root / "home/.gitconfig").write_text("[user]\nname = Ann\nemail = ann@example.org\n")
        self.count = 0

    def repository(self, files=None, name="repository"):
        return Repository(self.root / name, {"answer.txt": "wrong\n"} if files is None else files, self.world)

    def simulate(self, *turns, **more):
        self.count += 1
        scenario = {"name": "test", "turns": list(turns), "after_last": "error", **more}
        simulator = Simulator(scenario, self.root / f"simulator{self.count}", self.world)
        self.addCleanup(lambda: request_check.keep(simulator.lines("request"), self.id()))
        self.addCleanup(simulator.stop)
        return simulator

    def start(self, *arguments, server=None, env=None, stdin=subprocess.DEVNULL, prefix=(), stdout=None):
        """Starts graft; `server` is a simulator, a URL, or None for an address that nobody listens at."""
        self.count += 1
        world = {**self.world, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": getattr(server, "url", server)}
        world["OPENAI_BASE_URL"] = world["OPENAI_BASE_URL"] or "http://127.0.0.1:9/v1"
        world.update(env or {})
        world = {name: value for name, value in world.items() if value is not None}
        folder = self.root / f"graft{self.count}"
        process = Process(arguments, folder, world, stdin, prefix, stdout)
        self.addCleanup(process.stop)
        return process

    def begin(self, repository, *flags, server=None, command=CHECK, task=None, json_view=True, **more):
        """Starts `graft fix`, or `graft run` with a task, and remembers what it must not change."""
        self.before = repository.state() if isinstance(repository, Repository) else None
        result = self.root / f"graft{self.count + 1}/result.json"
        words = ["run" if task else "fix", "--repo", getattr(repository, "path", repository), "--result", result]
        words += [*(["--json"] if json_view else []), *flags]
        command = [command] if isinstance(command, str) else command
        words += [task] if task else ["--", *command]
        return self.start(*words, server=server, **more)

    def finish(self, process, repository, exit_code, verdict=None, json_view=True, in_place=False):
        """Waits for the end and checks the promises of every run."""
        process.end()
        told = process.stdout[-3000:] + process.stderr[-3000:]
        self.assertEqual(process.exit_code, exit_code, told)
        result = process.result
        self.assertEqual(result["exit_code"], exit_code, told)
        if verdict:
            self.assertEqual(result["verdict"], verdict, told)
        self.assertNotIn("\n", result["message"].strip(), "the message is one line")
        self.assertNotIn(KEY, process.stdout + process.stderr)
        if json_view:
            last = process.events[-1]
            self.assertEqual(last["type"], "run.finished")
            self.assertEqual({k: v for k, v in last.items() if k not in ("type", "t_ms")}, self.content(result))
            if exit_code:
                self.assertIn(result["message"], process.stderr)
        self.assert_as_published(result, process.events if json_view else [])
        if isinstance(repository, Repository) and not in_place:
            self.assertEqual(repository.state(), self.before, "what is the user's has changed")
        try:
            wait_until(lambda: not self.left_processes(), "the end of what graft started", 5)
        except AssertionError:
            self.assertEqual(self.left_processes(), [], "processes are left")
        trees = list(self.state.glob("graft/sessions/*/tree"))
        self.assertEqual(trees, [], "a working tree is left")
        return process

    def assert_as_published(self, result, events=()):
        """Holds a result, and events, against the schemas in docs/."""
        if not schemas.use_packages():
            return
        faults = [f"result: {fault}" for fault in schemas.faults_of_result(result)]
        faults += [f"{event['type']}: {fault}" for event in events for fault in schemas.faults_of_event(event)]
        self.assertEqual(faults, [], "docs/result.schema.json and docs/events.schema.json tell of all members")

    @staticmethod
    def content(result):
        return {name: value for name, value in result.items() if name not in ("type", "t_ms")}

    def run_graft(self, repository, exit_code, *flags, verdict=None, in_place=False, **more):
        process = self.begin(repository, *flags, **more)
        return self.finish(process, repository, exit_code, verdict, more.get("json_view", True), in_place)

    def fix(self, exit_code, *turns, files=None, **more):
        """The usual test: a repository, a scenario, a run; returns all three."""
        repository, server = self.repository(files), self.simulate(*turns)
        return self.run_graft(repository, exit_code, server=server, **more), repository, server

    def left_processes(self):
        """The processes that work in the state folder or have it in their command line, or that see the files of this
        test in a mount namespace of their own: commands of the model, whose tree stands at the checkout's path."""
        place, left = str(self.state).encode(), []
        world, here_is = str(self.root).encode(), os.readlink("/proc/self/ns/mnt")
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                line = (folder / "cmdline").read_bytes()
                here = os.readlink(folder / "cwd").encode()
                is_inside = os.readlink(folder / "ns/mnt") != here_is
            except OSError:
                continue
            if place in line or here.startswith(place) or (is_inside and here.startswith(world)):
                left.append((folder.name, line))
        return left

    def branches(self, repository):
        return repository.git("for-each-ref", "--format=%(refname:short)", "refs/heads/graft").split()

    def commits(self, repository):
        """The subjects of the session's commits, oldest first."""
        (branch,) = self.branches(repository)
        return repository.git("log", "--reverse", "--format=%s", f"HEAD..{branch}").splitlines()

    def assert_branch_has(self, repository, path, content):
        (branch,) = self.branches(repository)
        self.assertEqual(repository.show(branch, path), content)

    def assert_clear(self, process, *words):
        """The one line that says what went wrong, with these words in it."""
        line = re.search(r"^graft: .*$", process.stderr, re.MULTILINE)
        self.assertTrue(line, f"no line for a person in {process.stderr!r}")
        for word in words:
            self.assertIn(word, line[0])
