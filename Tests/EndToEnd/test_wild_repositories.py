"""Repositories as people have them: each works, or is refused in one clear line before the model is asked."""

import ctypes
import os
import re
import shutil
import sys
import unittest
from pathlib import Path

from scripted import DONE, FIX, patch, shell, turn
from wild import SHELL_FIX, WildTest


class Modules(WildTest):
    def with_submodule(self):
        module = self.repository({"inside": "1\n"}, name="module")
        repository = self.repository()
        repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(module.path), "sub")
        repository.git("commit", "-q", "-m", "Add a module")
        return repository

    def test_a_submodule_stays_as_it_is(self):
        repository = self.with_submodule()
        run = self.works(repository, turns=(SHELL_FIX, DONE))
        self.assertEqual(self.changed(repository), ["answer.txt", "by-command.txt"])
        self.assertIn("Submodules, as the commit records them: sub. They cannot be changed", run.stdout)

    def test_a_modified_submodule_is_not_taken_along(self):
        repository = self.with_submodule()
        (repository.path / "sub/inside").write_text("2\n")
        self.git("commit", "-q", "-a", "-m", "Two", at=repository.path / "sub")
        (repository.path / "sub/inside").write_text("3\n")
        self.works(repository)
        self.assertEqual(self.changed(repository), ["answer.txt"])

    def test_a_patch_in_a_submodule_is_refused_in_words(self):
        repository = self.with_submodule()
        make = turn(patch("sub/inside", "@@\n-1\n+2\n"), patch("sub/new", "+x\n", "create_file"))
        server = self.simulate(make, FIX, DONE)
        self.run_graft(repository, 0, server=server, verdict="fixed")
        told = [item["output"] for item in server.inputs if item["type"] == "apply_patch_call_output"]
        self.assertEqual(sum("sub is a submodule, which a session does not change" in text for text in told[:2]), 2, told)
        self.assertEqual(self.changed(repository), ["answer.txt"])

    def test_a_submodule_that_was_never_fetched_is_left_alone(self):
        origin = self.with_submodule()
        self.git("clone", "-q", str(origin.path), "clone")
        repository = self.adopt(self.root / "clone")
        self.assertEqual(list((repository.path / "sub").iterdir()), [])
        self.works(repository)

    def test_a_repository_inside_is_named_and_left(self):
        repository = self.repository()
        self.git("init", "-q", "inner", at=repository.path)
        (repository.path / "inner/file").write_text("x\n")
        make = turn(shell("git init -q another; echo x > another/file; echo right > answer.txt"))
        run = self.works(repository, turns=(make, DONE))
        notices = [event["message"] for event in run.events if event["type"] == "notice"]
        self.assertIn("not taken along: inner (a repository of its own)", notices)
        self.assertIn("not stored: another (a repository of its own)", notices)
        self.assertEqual(self.changed(repository), ["answer.txt"])
        (branch,) = self.branches(repository)
        self.assertIn("Not stored: another", repository.git("log", "-1", "--format=%b", branch))


