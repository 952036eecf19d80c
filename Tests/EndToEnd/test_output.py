"""What graft does when standard output, standard error or a file that was asked for cannot be written."""

import json
import os
import subprocess
import threading

from harness import CHECK, GRAFT, GraftTest
from scripted import DONE, FIX, message, turn
from test_interrupts import can_mount

PATCH = "--- a/answer.txt\n+++ b/answer.txt\n@@ -1 +1 @@\n-wrong\n+right\n"


class Printing(GraftTest):
    """Each command that prints."""

    def setUp(self):
        super().setUp()
        self.place = self.repository()
        self.server = self.simulate(FIX, DONE)
        self.run_graft(self.place, 0, server=self.server)
        self.server = self.simulate(turn(message("Because.")), after_last="repeat-last")
        (self.root / "patch").write_text(PATCH)

    def commands(self):
        at = ("--repo", str(self.place.path))
        patch = self.root / "patch"
        return (
            ("ask", "Why?"), ("review", "diff", *at, "1"), ("review", "list", *at), ("review", "show", *at, "1"),
            ("review", "view", *at), ("review", "view", "--json", *at), ("review", "view", "--html", "-", *at),
            ("review", "export", "--mbox", "-", *at), ("review", "export", "--bundle", "-", *at),
            ("review", "verify", *at), ("sessions", *at), ("sessions", "--json", *at), ("clean", "-n", *at),
            ("clean", "-n", "--json", *at), ("apply", patch), ("doctor",),
            ("sandbox", "--", "echo", "x"), ("--generate-completion-script", "bash"), ("simulate", "--help"), ("--version",), ("--help",),
            ("help", "fix"), ("fix", "--help"),
        )

    def output_of(self, command, **streams):
        world = {**self.world, "OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": self.server.url}
        self.place.git("checkout", "-q", "--", ".")
        return subprocess.run(
            [GRAFT, *command], env=world, stdin=subprocess.DEVNULL, timeout=60, check=False,
            encoding="utf-8", errors="replace", cwd=self.place.path, **streams
        )

    def test_a_full_disk_is_no_success(self):
        for command in self.commands():
            with self.subTest(command), open("/dev/full", "w") as full:
                run = self.output_of(command, stdout=full, stderr=subprocess.PIPE)
                self.assertEqual(run.returncode, 70, run.stderr)
                self.assertEqual(
                    run.stderr.count("graft: cannot write to standard output: No space left on device"), 1, run.stderr
                )

    def test_a_doctor_that_finds_faults_and_cannot_tell_them_has_failed(self):
        world = {**self.world, "OPENAI_API_KEY": ""}
        command = [GRAFT, "doctor"]
        found = subprocess.run(command, env=world, capture_output=True, timeout=60, check=False)
        self.assertEqual(found.returncode, 1, found.stdout)
        with open("/dev/full", "w") as full:
            untold = subprocess.run(command, env=world, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(untold.returncode, 70, untold.stderr)

    def test_a_standard_output_that_is_not_there_is_no_success(self):
        for command in self.commands():
            with self.subTest(command):
                run = self.output_of(command, stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1))
                self.assertEqual(run.returncode, 70, run.stderr)
                self.assertIn("graft: cannot write to standard output: Bad file descriptor", run.stderr)

    def test_a_reader_that_goes_away_is_no_failure(self):
        for command in self.commands():
            with self.subTest(command):
                read, write = os.pipe()
                os.close(read)
                # A shell starts programs with SIGPIPE as it is by default; here it is left ignored.
                run = self.output_of(command, stdout=write, stderr=subprocess.PIPE, restore_signals=False)
                os.close(write)
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertNotIn("standard output", run.stderr)

    def test_what_cannot_be_said_on_standard_error_ends_nothing(self):
        for command in (*self.commands(), ("review", "diff", "--repo", str(self.place.path), "9"), ("no-such",)):
            with self.subTest(command), open("/dev/full", "w") as full:
                told = self.output_of(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                untold = self.output_of(command, stdout=subprocess.PIPE, stderr=full)
                self.assertEqual((untold.returncode, bool(untold.stdout)), (told.returncode, bool(told.stdout)))

    def test_an_error_that_cannot_be_printed_keeps_its_exit_code(self):
        with open("/dev/full", "w") as full:
            run = self.output_of(("review", "show", "--json", "no-such"), stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(run.returncode, 64, run.stderr)

    def test_a_file_on_a_full_disk_is_no_success(self):
        if not can_mount():
            self.skipTest("a small disk cannot be mounted here: that needs root and mount namespaces")
        full = self.root / "full"
        full.mkdir()
        fill = 'mount -t tmpfs -o size=4k tmpfs "$1" && head -c 4096 /dev/zero > "$1/fill"; shift; exec "$@"'
        at = ("--repo", str(self.place.path))
        for command in (
            ("review", "view", "--html", full / "page.html", *at), ("review", "export", "--mbox", full / "mail", *at),
            ("review", "export", "--bundle", full / "bundle", *at),
        ):
            with self.subTest(command):
                world = {**self.world, "OPENAI_API_KEY": "sk-test"}
                run = subprocess.run(
                    ["unshare", "-m", "sh", "-c", fill, "sh", full, GRAFT, *command], env=world, capture_output=True,
                    timeout=60, check=False, text=True,
                )
                self.assertEqual(run.returncode, 70, run.stderr)
                self.assertIn("No space left on device", run.stderr)

    def test_a_file_whose_place_is_not_there_is_a_wrong_argument(self):
        at = ("--repo", str(self.place.path))
        for command in (("review", "view", "--html", "/nowhere/page", *at), ("review", "export", "--mbox", "/", *at)):
            with self.subTest(command):
                run = self.output_of(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                self.assertEqual(run.returncode, 64, run.stderr)


class Runs(GraftTest):
    """`graft fix` goes on, whoever listens."""

    def test_events_on_a_full_disk_are_no_success(self):
        for name, json_view in (("view", False), ("events", True)):
            with self.subTest(name), open("/dev/full", "w") as full:
                repository, server = self.repository(name=name), self.simulate(FIX, DONE)
                run = self.begin(repository, server=server, stdout=full, json_view=json_view).end()
                self.assertEqual(run.exit_code, 70, run.stderr)
                self.assertEqual(run.result["verdict"], "fixed")
                self.assertIn("cannot write to standard output: No space left on device", run.stderr)

    def test_another_verdict_than_success_is_kept_on_a_full_disk(self):
        with open("/dev/full", "w") as full:
            server = self.simulate(FIX, DONE)
            flags = ("--max-turns", "1")
            run = self.begin(self.repository(), *flags, server=server, stdout=full, command="false").end()
        self.assertEqual(run.exit_code, 12, run.stderr)

    def test_standard_streams_that_are_not_there_are_taken_by_no_file(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        prefix = ("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh")
        run = self.begin(repository, server=server, prefix=prefix).end()
        self.assertEqual(run.exit_code, 0)
        (journal,) = self.state.glob("graft/sessions/*/journal.jsonl")
        lines = [json.loads(line) for line in journal.read_bytes().splitlines()]
        self.assertEqual([line["type"] for line in lines].count("run.started"), 1)

    def pipe(self):
        pipe = self.root / "pipe"
        os.mkfifo(pipe)
        return pipe

    def fix(self, pipe):
        server = self.simulate(FIX, DONE)
        path = self.repository().path
        return self.start("fix", "--json", "--repo", path, "--result", pipe, "--", CHECK, server=server)

    def test_a_result_is_read_from_a_pipe(self):
        pipe, read = self.pipe(), []
        process = self.fix(pipe)
        process.wait_for("run.finished")
        reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
        reader.start()
        process.end()
        reader.join(20)
        self.assertEqual(process.exit_code, 0, process.stderr)
        self.assertEqual(json.loads(read[0])["verdict"], "fixed")

    def test_a_pipe_that_nobody_reads_is_not_waited_for_for_ever(self):
        process = self.fix(self.pipe()).end(40)
        self.assertEqual(process.exit_code, 70)
        self.assertIn("nobody reads it", process.stderr)
        self.assertEqual(process.events[-1]["verdict"], "fixed")
