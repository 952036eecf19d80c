"""A server that plays the parts of GitHub's and GitLab's APIs that publishing needs, strictly, and a git server beside it.

Every call has to be one that the documented API takes: method, path, query, headers, and a JSON body with known members
of the right types. What is not goes into `faults`, and is answered as the real server would. Repositories are bare ones
that `git http-backend` serves behind basic authorization, as real forges do; both share one set of branches.
"""

import base64
import http.server
import json
import os
import re
import subprocess
import threading
import urllib.parse

TOKEN = "ghp_test5f3a91c07be2d84416aa"

STRING, BOOL, INT = (str,), (bool,), (int,)
# What the documentation lists for the calls: name, types, and whether it has to be there.
SCHEMAS = {
    "github create": {
        "title": (STRING, False), "head": (STRING, True), "base": (STRING, True), "body": (STRING, False),
        "draft": (BOOL, False), "maintainer_can_modify": (BOOL, False), "issue": (INT, False),
        "head_repo": (STRING, False),
    },
    "github update": {
        "title": (STRING, False), "body": (STRING, False), "state": (STRING, False), "base": (STRING, False),
        "maintainer_can_modify": (BOOL, False),
    },
    "github label": {"labels": ((list,), True)},
    "gitlab create": {
        "source_branch": (STRING, True), "target_branch": (STRING, True), "title": (STRING, True),
        "description": (STRING, False), "labels": (STRING, False), "remove_source_branch": (BOOL, False),
        "squash": (BOOL, False), "allow_collaboration": (BOOL, False), "assignee_id": (INT, False),
    },
    "gitlab update": {
        "title": (STRING, False), "description": (STRING, False), "target_branch": (STRING, False),
        "add_labels": (STRING, False), "labels": (STRING, False), "remove_labels": (STRING, False),
        "state_event": (STRING, False), "squash": (BOOL, False),
    },
}


