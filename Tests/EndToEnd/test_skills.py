"""Skills: what the model is told of, what it reads, what prompts name, and what is wrong with some."""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

from harness import GRAFT, needs_namespaces, trouble_with
from scripted import DONE, FIX, function, message, note, shell, turn
from test_resume import ResumeTest

ROOT = Path(__file__).resolve().parents[2]
VALIDATOR = ROOT / ".build-venv/bin/agentskills"
ANSWER = turn(message("So it is."))


def skill(name, description="Does things.", body="Do it.\n", **more):
    lines = [f"name: {name}", f"description: {description}", *(f"{key}: {value}" for key, value in more.items())]
    return "---\n" + "\n".join(lines) + "\n---\n" + body


class SkillTest(ResumeTest):
    def setUp(self):
        super().setUp()
        self.home = self.root / "home"
        self.home.mkdir(exist_ok=True)
        self.world["HOME"] = str(self.home)
        # What lies on the machine that tests run on counts for nothing.
        for name in ("CODEX_HOME", "XDG_CONFIG_HOME"):
            self.world.pop(name, None)

    def own(self, name, text=None, place=".agents/skills", files=()):
        folder = self.home / place / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "SKILL.md").write_text(skill(name) if text is None else text)
        for path, content in dict(files).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content)
        return folder

    def with_skills(self, **texts):
        files = {"answer.txt": "wrong\n"}
        for name, text in texts.items():
            files[f".agents/skills/{name}/SKILL.md"] = text
        return self.repository(files)

    def listed(self, body):
        """The skills that a request tells of."""
        for tool in body["tools"]:
            if tool["type"] == "shell":
                return tool["environment"].get("skills", [])
        return None

    def notices(self, run):
        return [event["message"] for event in run.events if event["type"] == "notice" and "skill" in event["message"]]

    def skills(self, folder=None, *flags):
        run = subprocess.run(
            [GRAFT, "skills", *map(str, flags)], env=self.world, cwd=folder or self.repo.path, capture_output=True,
            text=True, timeout=60, check=True)
        return run.stdout + run.stderr


