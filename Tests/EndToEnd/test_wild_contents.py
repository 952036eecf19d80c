"""Contents that a repository converts, filters, ignores or signs in its own way."""

import subprocess
import sys

from harness import CHECK
from scripted import DONE, FIX, patch, shell, turn
from wild import SHELL_FIX, WildTest


class Filters(WildTest):
    def tool(self, text, name="tool"):
        """A program outside any tree, of the kind of git-lfs: one pointer a content, which is kept elsewhere."""
        file = self.root / name
        file.write_text(text)
        file.chmod(0o755)
        return file

    def lfs(self):
        (self.root / "store").mkdir()
        return self.tool(
            f"#!{sys.executable}\nimport hashlib, sys\n"
            f"store = {str(self.root / 'store')!r}\ndata = sys.stdin.buffer.read()\n"
            "if sys.argv[1] == 'clean':\n"
            "    name = hashlib.sha256(data).hexdigest()\n    open(f'{store}/{name}', 'wb').write(data)\n"
            "    print('pointer', name)\n"
            "else:\n    sys.stdout.buffer.write(open(f'{store}/{data.split()[1].decode()}', 'rb').read())\n"
        )

    def filtered(self, name="large", **commands):
        """A repository whose answer goes through a filter driver."""
        repository = self.repository({".gitattributes": "*.txt filter=large\n"})
        for key, command in commands.items():
            repository.git("config", f"filter.{name}.{key}", command)
        repository.write({"answer.txt": "wrong\n"})
        repository.git("add", "-A")
        repository.git("commit", "-q", "-m", "Filtered")
        return repository

    def test_clean_and_smudge_run_for_patches_commands_and_checkouts(self):
        tool = self.lfs()
        repository = self.filtered(clean=f"{tool} clean", smudge=f"{tool} smudge %f", required="true")
        self.assertTrue(repository.show("HEAD", "answer.txt").startswith("pointer "))
        server = self.simulate(turn(patch(), shell("echo more > more.txt")), DONE)
        self.run_graft(repository, 0, server=server, verdict="fixed")
        (branch,) = self.branches(repository)
        for name, content in (("answer.txt", "right\n"), ("more.txt", "more\n")):
            kind, digest = repository.show(branch, name).split()
            self.assertEqual(kind, "pointer")
            self.assertEqual((self.root / "store" / digest).read_text(), content)

    def test_a_filter_process_runs(self):
        tool = self.tool(
            f"#!{sys.executable}\nimport sys\ni, o = sys.stdin.buffer, sys.stdout.buffer\n"
            "def read():\n    n = i.read(4)\n    if not n: sys.exit()\n    n = int(n, 16)\n"
            "    return i.read(n - 4) if n > 4 else None\n"
            "def lines():\n    return list(iter(read, None))\n"
            "def send(*all):\n    for d in all:\n        o.write(b'%04x' % (len(d) + 4) + d)\n"
            "    o.write(b'0000'); o.flush()\n"
            "lines(); send(b'git-filter-server\\n', b'version=2\\n')\n"
            "lines(); send(b'capability=clean\\n', b'capability=smudge\\n')\n"
            "while True:\n    lines(); data = b''.join(lines())\n"
            "    send(b'status=success\\n'); send(data.swapcase()); send()\n"
        )
        repository = self.filtered(process=str(tool), required="true")
        self.assertEqual(repository.show("HEAD", "answer.txt"), "WRONG")
        self.run_graft(repository, 0, server=self.simulate(FIX, DONE), verdict="fixed")
        self.assert_branch_has(repository, "answer.txt", "RIGHT")

    def test_a_driver_that_nothing_defines_does_nothing(self):
        self.works(self.filtered())

    def test_a_filter_that_fails_is_told_and_nothing_is_left(self):
        repository = self.filtered(clean="cat", smudge="cat")
        repository.git("config", "filter.large.smudge", "false")
        repository.git("config", "filter.large.required", "true")
        server = self.simulate()
        run = self.begin(repository, server=server)
        run.end()
        self.assertNotEqual(run.exit_code, 0)
        self.assert_clear(run, "smudge filter large failed")
        self.assertEqual(server.requests, [])

    def test_a_filter_program_in_the_tree_is_refused(self):
        for key, command in (
            ("clean", "./tools/clean.py"), ("smudge", "tools/clean.py %f"), ("process", "python3 tools/clean.py"),
            ("clean", "python3 clean.py"), ("clean", "cat | 'tools/clean.py' --quiet"),
            ("clean", "{root}/tools/clean.py"),
            ("clean", 'python3 "$(git rev-parse --show-toplevel)/tools/clean.py"'), ("clean", "cd tools && ./clean.py"),
            ("clean", "$PWD/tools/clean.py"), ("smudge", "./not/there/yet"), ("clean", "LANG=C ./tools/clean.py"),
        ):  # fmt: skip
            with self.subTest(command):
                self.setUp()
                files = {"answer.txt": "wrong\n", "tools/clean.py": "#!/bin/sh\ncat\n", "clean.py": "x\n"}
                repository = self.repository(files)
                command = command.format(root=repository.path)
                repository.git("config", f"filter.x.{key}", command)
                self.refused(repository, f"filter.x.{key}", "outside")

    def test_filters_outside_the_tree_are_not_refused(self):
        tool = self.lfs()
        for command in (
            "cat", f"{tool} clean", f"python3 {tool} clean", "git-lfs clean -- %f",
            "sed -e 's/tools/x/' -e 's/$Id$/y/'",
            "git-lfs filter-process", f"LANG=C {tool} clean | cat", "$HOME/bin/clean", "~/bin/clean %f",
        ):  # fmt: skip
            with self.subTest(command):
                self.setUp()
                files = {"answer.txt": "wrong\n", "tools/x": "x\n", "clean": "x\n", "s/x": "x\n"}
                repository = self.repository(files)
                repository.git("config", "filter.x.clean", command)
                self.works(repository)

    def test_a_filter_script_that_the_model_makes_is_not_run(self):
        repository = self.repository({"answer.txt": "wrong\n", ".gitattributes": "*.txt filter=x\n"})
        repository.git("config", "filter.x.clean", "sh later")
        bad = turn(shell(f"echo 'touch {self.root}/escaped; cat' > later"), patch())
        server = self.simulate(bad, DONE, DONE, DONE, DONE)
        run = self.begin(repository, server=server)
        run.end()
        self.assertFalse((self.root / "escaped").exists())