class Forge:
    """The state of a forge, and its server on a free port of the loopback address."""

    def __init__(self, folder, kind="github", project="acme/calc", world=None):
        self.kind, self.project, self.world = kind, project, world or {}
        self.root = folder / "git"
        self.bare = self.root / f"{project}.git"
        self.bare.parent.mkdir(parents=True)
        self.git("init", "-q", "--bare", "-b", "main", self.bare, here=False)
        self.git("config", "http.receivepack", "true")
        self.token, self.users = TOKEN, ("x-access-token", "oauth2")
        # Calls that changed something, all calls, and what was wrong with them.
        self.changes, self.calls, self.faults, self.git_calls = [], [], [], []
        self.requests, self.protected, self.archived = [], set(), False
        # Functions of method and path; an answer of theirs comes first: (status, headers, body).
        self.hooks = []
        # The archive of the logs of a workflow's run, behind an address of its own, as GitHub has it.
        self.logs = None
        self.lock = threading.Lock()
        forge = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def serve(self):
                forge.serve(self)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = serve

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    # What tests use.

    @property
    def remote(self):
        return f"http://127.0.0.1:{self.port}/{self.project}.git"

    @property
    def environment(self):
        """The variables of a person who has a token."""
        return {"GITHUB_TOKEN": self.token} if self.kind == "github" else {"GITLAB_TOKEN": self.token}

    def git(self, *arguments, here=True):
        run = subprocess.run(
            ["git", *(["-C", self.bare] if here else []), *arguments], env={**os.environ, **self.world},
            capture_output=True, text=True, timeout=60, check=True)
        return run.stdout.strip()

    def head(self, branch):
        """The commit of a branch; None if it is not there."""
        run = subprocess.run(
            ["git", "-C", self.bare, "rev-parse", "-q", "--verify", f"refs/heads/{branch}"], capture_output=True,
            text=True, timeout=60, check=False)
        return run.stdout.strip() or None

    @property
    def branches(self):
        return self.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").split()

    # The server.

    def serve(self, handler):
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length)
        if handler.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = self.chunks(handler.rfile)
        url = urllib.parse.urlsplit(handler.path)
        try:
            if re.search(r"/(info/refs|git-(upload|receive)-pack)$", url.path):
                self.serve_git(handler, url, body)
            elif re.fullmatch(r".*/actions/runs/\d+/logs", url.path):
                self.serve_logs(handler)
            elif url.path == "/signed/logs.zip":
                self.answer(handler, 200, {"Content-Type": "application/zip"}, self.logs)
            else:
                with self.lock:
                    status, headers, answer = self.api(handler, url, body)
                self.answer(handler, status, {"Content-Type": "application/json", **headers}, json.dumps(answer).encode())
        except BrokenPipeError:
            pass

    @staticmethod
    def chunks(file):
        body = b""
        while size := int(file.readline().split(b";")[0], 16):
            body += file.read(size)
            file.readline()
        file.readline()
        return body

    @staticmethod
    def answer(handler, status, headers, body):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def serve_logs(self, handler):
        if not handler.headers.get("Authorization", "").startswith("Bearer "):
            self.faults.append("the log is asked for without a token")
        if self.logs is None:
            return self.answer(handler, 410, {}, b"")
        return self.answer(handler, 302, {"Location": f"http://127.0.0.1:{self.port}/signed/logs.zip"}, b"")

    def serve_git(self, handler, url, body):
        given = handler.headers.get_all("Authorization") or []
        allowed = ["Basic " + base64.b64encode(f"{user}:{self.token}".encode()).decode() for user in self.users]
        self.git_calls.append((handler.command, handler.path))
        for hook in self.hooks:
            if (answer := hook(handler.command, handler.path)) is not None:
                return self.answer(handler, answer[0], answer[1], b"")
        if len(given) > 1:
            self.faults.append("git sent two headers that authorize")
            return self.answer(handler, 400, {}, b"Duplicate header: Authorization")
        if given[:1] not in [[each] for each in allowed]:
            return self.answer(handler, 401, {"WWW-Authenticate": 'Basic realm="git"'}, b"")
        environment = {
            **os.environ, **self.world, "GIT_PROJECT_ROOT": str(self.root), "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": urllib.parse.unquote(url.path), "QUERY_STRING": url.query,
            "REQUEST_METHOD": handler.command, "REMOTE_USER": "graft", "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": handler.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": handler.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": handler.headers.get("Git-Protocol", ""),
        }
        run = subprocess.run(
            ["git", "http-backend"], input=body, env=environment, capture_output=True, timeout=60, check=True)
        head, _, content = run.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        status = int(fields.pop("Status", "200").split()[0])
        return self.answer(handler, status, fields, content)

    def api(self, handler, url, body):
        method, query = handler.command, dict(urllib.parse.parse_qsl(url.query, strict_parsing=bool(url.query)))
        content = json.loads(body) if body else None
        self.calls.append((method, handler.path, content))
        for hook in self.hooks:
            if (answer := hook(method, handler.path)) is not None:
                return answer
        if fault := self.fault_of_headers(handler, body):
            self.faults.append(fault)
            return 400, {}, {"message": fault}
        if not self.is_authorized(handler):
            return 401, {}, {"message": "Bad credentials"}
        serve = self.github if self.kind == "github" else self.gitlab
        status, answer = serve(method, url.path, query, content)
        if status >= 400 and status not in (404, 409):
            self.faults.append(f"{method} {handler.path}: {answer}")
        return status, {}, answer

    def fault_of_headers(self, handler, body):
        headers = handler.headers
        if not headers.get("User-Agent"):
            return "Request forbidden by administrative rules: no User-Agent"
        if body and headers.get("Content-Type") != "application/json":
            return f"the content type {headers.get('Content-Type')}"
        if self.kind == "github":
            if headers.get("Accept") != "application/vnd.github+json":
                return f"the Accept header {headers.get('Accept')}"
            if headers.get("X-GitHub-Api-Version") != "2022-11-28":
                return f"the version {headers.get('X-GitHub-Api-Version')}"
        return None

    def is_authorized(self, handler):
        headers = handler.headers
        if self.kind == "github":
            return headers.get("Authorization") == f"Bearer {self.token}"
        return headers.get("PRIVATE-TOKEN") == self.token

    @staticmethod
    def schema_fault(name, content):
        """What the documented schema says against a body."""
        schema = SCHEMAS[name]
        if not isinstance(content, dict):
            return "the body is no object"
        for key, value in content.items():
            if key not in schema:
                return f"{key} is not permitted"
            types = schema[key][0]
            if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
                return f"{key} is of the wrong type"
        for key, (_, is_needed) in schema.items():
            if is_needed and key not in content:
                return f"{key} is missing"
        return None

    # GitHub

    def github(self, method, path, query, content):
        prefix = f"/api/v3/repos/{self.project}"
        if not path.startswith(prefix):
            return 404, {"message": "Not Found"}
        rest = path[len(prefix) :]
        if (method, rest) == ("GET", ""):
            return 200, {"default_branch": "main", "archived": self.archived, "full_name": self.project}
        if method == "GET" and (match := re.fullmatch(r"/branches/([^/]+)", rest)):
            return self.branch(urllib.parse.unquote(match[1]), "Branch not found")
        if (method, rest) == ("GET", "/pulls"):
            return self.github_list(query)
        if (method, rest) == ("POST", "/pulls"):
            return self.github_create(content)
        if match := re.fullmatch(r"/(pulls|issues)/(\d+)(/labels)?", rest):
            request = self.find(int(match[2]))
            if not request:
                return 404, {"message": "Not Found"}
            if method == "PATCH" and match[1] == "pulls" and not match[3]:
                return self.change(request, "github update", content, method)
            if method == "POST" and match[1] == "issues" and match[3]:
                if fault := self.schema_fault("github label", content):
                    return 422, {"message": fault}
                self.changes.append((method, request["number"], content))
                request["labels"] += [label for label in content["labels"] if label not in request["labels"]]
                return 200, [{"name": label} for label in request["labels"]]
        return 404, {"message": "Not Found"}

    def github_list(self, query):
        if set(query) - {"state", "head", "base", "sort", "direction", "per_page", "page"}:
            return 422, {"message": f"unknown parameters in {query}"}
        owner, _, branch = query.get("head", "").partition(":")
        found = [
            request for request in self.requests
            if ("head" not in query or (owner, branch) == (self.project.split("/")[0], request["head"]))
            and query.get("state", "open") in ("all", "open" if request["state"] == "open" else "closed")
        ]
        return 200, [self.github_request(request) for request in reversed(found)]

    def github_create(self, content):
        if fault := self.schema_fault("github create", content) or (not content.get("title") and "title is missing"):
            return 422, {"message": "Validation Failed", "errors": [{"message": fault}]}
        if fault := self.creation_fault(content["head"], content["base"]):
            return 422, {"message": "Validation Failed", "errors": [fault]}
        request = self.add(content["title"], content.get("body"), content["head"], content["base"], content.get("draft"))
        self.changes.append(("POST", request["number"], content))
        return 201, self.github_request(request)

    def creation_fault(self, head, base):
        error = {"resource": "PullRequest", "code": "invalid"}
        for field, branch in (("head", head), ("base", base)):
            if not self.head(branch):
                return {**error, "field": field}
        if self.head(head) == self.head(base):
            return {**error, "code": "custom", "message": f"No commits between {base} and {head}"}
        if any(each["head"] == head and each["state"] == "open" for each in self.requests):
            return {**error, "code": "custom", "message": f"A pull request already exists for {head}."}
        return None

    def github_request(self, request):
        is_merged = request["state"] == "merged"
        return {
            "number": request["number"], "html_url": f"http://forge.test/{self.project}/pull/{request['number']}",
            "state": "open" if request["state"] == "open" else "closed", "title": request["title"],
            "body": request["body"], "draft": request["draft"], "merged_at": "2026-01-01T00:00:00Z" if is_merged else None,
            "head": {"ref": request["head"], "sha": self.head(request["head"]), "repo": {"full_name": self.project}},
            "base": {"ref": request["base"]}, "labels": [{"name": label} for label in request["labels"]],
        }

    # GitLab

    def gitlab(self, method, path, query, content):
        prefix = f"/api/v4/projects/{urllib.parse.quote(self.project, safe='')}"
        if not path.startswith(prefix):
            return 404, {"message": "404 Project Not Found"}
        rest = path[len(prefix) :]
        if (method, rest) == ("GET", ""):
            return 200, {
                "default_branch": "main", "archived": self.archived, "merge_requests_access_level": "enabled",
                "path_with_namespace": self.project,
            }
        if method == "GET" and (match := re.fullmatch(r"/repository/branches/([^/]+)", rest)):
            return self.branch(urllib.parse.unquote(match[1]), "404 Branch Not Found")
        if (method, rest) == ("GET", "/merge_requests"):
            if set(query) - {"state", "source_branch", "target_branch", "order_by", "sort", "per_page", "page"}:
                return 400, {"message": f"unknown parameters in {query}"}
            found = [
                request for request in self.requests
                if query.get("source_branch", request["head"]) == request["head"]
                and query.get("state", "all") in ("all", {"open": "opened"}.get(request["state"], request["state"]))
            ]
            return 200, [self.gitlab_request(request) for request in reversed(found)]
        if (method, rest) == ("POST", "/merge_requests"):
            if fault := self.schema_fault("gitlab create", content):
                return 400, {"message": {fault: ["is invalid"]}}
            head, base = content["source_branch"], content["target_branch"]
            if any(each["head"] == head and each["state"] == "open" for each in self.requests):
                return 409, {"message": ["Another open merge request already exists for this source branch: !1"]}
            if not self.head(head) or not self.head(base):
                return 400, {"message": {"source_branch": ["does not exist"]}}
            request = self.add(content["title"], content.get("description"), head, base, False)
            request["labels"] = [label for label in content.get("labels", "").split(",") if label]
            self.changes.append(("POST", request["number"], content))
            return 201, self.gitlab_request(request)
        if method == "PUT" and (match := re.fullmatch(r"/merge_requests/(\d+)", rest)):
            request = self.find(int(match[1]))
            return self.change(request, "gitlab update", content, method) if request else (404, {"message": "404"})
        return 404, {"error": "404 Not Found"}

    def gitlab_request(self, request):
        return {
            "iid": request["number"], "id": 1000 + request["number"],
            "web_url": f"http://forge.test/{self.project}/-/merge_requests/{request['number']}",
            "state": {"open": "opened"}.get(request["state"], request["state"]), "title": request["title"],
            "description": request["body"], "draft": request["title"].startswith("Draft:"),
            "source_branch": request["head"], "target_branch": request["base"], "labels": request["labels"],
            "source_project_id": 7, "target_project_id": 7, "sha": self.head(request["head"]),
        }

    # Both

    def branch(self, name, missing):
        if not self.head(name):
            return 404, {"message": missing}
        return 200, {"name": name, "protected": name in self.protected, "commit": {"sha": self.head(name)}}

    def find(self, number):
        return next((request for request in self.requests if request["number"] == number), None)

    def add(self, title, body, head, base, draft):
        request = {
            "number": len(self.requests) + 1, "title": title, "body": body or "", "head": head, "base": base,
            "draft": bool(draft), "state": "open", "labels": [],
        }
        self.requests.append(request)
        return request

    def change(self, request, schema, content, method):
        if fault := self.schema_fault(schema, content):
            return (422 if self.kind == "github" else 400), {"message": fault}
        self.changes.append((method, request["number"], content))
        names = {"description": "body", "target_branch": "base"}
        for key, value in content.items():
            if key == "add_labels":
                request["labels"] += [label for label in value.split(",") if label not in request["labels"]]
            else:
                request[names.get(key, key)] = value
        return 200, self.github_request(request) if self.kind == "github" else self.gitlab_request(request)