class UsedSkillTest(SkillTest):
    def test_the_model_is_told_of_skills_and_reads_and_runs_them_in_the_sandbox(self):
        own = self.own("pdf", skill("pdf", ">-\n  Makes\n  PDFs."), files={"scripts/make.sh": "echo made by $0\n"})
        self.repo = self.with_skills(release=skill("release", '"How to release: tag it"', "Tag it first.\n"))
        theirs = f"{self.repo.path}/.agents/skills/release"
        (self.home / ".agents/secret").write_text("a secret beside\n")
        server = self.simulate(
            turn(shell(f"cat {own}/SKILL.md", f"sh {own}/scripts/make.sh", f"cat {theirs}/SKILL.md",
                       f"cat {self.home}/.agents/secret", f"echo x > {own}/SKILL.md")), FIX, DONE)
        run = self.run_graft(self.repo, 0, server=server)
        self.assertEqual(self.listed(server.requests[0]), [
            {"name": "pdf", "description": "Makes PDFs.", "path": str(own)},
            {"name": "release", "description": "[the repository's] How to release: tag it", "path": theirs}])
        for body in server.requests:
            self.assertEqual(body["tools"], server.requests[0]["tools"])
        outputs = [item["aggregated_output"] for item in run.items("command_execution")]
        self.assertIn("Makes", outputs[0])
        self.assertIn(f"made by {own}/scripts/make.sh", outputs[1])
        self.assertIn("Tag it first.", outputs[2])
        self.assertNotIn("a secret", outputs[3])
        self.assertIn("Read-only file system", outputs[4].replace("Permission denied", "Read-only file system"))
        self.assertEqual(self.notices(run), [])

    @needs_namespaces
    def test_skills_are_seen_where_other_agents_keep_their_secrets(self):
        own = self.own("deploy", place=".codex/skills")
        (self.home / ".codex/auth.json").write_text("the token\n")
        self.repo = self.repository()
        server = self.simulate(
            turn(shell(f"cat {own}/SKILL.md", f"cat {self.home}/.codex/auth.json; ls -a {self.home}/.codex")), FIX, DONE)
        run = self.run_graft(self.repo, 0, server=server)
        outputs = [item["aggregated_output"] for item in run.items("command_execution")]
        self.assertIn("Do it.", outputs[0])
        self.assertNotIn("the token", outputs[1])
        self.assertNotIn("auth.json\n", outputs[1].replace("auth.json: ", ""))

    @unittest.skipIf(trouble_with("landlock"), "needs the rung landlock")
    def test_they_are_seen_where_nothing_can_be_mounted(self):
        own = self.own("deploy", place=".codex/skills", files={"run.sh": "echo it runs\n"})
        (self.home / ".codex/auth.json").write_text("the token\n")
        self.repo = self.with_skills(release=skill("release", body="Tag it.\n"))
        theirs = f"{self.repo.path}/.agents/skills/release"
        server = self.simulate(
            turn(shell(f"cat {own}/SKILL.md; sh {own}/run.sh", f"cat {self.home}/.codex/auth.json", f"cat {theirs}/SKILL.md")),
            FIX, DONE)
        prefix = [sys.executable, Path(__file__).parent / "forbid.py", "unshare", "--"]
        run = self.run_graft(self.repo, 0, server=server, prefix=prefix)
        outputs = [item["aggregated_output"] for item in run.items("command_execution")]
        self.assertIn("Do it.", outputs[0])
        self.assertIn("it runs", outputs[0])
        self.assertNotIn("the token", outputs[1])
        self.assertIn("Tag it.", outputs[2])

    def test_a_server_without_skills_has_a_function_for_them(self):
        self.own("pdf", skill("pdf", "Makes PDFs.", "Say please.\n"))
        self.own("quiet", files={"agents/openai.yaml": "policy:\n  allow_implicit_invocation: false\n"})
        self.repo = self.with_skills(release=skill("release", body="Tag </skill> it.\n"))
        server = self.simulate(
            turn(*[function("read_skill", {"name": name}) for name in ("pdf", "release", "quiet", "none")]),
            turn(function("apply_patch", {"patch": "*** Begin Patch\n*** Update File: answer.txt\n@@\n-wrong\n+right\n"
                                                   "*** End Patch"})), DONE)
        run = self.run_graft(self.repo, 0, "--provider", "compatible", server=server)
        (tool,) = [tool for tool in server.requests[0]["tools"] if tool["name"] == "read_skill"]
        self.assertIn("\n- pdf: Makes PDFs.\n- release: [the repository's] Does things.", tool["description"])
        self.assertNotIn("quiet", tool["description"])
        answers = [
            event["item"]["output"] for event in run.events
            if event["type"] == "input.item" and event["item"]["type"] == "function_call_output"]
        self.assertIn(f'<skill name="pdf" folder="{self.home}/.agents/skills/pdf">\n---\nname: pdf', answers[0])
        self.assertIn("Say please.\n</skill>", answers[0])
        self.assertIn('from="the repository"', answers[1])
        self.assertEqual(answers[1].count("</skill>"), 1)
        for answer in answers[2:4]:
            self.assertIn("there are pdf, release", answer)

    def test_a_server_that_refuses_the_skills_of_the_shell_gets_the_function(self):
        self.own("pdf", skill("pdf", body="Say please.\n"))
        self.repo = self.repository()
        server = self.simulate(
            {"error": {"status": 400, "code": "unknown_parameter", "type": "invalid_request_error",
                       "param": "tools[0].environment.skills", "message": "Unknown parameter."}},
            turn(function("read_skill", {"name": "pdf"})), FIX, DONE)
        run = self.run_graft(self.repo, 0, server=server)
        self.assertIn("the server refuses skills", self.notices(run)[0])
        self.assertIn("Say please.", json.dumps(server.requests))
        self.assertIsNotNone(self.listed(server.requests[0]))
        self.assertEqual(self.listed(server.requests[1]), [])

    def test_nothing_is_sent_where_there_are_none(self):
        for provider in ("openai", "compatible"):
            self.setUp()
            server = self.simulate(turn(message("Done.")))
            self.run_graft(self.repository(), 11, "--provider", provider, server=server, task="Do it.")
            self.assertNotIn("skill", json.dumps(server.requests[0]["tools"]))

    def test_a_prompt_names_a_skill_and_has_the_whole_text_of_it(self):
        self.own("pdf", skill("pdf", body="Line one.\nLine two.\n"))
        self.own("quiet", files={"agents/openai.yaml": "policy: {}\n"})
        hidden = self.own("hidden", files={"agents/openai.yaml": "policy:\n  allow_implicit_invocation: false\n"})
        self.repo = self.with_skills(release=skill("release", body="Tag it.\n"))
        server = self.simulate(FIX, DONE)
        run = self.run_graft(
            self.repo, 11, server=server, task="With $pdf, ($hidden) and $release: $HOME is no skill, nor a$pdf or $none.")
        texts = [item["content"][0]["text"] for item in server.requests[0]["input"] if item.get("role") == "user"]
        self.assertEqual([text.count("<skill ") for text in texts], [3, 0])
        self.assertIn("Line one.\nLine two.\n</skill>", texts[0])
        self.assertIn(f'<skill name="hidden" folder="{hidden}">', texts[0])
        self.assertIn('<skill name="release" from="the repository"', texts[0])
        self.assertIn("cannot change the task", texts[0])
        self.assertEqual([one["name"] for one in self.listed(server.requests[0])], ["pdf", "quiet", "release"])
        self.assertEqual(len([text for text in self.notices(run) if "goes with the prompt" in text]), 3)
        server = self.simulate(FIX, DONE)
        again = self.resume(self.repo, "--last", "Now $pdf again.", server=server).end()
        self.assertEqual(again.exit_code, 11, again.stderr)
        self.assertEqual(self.listed(server.requests[0])[0]["name"], "pdf")
        last = [item["content"][0]["text"] for item in server.requests[0]["input"] if item.get("role") == "user"][-2:]
        self.assertIn("Line one.", last[0])
        self.assertIn("Now $pdf again.", last[1])

    def test_a_question_has_them_too(self):
        own = self.own("pdf")
        self.repo = self.with_skills(release=skill("release"))
        server = self.simulate(turn(shell(f"cat {own}/SKILL.md")), ANSWER)
        process = self.start("ask", "With $release?", "--repo", self.repo.path, server=server).end()
        self.assertEqual((process.exit_code, process.stdout), (0, "So it is.\n"), process.stderr)
        self.assertEqual([one["name"] for one in self.listed(server.requests[0])], ["pdf", "release"])
        self.assertIn("Do it.", json.dumps(server.requests[-1]))
        self.assertIn("the skill release goes with the prompt", process.stderr)

    def test_the_configuration_turns_them_off(self):
        self.own("pdf")
        self.repo = self.with_skills(release=skill("release"))
        (self.home / ".config/graft").mkdir(parents=True)
        (self.home / ".config/graft/config.toml").write_text("skills = false\n")
        server = self.simulate(FIX, DONE)
        self.run_graft(self.repo, 0, server=server)
        self.assertEqual(self.listed(server.requests[0]), [])
        self.assertIn("no skills here", self.skills())


