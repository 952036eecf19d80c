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
        #expect(environment.with(temporaryFolder: "/t")["XDG_CACHE_HOME"] == "/t/.cache")
        #expect(SandboxEnvironment.build(from: user, home: "/h")["XDG_CACHE_HOME"] == nil)
    }

    @Test(
        arguments: [
            (Rung.bubblewrap, "Creating new namespace failed: Operation not permitted", "user.max_user_namespaces"),
            (.bubblewrap, "No permissions to create a new namespace", "user.max_user_namespaces"),
            (.bubblewrap, "Can't mount proc on /newroot/proc: Operation not permitted", "systempaths=unconfined"),
            (.bubblewrap, "bwrap is not installed", "apt-get install bubblewrap"),
            (.namespaces, "cannot make namespaces : Operation not permitted", "user.max_user_namespaces"),
            (.namespaces, "cannot make a file system for /proc: Operation not permitted", "systempaths=unconfined"),
            (.landlock, "cannot use Landlock this kernel: Function not implemented", "lsm=landlock"),
        ])
    func `a sandbox that does not start says what to do`(_ rung: Rung, _ said: String, _ advice: String) {
        let failure = RungFailure(rung: rung, reason: said)
        let message = failure.message(settings: ["user.max_user_namespaces": "0"])
        #expect(message.contains(said) && message.contains(advice))
        #expect(!message.contains("\n"))
    }

    @Test func `a missing working tree is an error of its own`() async throws {
        await #expect(throws: SandboxError.self) {
            try await Sandbox.probe(policy: SandboxPolicy(workingTree: "/missing"), searchPath: "")
        }
    }

    @Test func `the summary is one line`() async throws {
        let fixture = try Fixture()
        for mode in SandboxMode.allCases {
            #expect(try await !fixture.sandbox(mode).summary.contains("\n"))
        }
    }
}
