"""Runs jobs of a workflow, and the steps of a composite action, as GitHub's runner does, from their YAML.

Shell steps run as they stand. The steps of other actions are played with plain git and copies: checkout, and the upload
and download of artifacts.
"""

import json
import os
import re
import shutil
import subprocess

import yaml

TOKENS = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<mark>&&|\|\||==|!=|[!(),])|(?P<name>[\w.-]+))")


class Expression:
    """An expression of GitHub Actions: the operators and functions that the files here use."""

    def __init__(self, text, contexts):
        self.tokens, self.contexts, position = [], contexts, 0
        while position < len(text.rstrip()):
            match = TOKENS.match(text, position)
            if not match:
                raise AssertionError(f"not understood: {text[position:]}")
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()

    def value(self):
        value = self.either()
        assert not self.tokens, f"left over: {self.tokens}"
        return value

    def take(self, *marks):
        if self.tokens and self.tokens[0][0] == "mark" and self.tokens[0][1] in marks:
            return self.tokens.pop(0)[1]
        return None

    def either(self):
        value = self.both()
        while self.take("||"):
            other = self.both()
            value = value or other
        return value

    def both(self):
        value = self.comparison()
        while self.take("&&"):
            other = self.comparison()
            value = value and other
        return value

    def comparison(self):
        value = self.single()
        if mark := self.take("==", "!="):
            return (value == self.single()) == (mark == "==")
        return value

    def single(self):
        if self.take("!"):
            return not self.single()
        if self.take("("):
            value = self.either()
            assert self.take(")")
            return value
        kind, text = self.tokens.pop(0)
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if self.take("("):
            arguments = []
            while not self.take(")"):
                arguments.append(self.either())
                self.take(",")
            return self.call(text, arguments)
        value = self.contexts
        for part in text.split("."):
            value = value.get(part, "") if isinstance(value, dict) else ""
        return value

    @staticmethod
    def call(name, arguments):
        if name == "startsWith":
            return str(arguments[0]).lower().startswith(str(arguments[1]).lower())
        if name == "always":
            return True
        raise AssertionError(f"the function {name} is not played")


def filled(text, contexts):
    """A value of YAML with its expressions replaced."""
    if not isinstance(text, str):
        return {True: "true", False: "false"}.get(text, str(text))
    return re.sub(r"\$\{\{(.*?)\}\}", lambda match: str(Expression(match[1], contexts).value()), text, flags=re.S)


def holds(condition, contexts):
    """Whether a step or a job with this `if` runs, where nothing has failed before."""
    text = re.sub(r"^\s*\$\{\{(.*)\}\}\s*$", r"\1", str(condition), flags=re.S)
    return bool(Expression(text, contexts).value())