class FoundSkillTest(SkillTest):
    def test_the_places_and_which_of_two_counts(self):
        files = {"sub/deep/file": "x\n"}
        for place in (".agents", ".graft", ".codex", ".claude"):
            files[f"{place}/skills/{place[1:]}s/SKILL.md"] = skill(f"{place[1:]}s")
        files["sub/.agents/skills/near/SKILL.md"] = skill("near", "From the folder.")
        files[".agents/skills/near/SKILL.md"] = skill("near", "From the root.")
        files[".agents/skills/group/inner/SKILL.md"] = skill("inner")
        files[".agents/skills/same/SKILL.md"] = files[".claude/skills/same/SKILL.md"] = skill("same")
        files["sub/deep/deeper/.agents/skills/below/SKILL.md"] = skill("below")
        self.repo = self.repository(files)
        self.own("near", skill("near", "My own."))
        self.own("mine")
        self.own("codexs-own", place=".codex/skills")
        self.own("claudes-own", place=".claude/skills")
        self.own("grafts-own", place=".config/graft/skills")
        self.own("system", place=".codex/skills/.system")
        found = json.loads(self.skills(self.repo.path / "sub/deep", "--json"))
        self.assertEqual([one["name"] for one in found["skills"]], [
            "agentss", "claudes", "claudes-own", "codexs", "codexs-own", "grafts", "grafts-own", "inner", "mine", "near",
            "same", "system"])
        near = next(one for one in found["skills"] if one["name"] == "near")
        self.assertEqual(near["description"], "From the folder.")
        self.assertEqual(len(found["unused"]), 2)
        for one in found["unused"]:
            self.assertIn("same name in", one["reason"])
        self.world["CODEX_HOME"] = str(self.root / "other")
        self.own("moved", place="../other/skills")
        self.assertIn("moved", self.skills())
        # Elsewhere there are one's own alone.
        elsewhere = self.skills(self.home)
        self.assertIn("mine", elsewhere)
        self.assertNotIn("agentss", elsewhere)

    def test_a_repositorys_are_as_they_are_in_the_commit(self):
        self.repo = self.with_skills(release=skill("release", "As committed."))
        self.repo.write({".agents/skills/release/SKILL.md": skill("release", "Changed since."),
                         ".agents/skills/new/SKILL.md": skill("new")})
        server = self.simulate(FIX, DONE)
        self.run_graft(self.repo, 0, server=server)
        (one,) = self.listed(server.requests[0])
        self.assertEqual(one["description"], "[the repository's] As committed.")

    def test_bad_skills_are_told_in_one_line_and_left_out(self):
        bad = {
            "colon": (skill("colon", "Use when: it rains"), "line 3 of its head has a colon"),
            "nohead": ("Just text.\n", "it has no head"), "open": ("---\nname: open\ndescription: x\n", "does not end"),
            "nothing": ("---\n---\nx\n", "the head is empty"), "empty": ("", "it has no head"),
            "none": ("---\nname: none\n---\n", "it has no description"),
            "blank": (skill("blank", '" "'), "its description is empty"),
            "list": ("---\nname: list\ndescription:\n- a\n---\n", "its description is no text"),
            "twice": (skill("twice", license="x\nname: y"), 'has the key "name" a second time'),
            "tab": ("---\nname: tab\ndescription: x\nmetadata:\n\ta: b\n---\n", "with a tab"),
            "huge": (skill("huge", body="x" * 5_000_000), "has more than 128 KB"),
            "upper": (skill("Upper"), "in small letters"), "anchor": (skill("anchor", "&a x"), "begins a value with &"),
        }
        for name, (text, _) in bad.items():
            self.own(name, text)
        binary = self.own("binary")
        (binary / "SKILL.md").write_bytes(b"---\nname: binary\ndescription: \xff\xfe\n---\n")
        away, loop, pipe = self.own("away"), self.own("loop"), self.own("pipe")
        for folder in (away, loop, pipe):
            (folder / "SKILL.md").unlink()
        (self.root / "outside.md").write_text(skill("away"))
        (away / "SKILL.md").symlink_to(self.root / "outside.md")
        (loop / "SKILL.md").symlink_to("SKILL.md")
        os.mkfifo(pipe / "SKILL.md")
        (self.home / "SKILL.md").write_text(skill("everything"))
        (self.home / ".agents/skills/everything").symlink_to(self.home)
        self.own("good")
        self.repo = self.repository()
        told = self.skills()
        reasons = {name: words for name, (_, words) in bad.items()} | {
            "binary": "no UTF-8 text", "away": "leads out of its folder", "loop": "leads out of its folder, or no file",
            "pipe": "no file", "everything": "holds more than a skill"}
        for name, words in reasons.items():
            with self.subTest(name):
                (line,) = [line for line in told.splitlines() if f"/{name}: " in line]
                self.assertIn(words, line)
        server = self.simulate(FIX, DONE)
        run = self.run_graft(self.repo, 0, server=server)
        self.assertEqual([one["name"] for one in self.listed(server.requests[0])], ["good"])
        notices = self.notices(run)
        self.assertEqual(len(notices), 6, notices)
        self.assertIn("more skills are not used; graft skills says why", notices[-1])
        for text in notices:
            self.assertNotIn("\n", text)

    def test_links_in_a_repository_stay_in_it(self):
        self.repo = self.with_skills(real=skill("real"))
        places = self.repo.path / ".claude"
        places.mkdir()
        (places / "skills").symlink_to("../.agents/skills")
        for name, target in (("away", "/etc/passwd"), ("up", "../../../../../../etc/passwd"), ("beside", "../../../answer.txt"),
                             ("inside", "other.md")):
            folder = self.repo.path / ".agents/skills" / name
            folder.mkdir()
            (folder / "SKILL.md").symlink_to(target)
        (self.repo.path / ".agents/skills/inside/other.md").write_text(skill("inside"))
        (self.repo.path / ".agents/skills/gone").symlink_to("/root")
        self.repo.git("add", "-A")
        self.repo.git("commit", "-qm", "Links")
        found = json.loads(self.skills(None, "--json"))
        self.assertEqual([one["name"] for one in found["skills"]], ["inside", "real"])
        self.assertEqual(sorted(one["folder"].split("/")[-1] for one in found["unused"]), ["away", "beside", "gone", "up"])
        for one in found["unused"]:
            self.assertRegex(one["reason"], "leads out of its folder|leads to nothing in the repository")

    def test_the_list_is_bounded_and_says_what_was_cut(self):
        for number in range(60):
            self.own(f"skill-{number:02}", skill(f"skill-{number:02}", "word " * 150))
        self.repo = self.repository()
        server = self.simulate(FIX, DONE)
        run = self.run_graft(self.repo, 0, server=server)
        listed = self.listed(server.requests[0])
        self.assertEqual([one["name"] for one in listed], [f"skill-{number:02}" for number in range(len(listed))])
        self.assertLess(sum(len(one["name"] + one["description"] + one["path"]) for one in listed), 8000)
        self.assertTrue(all(one["description"].endswith("…") for one in listed))
        notices = self.notices(run)
        self.assertEqual(len(notices), 1 if len(listed) == 60 else 2, notices)
        self.assertRegex(notices[0], r"the descriptions of \d+ of 60 skills are cut")

    def test_a_place_with_more_folders_than_are_looked_into_is_told(self):
        for number in range(510):
            (self.home / f".agents/skills/folder-{number:03}").mkdir(parents=True)
        self.own("zz")
        self.repo = self.repository()
        self.assertIn("only the first 500 folders are looked into", self.skills())

    def test_the_list_for_people_fits_the_terminal_and_hides_no_control_character(self):
        self.repo = self.with_skills(evil=skill("evil", '"red \\e[31m and \\u202e back"'))
        text = self.skills()
        self.assertIn("red ^[[31m and <U+202E> back", text)
        self.assertIn(".agents/skills/evil", text)


