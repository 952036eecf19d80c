"""What `graft sessions` lists and `graft clean` takes away, and what it never touches."""

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import termios
import time

from harness import GRAFT, GraftTest, wait_until
from scripted import DONE, FIX, shell, turn

DAY = 86400
TITLES = "SESSION VERDICT AGE COMMITS SIZE REPOSITORY TASK".split()


class SessionsTest(GraftTest):
    def sessions(self):
        """The folders of all sessions, the oldest first."""
        return sorted(self.state.glob("graft/sessions/2*"))

    def made(self, repository, *turns, days=0, exit_code=0, flags=(), **more):
        """Runs a session, makes it look old, and returns its name."""
        before = set(self.sessions())
        self.run_graft(repository, exit_code, *flags, server=self.simulate(*(turns or (FIX, DONE))), **more)
        (folder,) = set(self.sessions()) - before
        self.age(folder.name, days)
        return folder.name

    def killed(self, repository):
        """A session whose run was killed while a command ran; nobody is left to tidy up behind it."""
        before = set(self.sessions())
        server = self.simulate(turn(shell("chmod 500 . ; mkdir -p tmp/deep; sleep 600")), DONE)
        run = self.begin(repository, server=server)
        run.wait_for("item.started", lambda event: event["item"]["type"] == "command_execution")
        os.kill(run.pid, signal.SIGKILL)
        run.end()
        (folder,) = set(self.sessions()) - before
        return folder.name

    def age(self, name, days):
        stamp = time.time() - days * DAY
        os.utime(self.folder(name) / "journal.jsonl", (stamp, stamp))

    def folder(self, name):
        return self.state / "graft/sessions" / name

    def graft(self, *arguments, exit_code=0, cwd=None):
        run = subprocess.run(
            [GRAFT, *map(str, arguments)], env=self.world, cwd=cwd or self.root, capture_output=True, timeout=60,
            stdin=subprocess.DEVNULL, check=False,
        )
        self.assertEqual(run.returncode, exit_code, run.stdout.decode() + run.stderr.decode())
        run.out, run.err = run.stdout.decode(), run.stderr.decode()
        return run

    def clean(self, *arguments, exit_code=0, cwd=None):
        """Runs `graft clean --json` and returns what became of each session."""
        run = self.graft("clean", "--json", *arguments, exit_code=exit_code, cwd=cwd)
        self.report = json.loads(run.out) if run.out else None
        return {one["id"]: one["action"] for one in self.report["sessions"]} if self.report else run

    def on_terminal(self, arguments, answer="", columns=80, cwd=None):
        """Runs graft on a terminal of its own; returns what it showed and its exit code."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(cwd or self.root)
            os.execve(GRAFT, [str(GRAFT), *map(str, arguments)], {**self.world, "TERM": "xterm"})
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        shown, sent, end = b"", not answer, time.monotonic() + 30
        while time.monotonic() < end:
            try:
                data = os.read(terminal, 4096)
            except OSError:
                break
            if not data:
                break
            shown += data
            if not sent and b"[y/N]" in shown:
                os.write(terminal, answer.encode() + b"\n")
                sent = True
        os.close(terminal)
        _, status = os.waitpid(pid, 0)
        return shown.decode(), os.waitstatus_to_exitcode(status)


class Listing(SessionsTest):
    def test_sessions_are_listed_with_what_they_came_to(self):
        repository = self.repository()
        old = self.made(repository, days=3)
        new = self.made(repository, DONE, exit_code=12, flags=["--max-turns", "1"])
        listed = json.loads(self.graft("sessions", "--json", cwd=repository.path).out)["sessions"]
        self.assertEqual({one["id"]: one["verdict"] for one in listed}, {old: "fixed", new: "budget"})
        first = next(one for one in listed if one["id"] == old)
        self.assertEqual(first["repository"], str(repository.path))
        self.assertEqual((len(first["commits"]), first["state"]), (1, "finished"))
        self.assertGreater(first["size_bytes"], 4096)
        lines = self.graft("sessions", cwd=repository.path).out.splitlines()
        self.assertRegex(lines[0], r"^SESSION +VERDICT +AGE +COMMITS +SIZE +TASK$")
        (line,) = [line for line in lines if line.startswith(old)]
        self.assertRegex(line, rf"^{old}  fixed +3 d +1 +[0-9.]+ KB  grep -q right answer.txt$")
        self.assertEqual({line.index("  ") for line in lines[1:]}, {20})
        lines = self.graft("sessions", "--all").out.splitlines()
        self.assertRegex(lines[0], r"^SESSION +VERDICT +AGE +COMMITS +SIZE +REPOSITORY +TASK$")

    def test_no_row_is_wider_than_the_terminal(self):
        repository = self.repository(name="a-repository-with-a-long-name")
        name = self.made(repository, command="grep -q right answer.txt # and a long remark that says what it is for")
        for flags in ((), ("--all",)):
            for columns in (120, 80, 40, 24):
                shown, _ = self.on_terminal(["sessions", *flags], columns=columns, cwd=repository.path)
                header, row = (re.sub("\x1b[^m]*m", "", line) for line in shown.splitlines()[:2])
                self.assertLessEqual(max(len(header), len(row)), columns, shown)
                self.assertTrue(set(header.split()) <= set(TITLES), header)
                if columns >= 40:
                    self.assertRegex(row, rf"^{name}  fixed  .*grep -q")

    def test_only_those_of_the_repository_are_listed_unless_all_are_wanted(self):
        one, two = self.repository(name="one"), self.repository(name="two")
        first, second = self.made(one), self.made(two)
        self.assertIn(first, self.graft("sessions", cwd=one.path).out)
        self.assertNotIn(second, self.graft("sessions", cwd=one.path).out)
        listed = self.graft("sessions", "--all").out
        self.assertIn(str(one.path), listed)
        self.assertIn(second, listed)

    def test_a_clean_up_can_stay_in_one_repository(self):
        one, two = self.repository(name="one"), self.repository(name="two")
        one.git("worktree", "add", "-q", self.root / "linked")
        first, second = self.made(one), self.made(two)
        linked = self.made(one)
        self.assertEqual(set(self.clean("--all", "-n")), {first, linked, second})
        for folder in (one.path, self.root / "linked"):
            self.assertEqual(set(self.clean("--all", "-n", "--repo", folder)), {first, linked})
        shown = self.graft("clean", "--all", "-n", "--repo", two.path).out
        self.assertRegex(shown, rf"{second}  remove .*  {two.path}  ")
        self.assertIn("not one of the repository", self.graft("clean", "--session", second, "--repo", one.path, exit_code=64).err)
        self.assertEqual(self.clean("--session", second, "--repo", two.path, "--yes"), {second: "remove"})
        self.assertEqual(set(self.clean("--all", "--yes", "--repo", one.path)), {first, linked})
        self.assertEqual(self.clean("--all", "-n"), {})

    def test_a_linked_working_tree_of_the_user_belongs_to_the_repository(self):
        repository = self.repository()
        repository.git("worktree", "add", "-q", self.root / "linked")
        name = self.made(repository)
        self.assertIn(name, self.graft("sessions", cwd=self.root / "linked").out)

    def test_outside_of_a_repository_there_is_a_hint(self):
        run = self.graft("sessions", exit_code=64)
        self.assertIn("--all", run.err)
        self.assertEqual(len(run.err.strip().splitlines()), 1)

    def test_no_sessions_are_no_error(self):
        run = self.graft("sessions", "--all")
        self.assertEqual(run.out, "")
        self.assertIn("no sessions", run.err)
        self.assertEqual(json.loads(self.graft("sessions", "--all", "--json").out), {"sessions": []})

    def test_a_running_session_is_told_from_a_killed_one(self):
        repository = self.repository()
        server = self.simulate(turn(shell("sleep 600")), DONE)
        run = self.begin(repository, server=server)
        run.wait_for("item.started")
        self.assertIn("  running  ", self.graft("sessions", cwd=repository.path).out)
        os.kill(run.pid, signal.SIGKILL)
        run.end()
        self.assertIn("  crashed  ", self.graft("sessions", cwd=repository.path).out)

    def test_the_table_fits_the_terminal_and_is_harmless(self):
        repository = self.repository()
        self.made(repository, command="true '" + "\x1b[31m宽" * 60 + "'; grep -q right answer.txt")
        shown, code = self.on_terminal(["sessions", "--all"], columns=70, cwd=repository.path)
        self.assertEqual(code, 0)
        self.assertNotIn("\x1b[31m", shown)
        for line in shown.replace("\x1b[2m", "").replace("\x1b[0m", "").split("\r\n"):
            width = sum(2 if character == "宽" else 1 for character in line)
            self.assertLessEqual(width, 70, line)
        self.assertRegex(shown, "…[a-z/]*sitory")

    def test_a_folder_that_is_no_session_is_not_listed(self):
        repository = self.repository()
        name = self.made(repository)
        (self.state / "graft/sessions/notes").mkdir()
        os.symlink(self.folder(name), self.state / "graft/sessions/20200101-0000-aaaa")
        self.assertEqual(len(self.graft("sessions", cwd=repository.path).out.splitlines()), 2)


class Cleaning(SessionsTest):
    def setUp(self):
        super().setUp()
        self.canary = self.root / "canary"
        self.canary.mkdir()
        (self.canary / "file").write_text("still here\n")

    def tearDown(self):
        self.assertEqual((self.canary / "file").read_text(), "still here\n")

    def references(self, repository):
        return [line.split()[2] for line in repository.git("for-each-ref").splitlines() if "graft" in line]

    def test_a_young_session_stays(self):
        repository = self.repository()
        name = self.made(repository, days=29)
        self.assertEqual(self.clean(), {name: "keep"})
        self.assertIn("nothing to clean up", self.graft("clean").out)
        self.assertTrue(self.folder(name).exists())

    def test_an_old_session_whose_commits_are_merged_goes(self):
        repository = self.repository()
        name = self.made(repository, days=31)
        repository.git("merge", "-q", f"graft/{name}")
        before = repository.state()
        self.assertEqual(self.clean("-n"), {name: "remove"})
        self.assertTrue(self.folder(name).exists(), "a dry run changes nothing")
        run = self.graft("clean")
        self.assertRegex(run.out, rf"{name}  remove +31 d +[0-9.]+ KB  {repository.path}\nfreed [0-9.]+ KB: 1 session removed\n$")
        self.assertFalse(self.folder(name).exists())
        self.assertEqual(self.references(repository), [])
        self.assertEqual(repository.state(), before)

    def test_commits_that_were_cherry_picked_count_as_merged(self):
        repository = self.repository()
        name = self.made(repository, days=31)
        repository.write({"other.txt": "more\n"})
        repository.git("add", "-A")
        repository.git("commit", "-q", "-m", "Other")
        repository.git("cherry-pick", f"graft/{name}")
        self.assertEqual(self.clean(), {name: "remove"})

    def test_a_session_that_was_accepted_in_a_review_goes_when_it_is_old(self):
        repository = self.repository()
        name = self.made(repository)
        repository.write({"other.txt": "more\n"})
        repository.git("add", "-A")
        repository.git("commit", "-q", "-m", "Other")
        self.graft("review", "accept", "1", cwd=repository.path)
        repository.write({"answer.txt": "quite right\n"})
        repository.git("commit", "-qa", "--amend", "-m", "Accepted, and improved")
        self.age(name, 31)
        self.assertEqual(self.clean("-n"), {name: "keep"}, "the review is young")
        for file in self.folder(name).glob("review*"):
            os.utime(file, (1, 1))
        self.assertEqual(self.clean("-n"), {name: "keep"}, "what was amended is not what was accepted")
        repository.git("reset", "-q", "--hard", "HEAD@{1}")
        before = repository.state()
        self.assertEqual(self.clean(), {name: "remove"})
        self.assertEqual(self.references(repository), [])
        self.assertEqual({**repository.state(), "branches": None}, {**before, "branches": None})
        self.assertIn("right", repository.show("main", "answer.txt"))

    def test_commits_that_a_review_has_accepted_count_as_merged(self):
        repository = self.repository()
        name = self.made(repository, days=31)
        commit = repository.git("rev-parse", f"graft/{name}")
        repository.write({"answer.txt": "right, and more\n"})
        repository.git("commit", "-qam", "Accept with changes")
        record = {"n": 1, "op": "accept", "accepted": {commit: repository.git("rev-parse", "HEAD")}}
        review = self.folder(name) / "review.jsonl"
        review.write_text(json.dumps(record) + "\n{torn")
        os.utime(review, (1, 1))
        self.assertEqual(self.clean("-n"), {name: "remove"})
        repository.git("reset", "-q", "--hard", "HEAD~1")
        self.assertEqual(self.clean("-n"), {name: "keep"}, "what was undone is not accepted")

    def test_old_commits_that_are_nowhere_else_stay(self):
        repository = self.repository()
        name = self.made(repository, days=99)
        self.assertEqual(self.clean(), {name: "keep"})
        self.assertIn("nowhere else", self.report["sessions"][0]["reason"])
        self.assertEqual(len(self.references(repository)), 1 + len(self.raw_steps(repository)))

    def raw_steps(self, repository):
        return [name for name in self.references(repository) if name.startswith("refs/graft/")]

    def test_commits_that_are_nowhere_else_need_a_yes(self):
        repository = self.repository()
        name = self.made(repository)
        run = self.graft("clean", "--all", exit_code=64)
        self.assertIn("1 commit of 1 session is nowhere else; add --yes", run.err)
        self.assertTrue(self.folder(name).exists())
        self.assertEqual(self.clean("--all", "--yes"), {name: "remove"})
        self.assertEqual(len(self.report["sessions"][0]["commits_nowhere_else"]), 1)
        self.assertEqual(self.references(repository), [])

    def test_a_terminal_is_asked(self):
        repository = self.repository()
        name = self.made(repository)
        shown, code = self.on_terminal(["clean", "--session", name[-4:]], answer="n")
        self.assertEqual(code, 0, shown)
        self.assertIn("nowhere else. Delete them? [y/N]", shown)
        self.assertTrue(self.folder(name).exists())
        shown, code = self.on_terminal(["clean", "--session", name[-4:]], answer="y")
        self.assertIn("1 session removed", shown)
        self.assertFalse(self.folder(name).exists())

    def test_a_named_session_goes_whatever_its_age(self):
        repository = self.repository()
        one, two = self.made(repository), self.made(repository)
        self.assertEqual(self.clean("--session", one, "--yes"), {one: "remove"})
        self.assertFalse(self.folder(one).exists())
        self.assertTrue(self.folder(two).exists())

    def test_commits_of_others_on_the_branch_are_named(self):
        repository = self.repository()
        name = self.made(repository)
        repository.git("checkout", "-q", f"graft/{name}")
        repository.write({"mine.txt": "mine\n"})
        repository.git("add", "-A")
        repository.git("commit", "-q", "-m", "Mine")
        self.assertEqual(self.clean("--all", "--yes"), {name: "keep"})
        self.assertIn(f"checked out in {repository.path}", self.report["sessions"][0]["reason"])
        repository.git("checkout", "-q", "main")
        self.clean("--all", "-n")
        self.assertIn("2 commits (1 not by Graft)", self.report["sessions"][0]["reason"])
        self.assertEqual(self.report["sessions"][0]["commits_not_by_graft"], 1)

    def test_a_branch_in_another_working_tree_stays(self):
        repository = self.repository()
        name = self.made(repository, days=99)
        repository.git("worktree", "add", "-q", self.root / "look", f"graft/{name}")
        self.assertEqual(self.clean("--session", name, "--yes"), {name: "keep"})
        self.assertEqual((self.root / "look/answer.txt").read_text(), "right\n")

    def test_the_tree_of_a_killed_run_goes_and_its_commits_stay(self):
        repository = self.repository()
        name = self.killed(repository)
        self.assertTrue((self.folder(name) / "tree").exists())
        self.assertEqual(self.clean(), {name: "tidy"})
        self.assertGreater(self.report["freed_bytes"], 0)
        self.assertFalse((self.folder(name) / "tree").exists())
        self.assertTrue((self.folder(name) / "journal.jsonl").exists())
        self.assertEqual(repository.git("worktree", "list").count("\n"), 0)
        self.assertEqual(self.clean(), {name: "keep"})
        self.assertEqual(self.clean("--session", name), {name: "remove"})
        self.assertEqual(self.references(repository), [])

    def test_a_run_that_was_killed_before_it_said_where_is_cleaned_up_from_its_repository(self):
        repository = self.repository()
        name = self.killed(repository)
        journal = self.folder(name) / "journal.jsonl"
        journal.write_text(journal.read_text().splitlines()[0] + "\n")
        self.assertEqual(self.clean("--session", name, cwd=repository.path), {name: "remove"})
        self.assertFalse(self.folder(name).exists())
        self.assertEqual(repository.git("worktree", "list").count("\n"), 0)
        self.assertEqual(self.references(repository), [])

    def test_a_running_session_stays_whatever_is_asked(self):
        repository = self.repository()
        run = self.begin(repository, server=self.simulate(turn(shell("sleep 600")), DONE))
        run.wait_for("item.started", lambda event: event["item"]["type"] == "command_execution")
        (folder,) = self.sessions()
        self.age(folder.name, 99)
        self.assertEqual(self.clean("--all", "--yes"), {folder.name: "keep"})
        self.assertIn("running", self.report["sessions"][0]["reason"])
        self.assertEqual(self.clean("--session", folder.name, "--yes"), {folder.name: "keep"})
        self.assertTrue((folder / "tree/answer.txt").exists())

    def test_a_session_without_its_repository_goes(self):
        repository = self.repository()
        name = self.killed(repository)
        shutil.rmtree(repository.path)
        self.age(name, 31)
        # What its tree held may be in no commit that there still is.
        self.assertEqual(self.clean(), {name: "keep"})
        self.assertIn(f"{self.folder(name)}/tree", self.report["sessions"][0]["reason"])
        self.assertTrue((self.folder(name) / "tree/answer.txt").exists())
        self.graft("clean", "--all", exit_code=64)
        self.assertEqual(self.clean("--session", name, "--yes"), {name: "remove"})
        self.assertFalse(self.folder(name).exists())

    def test_an_old_session_without_repository_and_tree_goes(self):
        repository = self.repository()
        name = self.made(repository)
        shutil.rmtree(repository.path)
        self.assertEqual(self.clean(), {name: "keep"})
        self.age(name, 31)
        self.assertEqual(self.clean(), {name: "remove"})
        self.assertFalse(self.folder(name).exists())

    def test_folders_that_cannot_be_written_go_too(self):
        repository = self.repository()
        name = self.made(repository)
        deep = self.folder(name) / "output/a/b"
        deep.mkdir(parents=True)
        (deep / "file").write_text("x")
        for folder in (deep, deep.parent):
            folder.chmod(0o500)
        self.assertEqual(self.clean("--all", "--yes"), {name: "remove"})
        self.assertFalse(self.folder(name).exists())

    def test_links_are_not_followed(self):
        repository = self.repository()
        name = self.made(repository)
        os.symlink(self.canary, self.folder(name) / "output/away")
        shutil.rmtree(self.folder(name) / "tmp")
        os.symlink(self.canary, self.folder(name) / "tmp")
        os.symlink(self.canary, self.folder(name) / "tree")
        self.assertEqual(self.clean("--all", "--yes"), {name: "remove"})
        self.assertFalse(self.folder(name).exists())

    def test_a_session_folder_that_is_a_link_is_refused(self):
        link, gone = "20200101-0000-aaaa", ".removing-20200101-0000-bbbb"
        (self.state / "graft/sessions").mkdir(parents=True)
        for name in (link, gone):
            os.symlink(self.canary, self.folder(name))
        self.assertEqual(set(self.clean("--all", "--yes").values()), {"keep"})
        self.assertIn("is a link", self.report["sessions"][0]["reason"])
        self.clean("--session", link, "--yes")
        self.assertTrue(self.folder(link).is_symlink() and self.folder(gone).is_symlink())

    def test_what_is_not_a_session_stays(self):
        for name in ("notes", "20200101-0000-aaaa-backup", ".removing-notes", "20200101-0000"):
            (self.folder(name) / "tree").mkdir(parents=True)
        self.assertEqual(self.clean("--all", "--yes"), {})
        self.assertEqual(len(list((self.state / "graft/sessions").iterdir())), 4)

    def test_a_removal_that_was_interrupted_is_ended_the_next_time(self):
        repository = self.repository()
        name = self.made(repository)
        half = self.folder(f".removing-{name}")
        self.folder(name).rename(half)
        (half / "journal.jsonl").unlink()
        self.assertEqual(self.clean(), {name: "remove"})
        self.assertFalse(half.exists())

    def test_a_clean_up_that_is_killed_is_ended_by_the_next(self):
        repository = self.repository()
        name = self.made(repository)
        for number in range(200):
            folder = self.folder(name) / f"output/{number}"
            folder.mkdir()
            for file in range(100):
                (folder / str(file)).touch()
        run = self.start("clean", "--all", "--yes")
        half = self.folder(f".removing-{name}")
        wait_until(lambda: half.exists() or run.has_ended(), "the start of the removal")
        os.kill(run.pid, signal.SIGKILL)
        run.end()
        self.assertFalse(self.folder(name).exists())
        self.clean()
        self.assertFalse(half.exists())
        self.assertEqual(self.references(repository), [])

    def test_a_tree_that_was_removed_by_hand_leaves_no_registration(self):
        repository = self.repository()
        name = self.killed(repository)
        shutil.rmtree(self.folder(name))
        self.clean("--session", name, "--yes", cwd=repository.path)
        self.assertEqual(repository.git("worktree", "list").count("\n"), 0)
        self.assertEqual(self.references(repository), [])

    def test_branches_and_references_of_others_stay(self):
        repository = self.repository()
        name = self.made(repository)
        for reference in ("refs/heads/graft/mine", "refs/graft/mine", f"refs/heads/graft/{name}2", "refs/tags/graft"):
            repository.git("update-ref", reference, "HEAD")
        self.clean("--all", "--yes", cwd=repository.path)
        self.assertEqual(
            set(self.references(repository)),
            {"refs/heads/graft/mine", "refs/graft/mine", f"refs/heads/graft/{name}2", "refs/tags/graft"},
        )

    def test_two_at_once_are_one_too_many(self):
        (self.state / "graft/sessions").mkdir(parents=True)
        folder = os.open(self.state / "graft/sessions", os.O_RDONLY)
        self.addCleanup(os.close, folder)
        fcntl.flock(folder, fcntl.LOCK_EX)
        self.assertIn("another graft clean", self.graft("clean", exit_code=64).err)

    def test_wrong_arguments_are_told(self):
        for arguments, word in (
            (["--older-than", "soon"], "invalid age"), (["--older-than", "9999999999d"], "invalid age"),
            (["--session", "nobody"], "no session"), (["--session", ""], "no session"),
            (["--session", "x", "--all"], "leave --all"),
        ):
            self.assertIn(word, self.graft("clean", *arguments, exit_code=64).err)