class Attributes(WildTest):
    def test_line_endings_are_those_that_the_attributes_ask_for(self):
        attributes = "*.bat eol=crlf\n*.sh eol=lf\n*.txt text=auto\n"
        repository = self.repository({".gitattributes": attributes, "run.bat": "a\r\n", "answer.txt": "wrong\n"})
        lines = ("printf 'x\\r\\ny\\r\\n' > new.bat", "printf 'x\\r\\n' > new.txt", "printf 'b\\r\\n' > run.bat")
        make = turn(shell(*lines), patch())
        server = self.simulate(make, DONE)
        self.run_graft(repository, 0, server=server, verdict="fixed")
        (branch,) = self.branches(repository)
        shown = subprocess.run(
            ["git", "-C", repository.path, "show", f"{branch}:new.bat", f"{branch}:new.txt", f"{branch}:run.bat"],
            env=self.world, capture_output=True, check=True,
        ).stdout  # fmt: skip
        self.assertNotIn(b"\r", shown)

    def test_attributes_of_the_user_convert_in_the_tree_as_in_a_checkout(self):
        for place in ("config/git/attributes", "info"):
            with self.subTest(place=place):
                repository = self.repository({"answer.txt": "wrong\n", "a.txt": "one\n"}, name=place.replace("/", "-"))
                file = repository.path / ".git/info/attributes" if place == "info" else self.root / place
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text("a.txt text eol=crlf\n")
                server = self.simulate(turn(shell("od -c a.txt")), FIX, DONE)
                run = self.run_graft(repository, 0, server=server, command=CHECK)
                (shown,) = [item["aggregated_output"] for item in run.items("command_execution")]
                self.assertIn("\\r", shown)
                (commit,) = run.result["commits"]
                self.assertEqual([change["path"] for change in commit["changes"]], ["answer.txt"])
                file.unlink()

    def test_autocrlf_converts_and_does_not_show_as_a_change(self):
        for setting in ("true", "input"):
            with self.subTest(setting):
                self.setUp()
                repository = self.repository({"answer.txt": "wrong\n", "other.txt": "a\nb\n"})
                repository.git("config", "core.autocrlf", setting)
                if setting == "true":
                    for name in ("answer.txt", "other.txt"):
                        (repository.path / name).unlink()
                    repository.git("checkout", "-q", ".")
                    self.assertIn(b"\r\n", (repository.path / "other.txt").read_bytes())
                self.works(repository)
                self.assertEqual(self.changed(repository), ["answer.txt"])

    def test_files_in_another_encoding_are_kept_in_it(self):
        attributes = "*.u16 text working-tree-encoding=UTF-16LE-BOM\n"
        repository = self.repository({".gitattributes": attributes, "answer.txt": "wrong\n"})
        repository.write({"text.u16": b"\xff\xfe" + "grün\n".encode("utf-16-le")})
        repository.git("add", ".")
        repository.git("commit", "-q", "-m", "Encoded")
        self.assertEqual(repository.show("HEAD", "text.u16"), "grün")
        make = turn(shell("cp text.u16 copy.u16; printf '\\377\\376b\\0l\\0' > text.u16"), patch())
        server = self.simulate(make, DONE)
        self.run_graft(repository, 0, server=server, verdict="fixed")
        (branch,) = self.branches(repository)
        self.assertEqual(repository.show(branch, "copy.u16"), "grün")
        self.assertEqual(repository.show(branch, "text.u16"), "bl")

    def test_ident_lines_are_no_changes(self):
        repository = self.repository({".gitattributes": "*.c ident\n", "a.c": "/* $Id$ */\n", "answer.txt": "wrong\n"})
        (repository.path / "a.c").unlink()
        repository.git("checkout", "-q", ".")
        self.assertIn(b"$Id: ", (repository.path / "a.c").read_bytes())
        self.works(repository, turns=(SHELL_FIX, DONE))
        self.assertEqual(self.changed(repository), ["answer.txt", "by-command.txt"])