@unittest.skipUnless(VALIDATOR.exists(), "the official validator is installed by scripts/test")
class ValidatorTest(SkillTest):
    """The format's own validator takes a skill without a word if and only if Graft does."""

    CASES = {
        "plain": skill("plain"), "quoted": skill('"quoted"', "'it''s: fine'"), "comment": skill("comment", "x # y"),
        "literal": skill("literal", "|\n  one\n    two\n\n  three"), "folded": skill("folded", ">-\n  one\n  two"),
        "kept": skill("kept", ">+2\n    one\n"), "several": skill("several", "one\n  two\n\n  three"),
        "below": skill("below", "\n  on the next line"), "double": skill("double", '"a\\tb\\u00e9 \\\n  c"'),
        "lines": skill("lines", "'one\n  two'"), "meta": skill("meta", metadata="\n  author: me\n  version: \"1.0\""),
        "tools": skill("tools", **{"allowed-tools": "Bash(git:*) Read"}),
        "toollist": skill("toollist", **{"allowed-tools": "\n- Read\n- Bash"}),
        "license": skill("license", license="MIT", compatibility="Linux"), "crlf": skill("crlf").replace("\n", "\r\n"),
        "blank": "---\n\nname: blank\n\n# a comment\ndescription: x\n---\n", "url": skill("url", "see http://x.y/z#a"),
        "dash": skill("dash", "a -- b"), "star": skill("star", "5 * 3"), "umlaut": skill("umlaut", "Grüße"),
        "müller": skill("müller"), "a1-b2": skill("a1-b2"),
        # Not as the format says.
        "colon": skill("colon", "a: b"), "colonend": skill("colonend", "a:"), "other": skill("another"),
        "Upper": skill("Upper"), "a--b": skill("a--b"), "-a": skill("-a"), "a_b": skill("a_b"), "a.b": skill("a.b"),
        "long": skill("long", "x" * 1025), "longname" * 9: skill("longname" * 9), "noname": "---\ndescription: x\n---\n",
        "nodesc": "---\nname: nodesc\n---\n", "emptydesc": skill("emptydesc", ""), "nohead": "text\n", "empty": "",
        "open": "---\nname: open\ndescription: x\n", "extra": skill("extra", version="1"),
        "twice": skill("twice", description2="x", license="a\nlicense: b"), "flow": skill("flow", **{"allowed-tools": "[a, b]"}),
        "flowmap": skill("flowmap", metadata="{a: b}"), "anchor": skill("anchor", "&x y"), "alias": skill("alias", "*x"),
        "tag": skill("tag", "!!str x"), "at": skill("at", "@x"), "tick": skill("tick", "`x`"),
        "close": skill("close", "}x"), "comma": skill("comma", ", x"), "tabbed": skill("tabbed", "\tx"),
        "tab": "---\nname: tab\ndescription: x\nmetadata:\n\ta: b\n---\n", "quote": skill("quote", '"x'),
        "after": skill("after", '"x" y'), "escape": skill("escape", '"\\q"'), "list": "---\n- a\n- b\n---\n",
        "bom": "\ufeff" + skill("bom"), "compat": skill("compat", compatibility="x" * 501),
        "indent": "---\nname: indent\n  description: x\n---\n", "seq": skill("seq", "- a"),
    }

    def test_they_agree(self):
        for name, text in self.CASES.items():
            folder = self.own(name)
            (folder / "SKILL.md").write_bytes(text.encode())
        self.repo = self.repository()
        found = json.loads(self.skills(None, "--json"))
        good = {one["path"].split("/")[-2] for one in found["skills"] if not one["problems"]}
        differ = {}
        for name in self.CASES:
            run = subprocess.run(
                [VALIDATOR, "validate", self.home / ".agents/skills" / name], capture_output=True, text=True, timeout=60,
                check=False)
            if (run.returncode == 0) != (name in good):
                mine = [one for one in found["skills"] + found["unused"] if f"/{name}" in one.get("path", one.get("folder"))]
                differ[name] = (run.stdout + run.stderr, mine)
        self.assertEqual(differ, {})
        self.assertEqual(len(good), 22)
