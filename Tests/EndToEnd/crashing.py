"""Kills a scripted session at a chosen moment, goes on with it, and holds what comes of it against the undisturbed run.

The server answers by what the history holds, as a model would: a call that was answered as cut off or not run is made
again, and everything else happens once.
"""

import collections
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import threading
import time

from harness import GraftTest, wait_until
from scripted import message, note, patch, shell

HERE = pathlib.Path(__file__).resolve().parent
FILES = {"answer.txt": "wrong\n", "old.txt": "old\n", "deep/keep.txt": "kept\n"}
ORDER = json.dumps({
    "commits": [
        {"subject": "Write the new files", "why": "They were missing.", "hunks": ["h1-h2"]},
        {"subject": "Say what is right", "why": "It was wrong.", "hunks": ["h3-h4"]},
    ]
})
TURNS = [
    [shell("cat answer.txt", "echo one > one.txt", "ls")],
    [note("Come nearer."), patch(diff="@@\n-wrong\n+almost\n"), patch("new.txt", "+new\n+text\n", "create_file")],
    [shell("cat one.txt new.txt")],
    [note("Say what is right."), patch(diff="@@\n-almost\n+right\n"), patch("old.txt", "", "delete_file")],
    [message("Done.")],
    [{"type": "function_call", "name": "order_commits", "arguments": ORDER}],
]
# The same with a history that is made shorter behind the third turn, of which only the server knows then.
LONG_TURNS = [
    *TURNS[:2],
    [*TURNS[2], {"type": "function_call", "name": "report_milestone", "arguments": json.dumps({
        "milestone": "root_cause", "summary": "The answer is wrong.", "evidence": {"file": "answer.txt", "line": 1}})}],
    *TURNS[3:],
]
# So large is a history that it pays to make it shorter.
LONG = 150_000
# What an answer says that leaves the call to be made again.
UNDONE = ("interrupted", "not run", "not applied: Graft")


def call_key(item):
    """The turn and the position of a call, from its id: call_<turn>_<position>_<attempt>."""
    return tuple(map(int, item["call_id"].split("_")[1:3])) if item.get("call_id", "").startswith("call_") else None


def is_undone(output):
    return any(words in json.dumps(output.get("output")) for words in UNDONE)


def remaining(items, turns):
    """What is left to do of the first turn of which something is, and what a compaction of the history has to remember;
    checks on the way that each call has one answer."""
    outputs, attempts, done, said = {}, {}, set(), []
    for item in items:
        if item["type"] == "compaction":
            known = json.loads(item["encrypted_content"])
            done |= {tuple(key) for key in known["done"]}
            attempts |= {tuple(key): number for key, number in known["attempts"]}
            said += known["said"]
    for item in items:
        if item["type"].endswith("_output"):
            assert item["call_id"] not in outputs, f"two answers to {item['call_id']}"
            outputs[item["call_id"]] = item
    calls = [item for item in items if not item["type"].endswith("_output") and call_key(item)]
    assert {item["call_id"] for item in calls} == set(outputs), "calls and answers do not pair"
    for item in calls:
        if call_key(item) in done and is_undone(outputs[item["call_id"]]):
            continue
        attempts[call_key(item)] = attempts.get(call_key(item), 0) + 1
        if not is_undone(outputs[item["call_id"]]):
            done.add(call_key(item))
    texts = said + [json.dumps(item.get("content")) for item in items if item.get("role") == "assistant"]
    memory = {"done": sorted(done), "attempts": sorted(attempts.items()), "said": texts}
    for number, turn in enumerate(turns):
        left = []
        for position, item in enumerate(turn):
            if item["type"] != "message":
                if (number, position) not in done:
                    attempt = attempts.get((number, position), 0)
                    left.append({**item, "call_id": f"call_{number}_{position}_{attempt}", "status": "completed"})
            elif not any(item["content"][0]["text"] in text for text in texts):
                left.append({**item, "role": "assistant", "status": "completed"})
        if left:
            return left, memory
    return [{**message("There is nothing left."), "role": "assistant", "status": "completed"}], memory