class Configuration(WildTest):
    def test_hooks_are_never_run(self):
        repository = self.repository()
        hooks = self.root / "hooks"
        hooks.mkdir()
        names = "pre-commit commit-msg post-commit post-checkout post-index-change reference-transaction fsmonitor"
        for folder in (hooks, repository.path / ".git/hooks"):
            folder.mkdir(exist_ok=True)
            for name in names.split():
                (folder / name).write_text(f"#!/bin/sh\ntouch {self.root}/ran-{name}\n")
                (folder / name).chmod(0o755)
        # With a driver, and so with git itself at work; once with the usual folder of hooks, once with another.
        repository.git("config", "filter.x.clean", "cat")
        for setting in (None, str(hooks)):
            if setting:
                repository.git("config", "core.hooksPath", setting)
                repository.git("branch", "-q", "-D", *self.branches(repository))
            run = self.begin(repository, server=self.simulate(SHELL_FIX, DONE))
            for ran in self.root.glob("ran-*"):
                ran.unlink()
            run.end()
            self.assertEqual(list(self.root.glob("ran-*")), [])
            self.finish(run, repository, 0, "fixed")

    def test_signing_is_left_to_the_user_and_said(self):
        repository = self.repository()
        repository.git("config", "commit.gpgSign", "true")
        repository.git("config", "gpg.program", f"touch {self.root}/signed")
        run = self.works(repository)
        notices = [event["message"] for event in run.events if event["type"] == "notice"]
        self.assertEqual(len([text for text in notices if "commit.gpgSign" in text]), 1)
        self.assertFalse((self.root / "signed").exists())

    def test_an_environment_that_names_another_repository_is_refused_or_ignored(self):
        other = self.repository({"x": "1\n"}, name="other")
        for name, value in (("GIT_DIR", other.path / ".git"), ("GIT_INDEX_FILE", other.path / ".git/index"),
                            ("GIT_WORK_TREE", other.path), ("GIT_OBJECT_DIRECTORY", other.path / ".git/objects")):
            with self.subTest(name):
                repository = self.repository(name=f"repository-{name}")
                before = other.state()
                self.works(repository, env={name: str(value)})
                self.assertEqual(other.state(), before)

    def test_a_file_system_monitor_and_an_untracked_cache_do_no_harm(self):
        repository = self.repository()
        repository.git("config", "core.untrackedCache", "true")
        repository.git("config", "core.fsmonitor", f"touch {self.root}/monitored; true")
        repository.git("-c", "core.fsmonitor=false", "update-index", "--untracked-cache", "--force-write-index")
        repository.write({"untracked": "x\n"})
        state = repository.state
        monitored = self.root / "monitored"

        def unmonitored():
            found = state()
            monitored.unlink(missing_ok=True)
            return found

        repository.state = unmonitored
        server = self.simulate(SHELL_FIX, DONE)
        run = self.begin(repository, server=server)
        run.end()
        self.assertFalse(monitored.exists())
        self.finish(run, repository, 0, "fixed")
        self.assertEqual(self.changed(repository), ["answer.txt", "by-command.txt", "untracked"])

    def test_files_that_rules_exclude_are_never_committed(self):
        rules = self.root / "home/rules"
        rules.write_text("*.mine\n")
        repository = self.repository(
            {"answer.txt": "wrong\n", ".gitignore": "*.log\n/build/\n", "sub/.gitignore": "*.tmp\n!keep.tmp\n"}
        )
        repository.git("config", "--global", "core.excludesFile", "~/rules")
        (repository.path / ".git/info").mkdir(exist_ok=True)
        (repository.path / ".git/info/exclude").write_text("*.local\n")
        names = "a.log build/x sub/a.tmp sub/deep/b.tmp a.mine sub/b.local sub/keep.tmp"
        make = turn(shell(f"mkdir -p build sub/deep; for f in {names}; do echo x > $f; done"), patch())
        repository.write({"mine.log": "x\n", "mine.mine": "x\n", "mine.local": "x\n"})
        self.works(repository, turns=(make, DONE))
        self.assertEqual(self.changed(repository), ["answer.txt", "sub/keep.tmp"])

    def test_large_new_files_are_named_and_not_stored(self):
        repository = self.repository({"answer.txt": "wrong\n", ".graft/config.toml": 'untracked_limit = "64KB"\n'})
        repository.write({"mine.bin": b"x" * 70_000})
        make = turn(shell("head -c 100000 /dev/zero > data.bin; echo x > small"), patch())
        run = self.works(repository, turns=(make, DONE))
        self.assertEqual(self.changed(repository), ["answer.txt", "small"])
        notices = [event["message"] for event in run.events if event["type"] == "notice"]
        self.assertIn("not taken along: mine.bin (68.3 KB, above the limit of 64 KB)", notices)
        self.assertIn("not stored: data.bin (97.6 KB, above the limit of 64 KB)", notices)
