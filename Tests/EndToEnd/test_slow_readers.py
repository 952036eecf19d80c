"""Readers of the events that are slow, stuck or gone: the run goes on, and the journal is whole."""

import json
import os
import pty
import threading
import time
from harness import GraftTest, wait_until
from scripted import DONE, FIX, shell, turn

# More than a pipe (64 KiB) or a terminal holds.
LOUD = [turn(shell("seq 1 20000")) for _ in range(6)]
PIPE = 64 * 1024


class SlowReaders(GraftTest):
    def play(self, stdout, json_view=True):
        repository, server = self.repository(), self.simulate(*LOUD, FIX, DONE)
        run = self.begin(repository, server=server, stdout=stdout, json_view=json_view)
        os.close(stdout)
        return run, repository

    def journal(self):
        (path,) = self.state.glob("graft/sessions/*/journal.jsonl")
        return path.read_bytes()

    def assert_ends(self, run, repository):
        self.finish(run, repository, 0, "fixed", json_view=False)
        self.assertLess(run.seconds, 40)
        journal = self.journal()
        self.assertGreater(len(journal), 2 * PIPE)
        self.assertEqual(json.loads(journal.splitlines()[-1])["type"], "run.finished")

    def test_a_reader_that_never_reads_does_not_stop_the_run(self):
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        run, repository = self.play(writing)
        self.assert_ends(run, repository)
        # What the pipe holds is the beginning of the journal.
        beginning = os.read(reading, PIPE)
        self.assertTrue(self.journal().startswith(beginning))

    def test_a_terminal_that_has_stopped_does_not_stop_the_run(self):
        main, side = pty.openpty()
        self.addCleanup(os.close, main)
        run, repository = self.play(side, json_view=False)
        self.assert_ends(run, repository)

    def test_a_slow_reader_gets_everything(self):
        reading, writing = os.pipe()
        parts = []

        def read():
            with open(reading, "rb", buffering=0) as pipe:
                while part := pipe.read(8192):
                    parts.append(part)
                    time.sleep(0.05)

        reader = threading.Thread(target=read)
        reader.start()
        self.addCleanup(reader.join)
        run, repository = self.play(writing)
        self.assert_ends(run, repository)
        reader.join()
        self.assertEqual(b"".join(parts), self.journal())

    def test_a_second_interrupt_does_not_wait_for_a_stuck_reader(self):
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        repository, server = self.repository(), self.simulate(*LOUD, turn(shell("touch ready; sleep 86385")))
        run = self.begin(repository, server=server, stdout=writing)
        os.close(writing)
        self.wait_for_tree(lambda tree: (tree / "ready").exists())
        run.signal(2)
        time.sleep(0.5)
        run.signal(2)
        run.end()
        self.assertEqual((run.exit_code, run.result["verdict"]), (130, "interrupted"))
        self.assertLess(run.seconds, 40)

    def wait_for_tree(self, condition):
        wait_until(lambda: any(map(condition, self.state.glob("graft/sessions/*/tree"))), "the command")
