"""Writes what a model would say and do to make a known change: the turns that the simulator plays."""

import base64
import hashlib
import json
import shlex

from v4a_diff import create_diff, line_ranges, update_diff
from v4a_reference import apply_create, apply_update

SHELL_LIMITS = {"timeout_ms": 120_000, "max_output_length": 16_000}


class Change:
    """The two contents of one file; None where there is no such file."""

    def __init__(self, path, old, new):
        self.path, self.old, self.new = path, old, new

    def operation(self):
        """The operation of an apply_patch call, applied once here to be sure that it says the change."""
        if self.new is None:
            return {"type": "delete_file", "path": self.path}
        if self.old is None:
            diff = create_diff(self.new)
            assert apply_create(diff) == self.new, self.path
            return {"type": "create_file", "path": self.path, "diff": diff}
        diff = update_diff(self.old, self.new)
        assert apply_update(self.old, diff) == self.new, self.path
        return {"type": "update_file", "path": self.path, "diff": diff}

    def reading(self):
        """The shell command that shows the lines in question; None if the file is new."""
        if self.old is None:
            return None
        ranges = line_ranges(self.old, self.new or "")
        script = ";".join(f"{first},{last}p" for first, last in ranges)
        return f"sed -n {shlex.quote(script)} {shlex.quote(self.path)}"


class Scenario:
    """Model responses in the order in which they are played."""

    def __init__(self, name):
        self.name = name
        self.turns = []
        self._expected = None

    def run(self, text, commands, fails_with=None):
        """A response that runs commands, each in a call of its own, and what its outputs must be.

        With a symptom the last command must exit with 1 and the symptom must be in what the model is sent; an empty
        symptom asks for the exit status only.
        """
        calls = [{"type": "shell_call", "action": {"commands": [line], **SHELL_LIMITS}} for line in commands]
        self._respond("commentary", text, calls)
        self._expected = {"outputs": [0 for _ in commands]}
        if fails_with is not None:
            self._expected["outputs"][-1] = 1
            if fails_with:
                self._expected["contains"] = [fails_with]

    def edit(self, text, changes):
        """A response that makes the changes, one call a file."""
        calls = [{"type": "apply_patch_call", "operation": change.operation()} for change in changes]
        self._respond("commentary", text, calls)

    def finish(self, text):
        """The final answer."""
        self._respond("final_answer", text, [])

    def order(self, commits):
        """The answer to the question how the steps are to be ordered: subject, why and hunks of each commit."""
        arguments = json.dumps({"commits": commits})
        self._expected = {"input_types": ["message"]}
        self._respond("commentary", None, [{"type": "function_call", "name": "order_commits", "arguments": arguments}])

    def as_json(self):
        """What the simulator reads."""
        return {"name": self.name, "turns": self.turns}

    def _respond(self, phase, text, calls):
        said = [self._message(phase, text)] if text else []
        turn = {"items": [self._reasoning(), *said, *calls]}
        if self._expected:
            turn["expect"] = self._expected
            self._expected = None
        self.turns.append(turn)

    @staticmethod
    def _message(phase, text):
        content = [{"type": "output_text", "text": text, "annotations": []}]
        return {"type": "message", "role": "assistant", "phase": phase, "content": content}

    def _reasoning(self):
        seed = f"{self.name} {len(self.turns)}".encode()
        blob = base64.urlsafe_b64encode(b"".join(hashlib.sha256(seed + bytes([n])).digest() for n in range(6)))
        return {"type": "reasoning", "summary": [], "encrypted_content": "gAAAAAB" + blob.decode()}
