"""What commands see of the home folder, and what the model and the person are told of what they do not."""

import json
import subprocess

from harness import CHECK, GRAFT, GraftTest
from scripted import DONE, FIX, shell, turn
from test_approvals import permission

SETTINGS = ".m2/settings.xml"


class HomeTest(GraftTest):
    def setUp(self):
        super().setUp()
        self.home = self.root / "home"
        for name in (SETTINGS, ".newtool/credentials", ".ssh/id", "Documents/taxes.txt", ".cache/pip/wheel"):
            self.put(name)
        program = self.put(".newtool/bin/newtool", "#!/bin/sh\necho newtool works\n")
        program.chmod(0o755)
        self.world["PATH"] = f"{self.home}/.newtool/bin:{self.world['PATH']}"

    def put(self, name, text=None):
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or f"content of {name}\n")
        return path

    def configure(self, text):
        folder = self.root / "config/graft"
        folder.mkdir(exist_ok=True)
        (folder / "config.toml").write_text(text)

    def outputs(self, process):
        return [item["aggregated_output"] for item in process.items("command_execution")]

    def notices(self, process):
        return [event["message"] for event in process.events if event["type"] == "notice"]

    def sandbox(self, *arguments, code=0):
        folder = self.root / "plain"
        folder.mkdir(exist_ok=True)
        done = subprocess.run(
            [GRAFT, "sandbox", *arguments], cwd=folder, env=self.world, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, code, done.stderr)
        return done


class Closed(HomeTest):
    def test_commands_see_tools_and_nothing_else(self):
        line = "newtool; cat ~/.cache/pip/wheel; ls -A ~; cat ~/Documents/* ~/.newtool/credentials ~/.ssh/id; echo x > ~/new"
        process, repository, _ = self.fix(0, turn(shell(line)), FIX, DONE)
        (output, *_) = self.outputs(process)
        self.assertIn("newtool works", output)
        self.assertIn("content of .cache/pip/wheel", output)
        for name in ("credentials", "taxes", "ssh/id"):
            self.assertNotIn(f"content of .newtool/{name}", output)
            self.assertNotIn("content of Documents", output)
        self.assertNotIn("Documents\n", output)
        self.assertFalse((self.home / "new").exists())

    def test_the_model_is_told_each_time_and_the_person_once(self):
        look = turn(shell(f"cat ~/{SETTINGS}"))
        process, _, server = self.fix(0, look, turn(shell(f"grep x {self.home}/{SETTINGS}")), FIX, DONE)
        for output in self.outputs(process)[:2]:
            self.assertIn(f"~/{SETTINGS} is there, but closed to commands", output)
        self.assertIn("is there, but closed to commands", server.text)
        told = [notice for notice in self.notices(process) if SETTINGS in notice]
        self.assertEqual(told, [f'~/{SETTINGS} is closed to commands; read = ["~/{SETTINGS}"] in a policy opens it'])

    def test_a_secret_is_not_offered(self):
        process, _, server = self.fix(0, turn(shell("cat ~/.ssh/id")), FIX, DONE)
        self.assertIn("Go on without it", self.outputs(process)[0])
        self.assertIn("~/.ssh/id is closed to commands; it is a usual place of secrets", self.notices(process))

    def test_the_command_that_decides_says_it_too(self):
        self.configure("")
        check = f"cat ~/{SETTINGS} && {CHECK}"
        repository, server = self.repository(), self.simulate(DONE, DONE, DONE, DONE)
        process = self.run_graft(repository, 10, server=server, command=check)
        self.assertIn("is there, but closed to commands", json.dumps(server.requests[0]["input"]))
        self.assertEqual(len([notice for notice in self.notices(process) if SETTINGS in notice]), 1)
        self.configure(f'[sandbox]\nread = ["~/{SETTINGS}"]\n')
        repository, server = self.repository(name="other"), self.simulate(FIX, DONE)
        process = self.run_graft(repository, 0, server=server, command=check)
        self.assertEqual(
            self.notices(process)[:1],
            [f"[sandbox]: commands can read what may hold secrets: ~/{SETTINGS}"])


class Opened(HomeTest):
    def test_a_repository_cannot_open_anything(self):
        files = {"answer.txt": "wrong\n", ".graft/config.toml": f'[sandbox]\nread = ["~/{SETTINGS}"]\n'}
        process, _, _ = self.fix(0, turn(shell(f"cat ~/{SETTINGS}")), FIX, DONE, files=files)
        self.assertNotIn("content of", self.outputs(process)[0])
        self.assertTrue(any(f"read ~/{SETTINGS}" in notice for notice in self.notices(process)))

    def test_a_person_or_a_rule_opens_a_path_for_one_command(self):
        line = f"cat {self.home}/{SETTINGS} {self.home}/.newtool/credentials"
        asks = [permission(line, read=[f"~/{SETTINGS}"]), permission(line, read=["~/.ssh/id"]),
                permission(line, read=["~"]), permission("cat ~/.cache/pip/wheel", read=["~/.cache/pip"])]
        process, _, server = self.fix(0, turn(*asks), FIX, DONE)
        events = [event for event in process.events if event["type"] == "approval.decided"]
        self.assertEqual([(event["decision"], event["by"]) for event in events], [("no", "headless")])
        self.assertEqual(events[0]["rights"], {"read": [str(self.home / SETTINGS)]})
        answers = [item["output"] for item in server.inputs if item["type"] == "function_call_output"]
        self.assertIn("usual place of secrets", answers[1])
        self.assertIn("ask for the files or folders", answers[2])
        # What commands see anyway needs no yes.
        self.assertIn("content of .cache/pip/wheel", answers[3])
        self.configure('[[approve]]\ncommand = "cat"\nread = ["~/.m2"]\n')
        repository, server = self.repository(name="other"), self.simulate(turn(asks[0], shell(line)), FIX, DONE)
        process = self.run_graft(repository, 0, server=server)
        first, second = self.outputs(process)[:2]
        self.assertIn(f"content of {SETTINGS}", first)
        self.assertNotIn("content of .newtool/credentials", first)
        self.assertNotIn("content of", second)


class OtherCommands(HomeTest):
    def test_graft_sandbox_tells_and_lists_what_is_open(self):
        done = self.sandbox("--verbose", "--", f"newtool; cat ~/{SETTINGS}", code=1)
        self.assertEqual(done.stdout, "newtool works\n")
        self.assertIn(f'~/{SETTINGS} is closed to commands; read = ["~/{SETTINGS}"] in a policy opens it', done.stderr)
        self.assertIn("~/.cache/pip, ~/.newtool/bin", done.stderr)
        policy = self.root / "policy.toml"
        policy.write_text('read = ["~/.m2"]\n')
        done = self.sandbox("--policy", str(policy), "--", f"cat ~/{SETTINGS}")
        self.assertEqual(done.stdout, f"content of {SETTINGS}\n")
        self.assertIn("may hold secrets", done.stderr)

    def test_doctor_says_what_is_open(self):
        done = subprocess.run([GRAFT, "doctor"], env=self.world, capture_output=True, text=True, timeout=60)
        self.assertRegex(done.stdout, r"home +closed but for ~/\.cache/pip, ~/\.newtool/bin")
