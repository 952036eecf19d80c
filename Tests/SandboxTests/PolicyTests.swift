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

    @Test(arguments: [
        "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "npm_config__authToken", "NPM_TOKEN", "NODE_AUTH_TOKEN",
        "GITHUB_TOKEN", "GH_PAT", "GitHub_Pat", "PGPASSWORD", "MYSQL_PWD", "DB_PASS", "smtp_pass", "SSH_AUTH_SOCK",
        "GPG_PASSPHRASE", "SENTRY_DSN", "AZURE_STORAGE_SAS", "SLACK_WEBHOOK", "MY_JWT", "ApiKey", "apikey", "API-KEY",
        "client.secret", "GOOGLE_APPLICATION_CREDENTIALS", "X_BEARER", "SESSION_COOKIE", "DEPLOY_PRIVATE",
    ])
    func `a name of a secret passes only when named in full`(_ name: String) {
        let user = [name: "value"]
        for allow in [[], ["*"], [String(name.prefix(2)) + "*"], [name + "*"]] {
            #expect(SandboxEnvironment.build(from: user, allow: allow, home: "/h")[name] == nil, "\(allow)")
        }
        #expect(SandboxEnvironment.build(from: user, allow: [name], home: "/h")[name] == "value")
    }

    @Test(arguments: [
        ("http_proxy", "http://ann:pw@proxy:3128"), ("http_proxy", "ann:pw@proxy:3128"),
        ("DATABASE_URL", "postgres://ann:p%40w@db/x"), ("DATABASE_URL", "postgres://ann:p/w@db/x"),
        ("PIP_INDEX_URL", "https://__token__:x@host/simple"), ("GOPROXY", "https://direct,https://t0ken@host"),
        ("JAVA_OPTS", "-Xmx1g -Djavax.net.ssl.keyStorePassword=x"), ("URL", "https://host/?access_token=abc"),
        ("MONGO", "mongodb+srv://a:b@c"), ("REDIS", "redis://:pw@host:6379/0"),
        ("DB", "Server=x;Uid=y;Pwd=z"),
    ])
    func `a value with a password passes only when named in full`(_ name: String, _ value: String) {
        let user = [name: value]
        #expect(SandboxEnvironment.build(from: user, allow: ["*"], home: "/h")[name] == nil)
        #expect(SandboxEnvironment.build(from: user, allow: [name], home: "/h")[name] == value)
    }

    @Test(arguments: [
        ("http_proxy", "http://proxy:3128"), ("URL", "https://registry.example.org/@scope/pkg"),
        ("PATH", "/a:/b@2/bin"),
        ("REMOTE", "ssh://git@host/repository"), ("SCP", "git@host:repository"), ("URL", "http://host:8080/a@b"),
        ("CFLAGS", "-O2 -g"), ("EMPTY", ""), ("WEB", "http://"), ("AT", "@"), ("TIME", "10:20@30x/"),
    ])
    func `a value without one passes as it is`(_ name: String, _ value: String) {
        #expect(SandboxEnvironment.build(from: [name: value], allow: ["*"], home: "/h")[name] == value)
    }

    @Test func `no pattern lets a secret's name through, whatever it looks like`() {
        var random = SystemRandomNumberGenerator()
        let letters = Array("abcXYZ019_.- ")
        func noise() -> String {
            String(
                (0..<Int.random(in: 0...6, using: &random)).map { _ in letters.randomElement(using: &random) ?? "a" })
        }
        for _ in 0..<5000 {
            let word = ["KEY", "TOKEN", "SECRET"].randomElement(using: &random) ?? ""
            let spelled = String(word.map { Bool.random(using: &random) ? Character($0.lowercased()) : $0 })
            let name = noise() + spelled + noise()
            let cut = String(name.prefix(Int.random(in: 0...name.count, using: &random)))
            let allow = [cut + "*", "*", noise() + "*"].filter { $0 != name }
            #expect(
                SandboxEnvironment.build(from: [name: "v"], allow: allow, home: "/h")[name] == nil, "\(name) \(allow)")
        }
    }

    @Test func `the API key never passes, and programs are told that nobody watches`() {
        let user = ["OPENAI_API_KEY": "sk", "TERM": "xterm", "PAGER": "less", "NO_COLOR": "", "CI": "no"]
        let environment = SandboxEnvironment.build(from: user, allow: Array(user.keys) + ["*"], home: "/h")
        #expect(environment["OPENAI_API_KEY"] == nil)
        let fixed = ["NO_COLOR": "1", "PAGER": "cat", "GIT_TERMINAL_PROMPT": "0", "CI": "1", "HOME": "/h"]
        for (name, value) in fixed { #expect(environment[name] == value) }
        #expect(environment["LANG"] == "C.UTF-8" && environment["PATH"]?.isEmpty == false)
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
