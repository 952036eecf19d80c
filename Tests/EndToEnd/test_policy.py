"""Which rights commands have: by flag, by the user's file, and narrowed by the repository's."""

import json

from harness import CHECK, GraftTest, needs_namespaces
from scripted import DONE, FIX, shell, turn

LOOPBACK = (
    "python3 -c 'import socket; server = socket.create_server((\"127.0.0.1\", 0)); "
    "socket.create_connection(server.getsockname(), 5)' 2>/dev/null"
)


class Policies(GraftTest):
    def configure(self, text):
        folder = self.root / "config/graft"
        folder.mkdir(exist_ok=True)
        (folder / "config.toml").write_text(text)

    def output(self, process, number=0):
        return process.items("command_execution")[number]["aggregated_output"]

    def notices(self, process):
        return [event["message"] for event in process.events if event["type"] == "notice"]

    @needs_namespaces
    def test_a_policy_is_chosen_by_flag_and_the_model_is_told(self):
        probe = turn(shell(f"{LOOPBACK} && echo open || echo closed"))
        process, _, server = self.fix(0, probe, FIX, DONE)
        self.assertIn("open", self.output(process))
        self.assertIn("They reach 127.0.0.1, and no other network.", server.text)
        repository, server = self.repository(name="other"), self.simulate(probe, FIX, DONE)
        process = self.run_graft(repository, 0, "--policy", "offline", server=server)
        self.assertIn("closed", self.output(process))
        self.assertIn("They have no network, not even 127.0.0.1.", server.text)

    def test_the_start_of_all_requests_is_the_same_without_a_policy(self):
        seen = set()
        for number, flags in enumerate([(), ("--approvals", "never"), ("--policy", "workspace-write")]):
            repository, server = self.repository(name=f"r{number}"), self.simulate(FIX, DONE)
            self.run_graft(repository, 0, *flags, server=server)
            body = server.requests[0]
            seen.add(json.dumps([body["tools"], body["input"][:2]]))
        self.assertEqual(len(seen), 1)

    def test_the_users_file_sets_a_policy_and_a_flag_goes_before_it(self):
        home = self.root / "home/cache"
        home.mkdir()
        self.configure('[sandbox]\nwrite = ["~/cache"]\nvariables = ["FLAVOUR_*"]\n')
        line = turn(shell(f"echo x > {home}/a && echo written; echo $FLAVOUR_A; echo [$FLAVOUR_KEY]"))
        repository, server = self.repository(), self.simulate(line, FIX, DONE)
        world = {"FLAVOUR_A": "sweet", "FLAVOUR_KEY": "hidden"}
        process = self.run_graft(repository, 0, server=server, env=world)
        self.assertIn("written\nsweet\n[]\n", self.output(process))
        self.assertIn(f"Commands can write to the tree, /tmp, {home}", server.text)
        repository, server = self.repository(name="other"), self.simulate(line, FIX, DONE)
        process = self.run_graft(repository, 0, "--policy", "workspace-write", server=server, env=world)
        self.assertNotIn("written", self.output(process))

    @needs_namespaces
    def test_the_verification_runs_under_the_same_policy(self):
        command = f"{CHECK} && ! {LOOPBACK}"
        repository, server = self.repository(), self.simulate(FIX, DONE)
        self.run_graft(repository, 0, "--policy", "offline", server=server, command=command)
        for flags, code in [((), 0), (("--policy", "offline"), 0), (("--policy", "workspace-write"), 10)]:
            verify = self.start("review", "verify", "--repo", repository.path, *flags).end()
            self.assertEqual(verify.exit_code, code, verify.stdout + verify.stderr)

    def test_a_verification_later_has_the_policy_that_the_run_had(self):
        file = self.root / "policy.toml"
        file.write_text('variables = ["FLAVOUR"]\n')
        world = {"FLAVOUR": "sweet"}
        command = f'{CHECK} && test "$FLAVOUR" = sweet'
        repository, server = self.repository(), self.simulate(FIX, DONE)
        process = self.run_graft(repository, 0, "--policy", str(file), server=server, command=command, env=world)
        (start,) = [event for event in process.events if event["type"] == "run.started"]
        self.assertEqual(start["policy"], 'variables = ["FLAVOUR"]\n')
        file.unlink()
        verify = self.start("review", "verify", "--repo", repository.path, env=world).end()
        self.assertEqual(verify.exit_code, 0, verify.stdout + verify.stderr)
        verify = self.start("review", "verify", "--repo", repository.path, "--policy", str(file), env=world).end()
        self.assertEqual(verify.exit_code, 64)

    def test_what_cannot_be_made_writable_is_refused_or_told(self):
        file = self.root / "policy.toml"
        (self.root / "home/.config/gh").mkdir(parents=True)
        repository = self.repository()
        for path, reason in [
            ("/", "it is the whole machine"), ("~/", "it is the home folder"),
            ("~/.config", "it holds {}/home/.config/gh, which is hidden".format(self.root)),
        ]:
            file.write_text(f'write = ["{path}"]\n')
            process = self.run_graft(repository, 64, "--policy", str(file), verdict="usage")
            self.assert_clear(process, f"{file}: write cannot take {path}: {reason}")
            process = self.start("sandbox", "--policy", str(file), "--", "true").end()
            self.assertEqual(process.exit_code, 64)
            self.assertIn(f"write cannot take {path}: {reason}", process.stderr)
        file.write_text('write = ["/missing"]\n')
        process = self.run_graft(repository, 0, "--policy", str(file), server=self.simulate(FIX, DONE))
        line = f"{file}: what does not exist cannot be made writable and is left out: /missing"
        self.assertIn(line, self.notices(process))
        process = self.start("sandbox", "--policy", str(file), "--", "true").end()
        self.assertEqual((process.exit_code, process.stderr), (0, f"graft: {line}\n"))

    @needs_namespaces
    def test_a_repository_takes_hosts_away_and_cannot_raise_a_limit(self):
        self.configure('policy = "network"\n')
        text = "[sandbox]\nhosts = []\nlimits = { processes = 100000 }\n"
        repository = self.repository({"answer.txt": "wrong\n", ".graft/config.toml": text})
        server = self.simulate(FIX, DONE)
        process = self.run_graft(repository, 0, server=server)
        self.assertIn("They reach 127.0.0.1, and no other network.", server.text)
        (notice,) = [text for text in self.notices(process) if "config.toml" in text]
        self.assertIn("limits.processes = 100000", notice)

    @needs_namespaces
    def test_a_repository_narrows_and_never_widens(self):
        wide = '[sandbox]\nnetwork = "all"\nwrite = ["/var/tmp"]\n[[approve]]\nnetwork = "all"\n'
        files = {"answer.txt": "wrong\n", ".graft/config.toml": wide}
        repository = self.repository(files)
        ask = turn(self.permission("true", network="all"))
        server = self.simulate(turn(shell("cat /proc/net/dev; echo x > /var/tmp/graft-widened")), ask, FIX, DONE)
        process = self.run_graft(repository, 0, server=server)
        self.assertNotIn("eth", self.output(process))
        (notice,) = [text for text in self.notices(process) if "config.toml" in text]
        for part in ('network = "all"', "write /var/tmp", "[[approve]]"):
            self.assertIn(part, notice)
        (decided,) = [event for event in process.events if event["type"] == "approval.decided"]
        self.assertEqual((decided["decision"], decided["by"]), ("no", "headless"))
        repository = self.repository({"answer.txt": "wrong\n", ".graft/config.toml": 'policy = "offline"\n'}, "narrow")
        server = self.simulate(turn(shell(f"{LOOPBACK} && echo open || echo closed")), FIX, DONE)
        process = self.run_graft(repository, 0, "--policy", "network", server=server)
        self.assertIn("closed", self.output(process))

    @staticmethod
    def permission(command, **rights):
        arguments = json.dumps({"command": command, "reason": "It is needed.", **rights})
        return {"type": "function_call", "name": "run_with_permission", "arguments": arguments}

    def test_what_cannot_be_meant_is_one_line(self):
        repository = self.repository()
        for policy in ("netwrok", "/missing", str(self.root)):
            process = self.begin(repository, "--policy", policy).end()
            self.assertEqual(process.exit_code, 64)
            self.assertIn(f"there is no policy {policy}", process.stderr)
        process = self.run_graft(repository, 64, "--policy", "read-only", verdict="usage")
        self.assertIn("working_tree", process.stderr)
        self.assertEqual(self.begin(repository, "--approvals", "maybe").end().exit_code, 64)
        for text, word in [
            ('[sandbox]\nnetwrok = "all"', "unknown key sandbox.netwrok"), ('policy = "x"', "there is no policy x"),
            ('policy = "network"\n[sandbox]\n', "exclude each other"), ("[[approve]]\n", "must name what it is about"),
        ]:
            self.configure(text)
            process = self.run_graft(repository, 64, verdict="usage")
            self.assert_clear(process, word)
        self.configure("")
        for name, text, words in [
            ("named", 'policy = "/etc/x"\n', ["policy must be one of"]),
            ("broken", 'model = "m"\nx = ["a",}', [".graft/config.toml is not TOML: line 2, column 10: expected a value"]),
            ("typed", "\nmax_turns = 1.0", [".graft/config.toml: max_turns must be", "(line 2)"]),
        ]:
            repository = self.repository({"answer.txt": "wrong\n", ".graft/config.toml": text}, name)
            self.assert_clear(self.run_graft(repository, 64, verdict="usage"), *words)

    def test_under_read_only_a_task_is_done_by_patches_alone(self):
        server = self.simulate(turn(shell("echo x > a || echo refused")), FIX, DONE)
        repository = self.repository()
        process = self.run_graft(
            repository, 0, "--policy", "read-only", "--verify", CHECK, server=server, task="Say what is right.")
        self.assertIn("refused", self.output(process))
        self.assertIn("Commands can write to /tmp, and nowhere else. Only patches change the tree.", server.text)
        self.assert_branch_has(repository, "answer.txt", "right")
