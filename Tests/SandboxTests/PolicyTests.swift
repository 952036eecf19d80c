import Testing

@testable import Sandbox

@Suite struct PolicyTests {
    private typealias Mount = MountPlan.Mount

    @Test func `the more specific path comes later`() {
        let plan = MountPlan([
            Mount(path: "/tmp/r/tree/.git", kind: .readOnly), Mount(path: "/tmp/r/tree", kind: .workingTree),
            Mount(path: "/tmp/r/tree/state", kind: .hiddenFolder), Mount(path: "/tmp", kind: .temporary),
            Mount(path: "/tmp/r/.git", kind: .readOnly),
        ])
        #expect(
            plan.mounts.map(\.path) == ["/tmp", "/tmp/r/.git", "/tmp/r/tree", "/tmp/r/tree/.git", "/tmp/r/tree/state"])
    }

    @Test func `what changes nothing is left out`() {
        let plan = MountPlan([
            Mount(path: "/home/u/repo/.git", kind: .readOnly), Mount(path: "/run", kind: .empty),
            Mount(path: "/run/docker.sock", kind: .hiddenFile), Mount(path: "/home/u/.ssh", kind: .hiddenFolder),
            Mount(path: "/home/u/.ssh/id", kind: .hiddenFile), Mount(path: "/running", kind: .hiddenFolder),
        ])
        #expect(plan.mounts.map(\.path) == ["/run", "/running", "/home/u/.ssh"])
    }

    @Test func `the working tree wins over hiding it`() {
        let plan = MountPlan([
            Mount(path: "/w", kind: .workingTree), Mount(path: "/w", kind: .hiddenFolder),
        ])
        #expect(plan.mounts == [Mount(path: "/w", kind: .workingTree)])
    }

    @Test func `the environment takes what is allowed and no secrets`() {
        let user = [
            "PATH": "/bin", "LC_ALL": "C", "VIRTUAL_ENV": "/v", "EDITOR": "vi", "AWS_SECRET_ACCESS_KEY": "s",
            "OPENAI_API_KEY": "s", "MY_FLAG": "1", "MY_TOKEN": "s", "DB_PASSWORD": "s", "TERM": "xterm", "HOME": "/x",
        ]
        let allow = ["MY_*", "DB_PASSWORD", "OPENAI_API_KEY", "OPENAI_*"]
        let environment = SandboxEnvironment.build(from: user, allow: allow, home: "/home/u")
        #expect(environment["MY_FLAG"] == "1" && environment["DB_PASSWORD"] == "s" && environment["LC_ALL"] == "C")
        #expect(environment["VIRTUAL_ENV"] == "/v" && environment["HOME"] == "/home/u" && environment["TERM"] == "dumb")
        for name in ["EDITOR", "AWS_SECRET_ACCESS_KEY", "OPENAI_API_KEY", "MY_TOKEN", "PYTHONDONTWRITEBYTECODE"] {
            #expect(environment[name] == nil, "\(name)")
        }
        #expect(environment["XDG_CACHE_HOME"] == "/tmp/.cache")
        #expect(SandboxEnvironment.build(from: user, home: "/h", rung: .off)["XDG_CACHE_HOME"] == nil)
    }

    @Test(
        arguments: [
            ("Creating new namespace failed: Operation not permitted", "user.max_user_namespaces"),
            ("No permissions to create a new namespace", "user.max_user_namespaces"),
            ("Can't mount proc on /newroot/proc: Operation not permitted", "systempaths=unconfined"),
            ("Can't find source path /x: No such file or directory", "policy's paths"),
        ])
    func `a sandbox that does not start says what to do`(_ said: String, _ advice: String) {
        let result = CommandResult(
            outcome: .notStarted(message: said), duration: .zero, stdout: CapturedOutput(), stderr: CapturedOutput(),
            usage: .init(), leftProcesses: false)
        let error = ProbeDiagnosis.explain(result, settings: ["user.max_user_namespaces": "0"])
        #expect(error.code == .refused)
        #expect(error.message.contains(said) && error.message.contains(advice))
        #expect(!error.message.contains("\n"))
    }

    @Test func `a missing working tree and a missing program are told apart`() async throws {
        let environment = SandboxEnvironment(["PATH": "/nowhere"])
        await #expect(throws: SandboxError.self) {
            try await Sandbox.probe(policy: SandboxPolicy(workingTree: "/missing"), environment: environment)
        }
        #expect(ProbeDiagnosis.missing.message.contains("apt-get install bubblewrap"))
    }

    @Test func `the summary is one line`() async throws {
        let fixture = try Fixture()
        for mode in SandboxMode.allCases {
            #expect(try await !fixture.sandbox(mode).summary.contains("\n"))
        }
    }
}