class Checkouts(WildTest):
    FILES = {"answer.txt": "wrong\n", "in/a": "1\n", "out/b": "2\n", "out/deep/c": "3\n"}

    def test_sparse_checkouts_lose_nothing(self):
        for words in (["--cone", "in"], ["--no-cone", "/*", "!/out/"], ["--cone", "--sparse-index", "in"]):
            with self.subTest(words):
                self.setUp()
                repository = self.repository(self.FILES)
                repository.git("sparse-checkout", "set", *words)
                self.assertFalse((repository.path / "out").exists())
                repository.write({"in/a": "mine\n"})
                self.works(repository, turns=(SHELL_FIX, DONE))
                self.assertEqual(self.changed(repository), ["answer.txt", "by-command.txt", "in/a"])

    def test_a_sparse_checkout_in_place_loses_nothing(self):
        repository, server = self.repository(self.FILES), self.simulate(SHELL_FIX, DONE)
        repository.git("sparse-checkout", "set", "--cone", "in")
        self.run_graft(repository, 0, "--in-place", server=server, in_place=True)
        self.assertEqual(self.changed(repository), ["answer.txt", "by-command.txt"])

    def test_a_shallow_clone_works(self):
        origin = self.repository()
        for number in range(3):
            origin.git("commit", "-q", "--allow-empty", "-m", f"{number}")
        self.git("clone", "-q", "--depth", "1", f"file://{origin.path}", "clone")
        repository = self.adopt(self.root / "clone")
        self.assertEqual(repository.git("rev-list", "--count", "HEAD"), "1")
        self.works(repository)

    def partial(self):
        origin = self.repository(self.FILES)
        for setting in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
            origin.git("config", setting, "true")
        self.git("clone", "-q", "--filter=blob:none", "--sparse", f"file://{origin.path}", "clone")
        repository = self.adopt(self.root / "clone")
        missing = repository.git("rev-list", "--objects", "--missing=print", "HEAD")
        self.assertEqual(missing.count("\n?"), 3)
        return origin, repository

    def test_a_partial_clone_gets_what_it_misses_from_git(self):
        _, repository = self.partial()
        self.works(repository, turns=(SHELL_FIX, DONE))
        self.assertEqual(self.changed(repository), ["answer.txt", "by-command.txt"])

    def test_a_partial_clone_whose_origin_is_gone_is_refused(self):
        origin, repository = self.partial()
        origin.path.rename(self.root / "away")
        self.refused(repository, "partial clone", "git")

    def test_a_linked_worktree_of_the_user_is_a_place_to_start_from(self):
        main = self.repository({"answer.txt": "right\n"})
        main.git("worktree", "add", "-q", "-b", "topic", str(self.root / "linked"))
        repository = self.adopt(self.root / "linked")
        repository.write({"answer.txt": "wrong\n"})
        repository.git("commit", "-q", "-a", "-m", "Wrong")
        self.works(repository)
        self.assertEqual(main.git("rev-parse", "main"), main.git("rev-parse", "topic~1"))

    def test_a_linked_worktree_with_a_configuration_of_its_own_works(self):
        main = self.repository()
        main.git("config", "extensions.worktreeConfig", "true")
        main.git("worktree", "add", "-q", "-b", "topic", str(self.root / "linked"))
        repository = self.adopt(self.root / "linked")
        repository.git("config", "--worktree", "user.name", "Bea")
        self.works(repository)
        (branch,) = self.branches(repository)
        self.assertEqual(repository.git("log", "-1", "--format=%an", branch), "Bea")

    def test_a_held_lock_of_the_index_is_nothing_to_wait_for(self):
        repository = self.repository()
        (repository.path / ".git/index.lock").touch()
        self.works(repository, turns=(SHELL_FIX, DONE))
        self.assertTrue((repository.path / ".git/index.lock").exists())

    def test_a_split_index_works(self):
        repository = self.repository(self.FILES)
        repository.git("update-index", "--split-index")
        repository.write({"in/a": "mine\n"})
        self.works(repository)
        self.assertEqual(self.changed(repository), ["answer.txt", "in/a"])

    def test_a_symbolic_link_to_the_root_works(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        (self.root / "link").symlink_to(repository.path)
        self.run_graft(self.root / "link", 0, server=server, verdict="fixed")
        self.assert_branch_has(repository, "answer.txt", "right")
        self.assertEqual(repository.git("status", "--porcelain"), "")

    def test_a_working_tree_elsewhere_works(self):
        repository = self.repository()
        elsewhere = self.root / "elsewhere"
        elsewhere.mkdir()
        (repository.path / "answer.txt").rename(elsewhere / "answer.txt")
        repository.git("config", "core.worktree", str(elsewhere))
        run = self.works(repository)
        self.assertEqual(run.events[1]["repository"], str(elsewhere))

    def test_names_that_differ_in_case_only_are_two_files(self):
        repository = self.repository({"answer.txt": "wrong\n", "Name": "1\n", "name": "2\n"})
        self.works(repository, turns=(turn(shell("echo 3 > NAME; echo 4 > name"), patch()), DONE))
        self.assertEqual(self.changed(repository), ["NAME", "answer.txt", "name"])

    def test_names_of_any_bytes_work(self):
        repository = self.repository()
        names = [b"new\nline", b"\xff\xe9", b"tab\t", b"quo\"te", "ünï".encode()]
        for name in names:
            (Path(os.fsdecode(os.fsencode(repository.path) + b"/" + name))).write_text("x\n")
        repository.git("add", "-A")
        repository.git("commit", "-q", "-m", "Names")
        lines = [f"printf y > \"$(printf '{name}')\"" for name in (r"new\nline", r"\377\351", r"\376")]
        self.works(repository, turns=(turn(shell(*lines), patch()), DONE))
        self.assertEqual(len(self.changed(repository)), 4)


class Formats(WildTest):
    def test_sha256_is_refused(self):
        self.git("init", "-q", "--object-format=sha256", "repository")
        repository = self.adopt(self.root / "repository")
        repository.write({"answer.txt": "wrong\n"})
        repository.git("add", ".")
        repository.git("commit", "-q", "-m", "Start")
        self.refused(repository, "SHA-256")

    def test_an_unknown_extension_is_refused(self):
        repository = self.repository()
        repository.git("config", "core.repositoryFormatVersion", "1")
        config = repository.path / ".git/config"
        config.write_text(config.read_text() + "[extensions]\n\tnewfangled = true\n")
        self.refused(repository.path, "newfangled")

    @unittest.skipUnless(os.geteuid() == 0, "only root can give a folder away")
    def test_a_repository_of_somebody_else_is_refused_with_what_mends_it(self):
        repository = self.repository()
        for path in (repository.path, repository.path / ".git"):
            os.chown(path, 65534, 65534)
        self.refused(repository.path, "git config --global --add safe.directory", str(repository.path))
        self.git("config", "--global", "--add", "safe.directory", str(repository.path))
        self.works(repository)

    def test_alternates_work(self):
        origin = self.repository()
        self.git("clone", "-q", "--shared", str(origin.path), "clone")
        self.assertTrue((self.root / "clone/.git/objects/info/alternates").exists())
        self.works(self.adopt(self.root / "clone"))

    def test_replaced_objects_are_seen_as_git_shows_them(self):
        repository = self.repository()
        first = repository.git("rev-parse", "HEAD")
        repository.write({"answer.txt": "wrong\n", "only-in-replacement": "x\n"})
        repository.git("add", ".")
        repository.git("commit", "-q", "-m", "Replacement")
        second = repository.git("rev-parse", "HEAD")
        repository.git("reset", "-q", "--hard", first)
        repository.git("replace", first, second)
        repository.git("reset", "-q", "--hard")
        self.refused(repository, "git replace")

    def test_grafts_of_the_history_do_no_harm(self):
        repository = self.repository()
        repository.git("commit", "-q", "--allow-empty", "-m", "Second")
        (repository.path / ".git/info").mkdir(exist_ok=True)
        (repository.path / ".git/info/grafts").write_text(repository.git("rev-parse", "HEAD") + "\n")
        self.works(repository)


class Refusals(WildTest):
    """What keeps every commit from being made is said before the model is asked."""

    @unittest.skipIf(shutil.which("git-lfs"), "git-lfs is on this machine")
    def test_lfs_without_its_program_is_refused(self):
        for clean in ("git-lfs clean -- %f", "git lfs clean -- %f"):
            with self.subTest(clean):
                self.setUp()
                repository = self.repository({"answer.txt": "wrong\n", ".gitattributes": "*.bin filter=lfs -text\n"})
                for key, value in (("clean", clean), ("process", "git-lfs filter-process"), ("required", "true")):
                    repository.git("config", f"filter.lfs.{key}", value)
                run = self.refused(repository, "git-lfs", "install")
                self.assertNotIn("internal", run.stderr)
                # A driver that no file asks for is nobody's trouble.
                repository.git("rm", "-q", ".gitattributes")
                repository.git("commit", "-q", "-m", "Without")
                self.works(repository)

    @unittest.skipUnless(os.geteuid() == 0, "only root can mount")
    def test_a_repository_that_cannot_be_written_is_refused(self):
        repository = self.repository()
        for part in (".git", ".git/objects"):
            with self.subTest(part):
                libc, place = ctypes.CDLL(None, use_errno=True), os.fsencode(repository.path / part)
                bind, read_only = 4096, 4096 | 32 | 1
                if libc.mount(place, place, None, bind, None) or libc.mount(None, place, None, read_only, None):
                    self.skipTest(f"cannot mount: {os.strerror(ctypes.get_errno())}")
                try:
                    run = self.refused(repository, "Read-only file system", str(repository.path / part), "work in a clone")
                finally:
                    libc.umount2(place, 2)
                self.assertNotIn("internal", run.stderr)
        self.works(repository)


class Times(WildTest):
    def test_commits_have_the_time_zone_that_gits_have(self):
        for zone in ("XST-5:30", "EST5EDT4,M1.1.0,M12.5.0", "UTC0"):
            with self.subTest(zone):
                self.setUp()
                self.world["TZ"] = zone
                repository = self.repository()
                repository.write({"mine": "x\n"})
                self.works(repository, turns=(SHELL_FIX, DONE))
                (branch,) = self.branches(repository)
                dates = repository.git("log", "--format=%ad %cd", "--date=format:%z", f"HEAD..{branch}").split()
                self.assertGreaterEqual(len(dates), 4)
                self.assertEqual(set(dates), {repository.git("log", "-1", "--format=%ad", "--date=format:%z")})


class Kernels(WildTest):
    # openat2(2) answers "no such call" to this program and what it becomes, as old kernels do (seccomp(2)).
    OLD = """
import ctypes, errno, os, struct, sys
code = [(0x20, 0, 0, 0), (0x15, 0, 1, 437), (6, 0, 0, 0x50000 | errno.ENOSYS), (6, 0, 0, 0x7FFF0000)]
filters = b"".join(struct.pack("HBBI", *line) for line in code)
memory = ctypes.create_string_buffer(filters)
program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code), ctypes.addressof(memory)))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, program, 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""

    def test_a_kernel_that_cannot_keep_paths_inside_is_refused(self):
        server, repository = self.simulate(), self.repository()
        run = self.begin(repository, server=server, prefix=[sys.executable, "-c", self.OLD])
        self.finish(run, repository, 64, "usage")
        self.assert_clear(run, "openat2", "Linux 5.6")
        self.assertEqual(server.requests, [])


class States(WildTest):
    def conflicted(self):
        repository = self.repository()
        repository.git("checkout", "-q", "-b", "other")
        repository.write({"answer.txt": "theirs\n"})
        repository.git("commit", "-q", "-a", "-m", "Theirs")
        repository.git("checkout", "-q", "main")
        repository.write({"answer.txt": "ours\n"})
        repository.git("commit", "-q", "-a", "-m", "Ours")
        return repository

    def test_conflicts_of_a_merge_or_rebase_are_refused(self):
        for command in ("merge", "rebase"):
            with self.subTest(command):
                self.setUp()
                repository = self.conflicted()
                with self.assertRaises(AssertionError):
                    repository.git(command, "other")
                self.refused(repository, "conflicts", "finish or abort")

    def test_a_merge_whose_conflicts_are_solved_is_worked_from(self):
        repository = self.conflicted()
        with self.assertRaises(AssertionError):
            repository.git("merge", "other")
        repository.write({"answer.txt": "wrong\n"})
        repository.git("add", ".")
        self.works(repository)
        self.assertTrue((repository.path / ".git/MERGE_HEAD").exists())

    def test_a_rebase_that_stopped_to_edit_and_a_bisection_are_worked_from(self):
        for kind in ("rebase", "bisect"):
            with self.subTest(kind):
                self.setUp()
                repository = self.repository()
                for number in range(4):
                    repository.git("commit", "-q", "--allow-empty", "-m", f"{number}")
                if kind == "rebase":
                    self.world["GIT_SEQUENCE_EDITOR"] = "sed -i 1s/pick/edit/"
                    repository.git("rebase", "-q", "-i", "HEAD~2")
                else:
                    repository.git("bisect", "start", "HEAD", "HEAD~4")
                self.works(repository)
                self.assertIn(kind, repository.git("status"))


class Promises(unittest.TestCase):
    def test_the_sources_name_no_command_that_throws_the_users_work_away(self):
        sources = Path(__file__).resolve().parents[2] / "Sources"
        used = set()
        for file in sources.rglob("*.swift"):
            text = file.read_text()
            used.update(re.findall(r"command\.run\(\s*\[(.*?)\]", text, re.DOTALL))
            for word in ("git_reset(", "git_stash_", "git_checkout_head", "git_checkout_index"):
                self.assertNotIn(word, text, file)
        # All that git itself is asked for; read-tree only in a working tree that Graft has just made.
        words = {word for line in used for word in re.findall(r'"([a-z][a-z-]+)"', line)}
        self.assertLessEqual(words, {"read-tree", "hash-object", "update-index", "ls-files", "ls-remote"})