class Job:
    """One job on a machine of its own."""

    def __init__(self, folder, world, *, event, token, action, forge, artifacts, secrets, overrides):
        self.folder, self.event, self.token, self.action = folder, event, token, action
        self.forge, self.artifacts, self.secrets, self.overrides = forge, artifacts, secrets, overrides
        self.workspace, self.temporary = folder / "work/calc/calc", folder / "temp"
        self.home = folder / "home"
        for place in (self.workspace, self.temporary, self.home):
            place.mkdir(parents=True)
        (self.home / ".gitconfig").write_text("[user]\nname = Runner\nemail = runner@example.org\n")
        self.summary = folder / "summary.md"
        self.path = world["PATH"]
        server = f"http://127.0.0.1:{forge.port}"
        self.base = {
            "PATH": self.path, "LANG": "C.UTF-8", "HOME": str(self.home), "CI": "true", "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.workspace), "RUNNER_TEMP": str(self.temporary),
            "GITHUB_REPOSITORY": forge.project, "GITHUB_SERVER_URL": server, "GITHUB_API_URL": f"{server}/api/v3",
            "GITHUB_STEP_SUMMARY": str(self.summary), "GIT_CONFIG_NOSYSTEM": "1",
        }
        (folder / "event.json").write_text(json.dumps({**event, "repository": {"full_name": forge.project}}))
        self.base["GITHUB_EVENT_PATH"] = str(folder / "event.json")
        self.base["GITHUB_EVENT_NAME"] = "workflow_run"
        self.outputs, self.output, self.failed, self.count, self.environments = {}, "", False, 0, []
        self.ran = []

    def contexts(self, **more):
        return {
            "github": {
                "event": self.event, "token": self.token, "repository": self.forge.project,
                "action_repository": "acme/graft", "action_path": str(self.action),
            },
            "runner": {"temp": str(self.temporary)}, "secrets": self.secrets, "steps": {}, **more,
        }

    def run(self, job, needs=None):
        """Runs the job; returns its outputs, or None where its condition does not hold."""
        contexts = self.contexts(needs=needs or {})
        if "if" in job and not holds(job["if"], contexts):
            return None
        self.steps(job["steps"], contexts)
        return {name: filled(value, contexts) for name, value in job.get("outputs", {}).items()}

    def steps(self, steps, contexts):
        for step in steps:
            condition = str(step.get("if", ""))
            if (self.failed and "always()" not in condition) or (condition and not holds(condition, contexts)):
                continue
            given = {name: filled(value, contexts) for name, value in step.get("with", {}).items()}
            self.ran.append(step.get("name", step.get("uses")))
            outputs = self.use(step["uses"], given) if "uses" in step else self.shell(step, contexts)
            if "id" in step:
                contexts["steps"][step["id"]] = {"outputs": outputs}

    def use(self, name, given):
        if name.startswith("actions/checkout@"):
            return self.check_out(given)
        if name.startswith("actions/upload-artifact@"):
            shutil.copytree(given["path"], self.artifacts / given["name"], dirs_exist_ok=True)
            return {}
        if name.startswith("actions/download-artifact@"):
            shutil.copytree(self.artifacts / given["name"], given["path"], dirs_exist_ok=True)
            return {}
        return self.compose({**given, **self.overrides})

    def check_out(self, given):
        assert given["persist-credentials"] == "false"
        self.git("clone", "-q", "--no-checkout", self.forge.bare, self.workspace)
        self.git("-C", self.workspace, "checkout", "-q", "--detach", given["ref"])
        self.git("-C", self.workspace, "remote", "set-url", "origin", self.forge.remote)
        return {}

    def git(self, *arguments):
        subprocess.run(["git", *arguments], env=self.base, check=True, timeout=60, capture_output=True)

    def compose(self, given):
        """Runs the steps of the action here."""
        action = yaml.safe_load((self.action / "action.yml").read_text())
        unknown = set(given) - set(action["inputs"])
        assert not unknown, f"the action has no inputs {unknown}"
        inputs = {name: filled(one.get("default", ""), {}) for name, one in action["inputs"].items()}
        contexts = self.contexts(inputs={**inputs, **given})
        self.steps(action["runs"]["steps"], contexts)
        return {name: filled(one["value"], contexts) for name, one in action["outputs"].items()}

    def shell(self, step, contexts):
        assert step.get("shell", "bash") == "bash"
        assert "${{" not in step["run"], "a value in a script can be a script"
        self.count += 1
        files = {name: self.folder / f"{name.lower()}{self.count}" for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH")}
        for file in files.values():
            file.touch()
        script = self.folder / f"script{self.count}.sh"
        script.write_text(step["run"])
        own = {name: filled(value, contexts) for name, value in step.get("env", {}).items()}
        environment = {**self.base, "PATH": self.path, **{name: str(file) for name, file in files.items()}, **own}
        self.environments.append((step.get("name"), environment))
        run = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script], env=environment,
            cwd=self.workspace / filled(step.get("working-directory", "."), contexts), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=240, check=False)
        self.output += run.stdout
        self.failed = self.failed or run.returncode != 0
        for line in files["GITHUB_PATH"].read_text().split():
            self.path = f"{line}{os.pathsep}{self.path}"
        self.base.update(self.values(files["GITHUB_ENV"].read_text()))
        return self.values(files["GITHUB_OUTPUT"].read_text())

    @staticmethod
    def values(text):
        """What a file of outputs or variables says: `name=value`, or a value of several lines."""
        found, lines = {}, text.splitlines()
        while lines:
            line = lines.pop(0)
            if match := re.match(r"([\w-]+)<<(.+)$", line):
                value = []
                while (line := lines.pop(0)) != match[2]:
                    value.append(line)
                found[match[1]] = "\n".join(value)
            elif line:
                name, _, value = line.partition("=")
                found[name] = value
        return found