class Server:
    """A server over HTTP that answers by the history of each request.

    With `compacts` it makes histories shorter: `trigger` in a response, `endpoint` by a request of its own.
    """

    def __init__(self, turns=None, compacts=None):
        owner = self
        self.turns, self.compacts = turns or TURNS, compacts
        self.count, self.faults = 0, []
        # What is known of each trial, by the name of its repository: a request may come when its run is dead.
        self.trials = collections.defaultdict(lambda: {"is_short": False, "compactions": 0, "opening": None})

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                owner.count += 1
                if self.path.endswith("/input_tokens"):
                    return self.answer(404, {"error": {"message": "There is no such thing.", "type": "not_found"}})
                asked = [item for item in body["input"] if item["type"] != "compaction_trigger"]
                items, memory, trial = [], {}, owner.trials[re.search(r"repository\d+", json.dumps(asked))[0]]
                try:
                    items, memory = remaining(asked, owner.turns)
                    owner.check(asked, trial)
                except AssertionError as error:
                    owner.faults.append(str(error))
                compaction = {"type": "compaction", "id": f"cmp_{owner.count}", "encrypted_content": json.dumps(memory)}
                if self.path.endswith("/compact"):
                    trial["compactions"] += 1
                    kept = [item for item in asked if item.get("role") == "user"][:1]
                    return self.answer(200, {
                        "id": f"resp_{owner.count}", "object": "response.compaction", "created_at": 0,
                        "output": [*kept, compaction], "usage": owner.usage(10)})
                if asked != body["input"]:
                    if owner.compacts != "trigger":
                        return self.answer(400, {"error": {
                            "message": "compaction_trigger is not supported.", "type": "invalid_request_error"}})
                    trial["compactions"] += 1
                    items = [compaction]
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                response = {"id": f"resp_{owner.count}", "object": "response", "status": "in_progress", "output": []}
                self.say("response.created", response=response)
                items = [{"id": f"item_{owner.count}_{index}", **item} for index, item in enumerate(items)]
                for index, item in enumerate(items):
                    self.say("response.output_item.done", output_index=index, item=item)
                is_short = any(item["type"] == "compaction" for item in asked)
                usage = owner.usage(LONG if owner.compacts and not is_short else 10)
                self.say("response.completed", response={
                    **response, "status": "completed", "output": items, "usage": usage})

            def answer(self, status, value):
                data = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                try:
                    self.wfile.write(data)
                except OSError:
                    self.close_connection = True

            def say(self, kind, **members):
                line = f"event: {kind}\ndata: {json.dumps({'type': kind, 'sequence_number': 0, **members})}\n\n"
                try:
                    self.wfile.write(line.encode())
                except OSError:
                    self.close_connection = True

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @staticmethod
    def usage(input_tokens):
        return {"input_tokens": input_tokens, "output_tokens": 5, "total_tokens": input_tokens + 5}

    @staticmethod
    def check(items, trial):
        """Holds a history against those before it: it begins as they do, and one that is short stays so."""
        # What asks for a compaction has no tools.
        items = [item for item in items if item["type"] != "additional_tools"]
        users = [index for index, item in enumerate(items) if item.get("role") == "user"]
        opening = items[: users[0] + 1]
        trial["opening"] = trial["opening"] or opening
        assert opening == trial["opening"], f"the rules or the task have changed: {opening} from {trial['opening']}"
        compactions = [index for index, item in enumerate(items) if item["type"] == "compaction"]
        assert len(compactions) <= 1, "two compactions in one history"
        assert compactions or not trial["is_short"], "a history that was short is long again"
        if compactions:
            trial["is_short"] = True
            before = items[: compactions[0]]
            assert before == opening, f"before the compaction there is {[item.get('role') for item in before]}"
            cards = [item for item in items if "# Where the work stands" in json.dumps(item.get("content"))]
            assert len(cards) == 1, f"{len(cards)} state cards"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class CrashTest(GraftTest):
    """One repository after the other, each with a session that is killed and goes on."""

    @classmethod
    def setUpClass(cls):
        cls.shim = pathlib.Path("/var/tmp") / f"graft-crash-shim-{os.getpid()}.so"
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O1", "-o", cls.shim, HERE / "crash_shim.c", "-ldl"], check=True, timeout=60)

    @classmethod
    def tearDownClass(cls):
        cls.shim.unlink()

    flags = ()
    # How histories are made shorter, if they are.
    compacts = None

    def setUp(self):
        super().setUp()
        self.server = Server(LONG_TURNS if self.compacts else TURNS, self.compacts)
        self.addCleanup(self.server.stop)
        self.trial = 0

    def begin_trial(self, **crash):
        """A new repository with a run that the shim watches."""
        self.trial += 1
        self.state = self.root / f"state{self.trial}"
        self.state.mkdir()
        self.world["XDG_STATE_HOME"] = str(self.state)
        repository = self.repository(FILES, name=f"repository{self.trial}")
        environment = {"LD_PRELOAD": str(self.shim), **{name: str(value) for name, value in crash.items()}}
        return repository, self.begin(
            repository, "--transport", "http", *self.flags, server=self.server, env=environment)

    def end_trial(self):
        shutil.rmtree(self.state, ignore_errors=True)
        shutil.rmtree(self.root / f"repository{self.trial}", ignore_errors=True)

    def events(self):
        (path,) = self.state.glob("graft/sessions/2*/journal.jsonl")
        return [json.loads(line) for line in path.read_bytes().splitlines()]

    def outcome(self, repository):
        """What a session has come to, without names and times."""
        (branch,) = self.branches(repository)
        commits = repository.git("log", "--reverse", "--format=%s %T", f"main..{branch}").splitlines()
        items, arriving = [], []
        for event in self.events():
            if event["type"] == "turn.started":
                arriving = []
            elif event["type"] == "response.item":
                arriving.append(event["item"])
            elif event["type"] == "turn.completed":
                items += arriving
                arriving = []
            elif event["type"] == "input.item":
                items.append(event["item"])
        outputs = {item["call_id"]: item for item in items if item["type"].endswith("_output")}
        answers, words = {}, []
        for item in items:
            if item["type"].endswith("_output"):
                continue
            if call_key(item):
                output = outputs.pop(item["call_id"])
                if not is_undone(output):
                    self.assertNotIn(call_key(item), answers, "a call was made twice")
                    answers[call_key(item)] = {k: v for k, v in output.items() if k != "call_id"}
            else:
                text = "".join(part["text"] for part in item["content"])
                if "the session goes on" not in text and text not in words:
                    words.append(text)
        self.assertEqual(outputs, {}, "answers without calls")
        # Names and times differ from run to run.
        words = [re.sub(r"\b[0-9a-f]{40}\b", "COMMIT", text.replace(str(repository.path), "PATH")) for text in words]
        return {"commits": commits, "answers": answers, "words": words}

    def undisturbed(self, **crash):
        repository, process = self.begin_trial(**crash)
        self.finish(process, repository, 0, "fixed")
        self.assertEqual(self.server.faults, [])
        self.assert_compacted_once()
        return repository, self.outcome(repository)

    def go_on(self, repository, expected):
        """Goes on with a session that was killed; returns the word for what came of it."""
        wait_until(lambda: not self.left_processes(), "the end of what graft started", 20)
        sessions = list(self.state.glob("graft/sessions/2*/journal.jsonl"))
        kinds = [event["type"] for event in self.whole_events(sessions[0])] if sessions else []
        result = self.root / f"graft{self.count + 1}/result.json"
        words = ["resume", "--repo", repository.path, "--json", "--result", result]
        process = self.start(*words, server=self.server).end()
        told = process.stdout[-2000:] + process.stderr[-2000:]
        if "run.finished" in kinds:
            self.assertEqual(process.exit_code, 64, told)
            return "had ended"
        if "run.started" not in kinds:
            self.assertEqual(process.exit_code, 64, told)
            return "had not begun"
        self.assertEqual(process.exit_code, 0, told)
        self.assertEqual(process.result["verdict"], "fixed", told)
        self.assertEqual(self.outcome(repository), expected)
        self.assertEqual(self.server.faults, [])
        self.assert_compacted_once()
        self.assertEqual(repository.state(), self.before, "what is the user's has changed")
        started = [event["call_id"] for event in self.events() if event["type"] == "call.started"]
        self.assertEqual(len(started), len(set(started)), "a call was run twice")
        return "went on"

    def assert_compacted_once(self):
        """One shorter history is in the journal; one that was not recorded is made again, and no more than that."""
        compacted = [event for event in self.events() if event["type"] == "window.compacted"]
        self.assertEqual(len(compacted), 1 if self.compacts else 0)
        self.assertLessEqual(self.server.trials[f"repository{self.trial}"]["compactions"], 2)
        if not self.compacts:
            return
        (event,) = compacted
        self.assertEqual((event["reason"], event["route"]), ("milestone", self.compacts))
        kinds = [entry["item"]["type"] for entry in event["window"]]
        self.assertEqual((set(kinds[: kinds.index("compaction")]), kinds.count("compaction")), ({"message"}, 1))
        # The last step with its answers, and the card.
        self.assertEqual(kinds[-1], "message")
        self.assertIn("function_call_output", kinds[kinds.index("compaction") : -1])

    @staticmethod
    def whole_events(path):
        text = path.read_bytes()
        return [json.loads(line) for line in text[: text.rfind(b"\n") + 1].splitlines()]

    def crash_at(self, step, expected):
        """Kills a run behind one of its steps; returns what came of it, or None for a run that has fewer."""
        repository, process = self.begin_trial(CRASH_AT=step)
        process.end()
        if process.exit_code != -signal.SIGKILL:
            self.assertEqual(process.exit_code, 0, process.stderr)
            return None
        came = self.go_on(repository, expected)
        self.end_trial()
        return came

    def crash_after(self, seconds, expected):
        """Kills a run after a time; returns what came of it, or None for one that was quicker."""
        repository, process = self.begin_trial()
        end = time.monotonic() + seconds
        while time.monotonic() < end and not process.has_ended():
            time.sleep(0.002)
        if process.has_ended():
            return None
        os.kill(process.pid, signal.SIGKILL)
        process.end()
        came = self.go_on(repository, expected)
        self.end_trial()
        return came

    def count_steps(self):
        """How many steps an undisturbed run has, and what it comes to."""
        file = self.root / "steps"
        _, expected = self.undisturbed(CRASH_COUNT=file, CRASH_TEXT='"type":"window.compacted"')
        self.end_trial()
        count, self.compaction_step = map(int, file.read_text().split())
        return count, expected
