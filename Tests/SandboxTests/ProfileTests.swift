import TestSupport
import Testing

@testable import Sandbox

private func profile(_ text: String) throws -> SandboxProfile { try SandboxProfile(toml: Array(text.utf8), name: "p") }

@Suite struct ProfileTests {
    @Test(arguments: SandboxProfile.builtInNames) func `the policies that come with Graft can be read`(
        _ name: String
    ) throws {
        #expect(try SandboxProfile.builtIn(name)?.network != nil)
    }

    @Test func `a policy file says what it says`() throws {
        let read = try profile(
            """
            working_tree = "read"
            network = "hosts"
            hosts = ["Example.org", "*.example.net:443"]
            write = ["~/cache"]
            hide = ["/srv"]
            variables = ["FOO_*"]
            limits = { processes = 10, file_size = "1GB", open_files = 5, address_space = 4096 }
            """)
        #expect(read.isTreeWritable == false && read.network == .hosts)
        #expect(read.hosts?.map(\.description) == ["example.org", "*.example.net:443"])
        #expect(read.limits == ResourceLimits(processes: 10, addressSpace: 4096, fileSize: 1 << 30, openFiles: 5))
        var policy = SandboxPolicy(workingTree: "/w")
        policy.apply(read, home: "/home/u")
        // What the file is silent about stays.
        #expect(policy.limits.processes == 10 && policy.limits.memory == ResourceLimits.standard.memory)
        #expect(policy.writablePaths == ["/home/u/cache"] && policy.hiddenPaths == ["/srv"] && !policy.isTreeWritable)
    }

    @Test(
        arguments: [
            ("network = 1", "p: network must be \"none\", \"loopback\", \"hosts\" or \"all\" (line 1)"),
            ("netwrok = \"none\"", "p: unknown key netwrok; did you mean network?"),
            ("hosts = [\"a b\"]", "p: hosts must be a list of host"),
            ("hosts = \"a\"", "p: hosts must be a list"), ("write = [\"x\"]", "p: write must be a list of paths"),
            ("limits = 3", "p: limits must be a table"), ("limits = { processes = 0 }", "p: limits.processes must be"),
            ("limits = { file_size = \"9999999999TB\" }", "p: limits.file_size must be"),
            ("limits = { memory = 1 }", "p: unknown key limits.memory"),
            ("limits = { proceses = 1 }", "p: unknown key limits.proceses; did you mean limits.processes?"),
            ("processes = 1", "p: unknown key processes; did you mean limits.processes?"),
            ("= x", "p is not TOML"),
            ("x = 1\n [ [`b]]", "p is not TOML: line 2, column 4: expected a key"),
            ("a = 1\n[\u{1E}b]", "p is not TOML: line 2, column 2: expected a key"),
        ])
    func `what cannot be meant is refused with its place`(_ text: String, _ message: String) {
        let error = #expect(throws: SandboxError.self) { try profile(text) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test(
        arguments: [
            ("example.org", "example.org", 443, true), ("example.org", "EXAMPLE.org.", 80, true),
            ("example.org", "sub.example.org", 443, false), ("*.example.org", "sub.example.org", 443, true),
            ("*.example.org", "a.b.example.org", 443, true), ("*.example.org", "example.org", 443, false),
            ("*.example.org", "evilexample.org", 443, false), ("example.org:443", "example.org", 80, false),
            ("10.0.0.1:8080", "10.0.0.1", 8080, true),
        ])
    func `a pattern allows what it says`(_ pattern: String, _ host: String, _ port: Int, _ isAllowed: Bool) throws {
        #expect(try #require(HostPattern(pattern)).matches(host: host, port: port) == isAllowed)
    }

    @Test(arguments: ["", "*", "*.", "a b", "a:0", "a:70000", "a:b:c", "http://a", ".a", "a..b", "a/b"])
    func `what is no pattern is refused`(_ text: String) {
        #expect(HostPattern(text) == nil)
    }

    @Test func `a repository narrows a policy and never widens it`() throws {
        let own = try profile(
            """
            working_tree = "write"
            network = "hosts"
            hosts = ["*.example.org", "example.net"]
            write = ["/a", "/b"]
            variables = ["X"]
            limits = { processes = 100 }
            """)
        let wide = try profile(
            """
            network = "all"
            hosts = ["a.example.org", "evil.com", "*.example.net", "*.example.org:443"]
            write = ["/b", "/etc"]
            hide = ["/c"]
            variables = ["X", "Y"]
            limits = { processes = 500, open_files = 9 }
            """)
        let narrowed = wide.narrowing(own)
        #expect(narrowed.network == .hosts && narrowed.isTreeWritable == true)
        #expect(narrowed.hosts?.map(\.description) == ["a.example.org", "*.example.org:443"])
        #expect(narrowed.writablePaths == ["/b"] && narrowed.hiddenPaths == ["/c"] && narrowed.variables == ["X"])
        #expect(narrowed.limits == ResourceLimits(processes: 100, openFiles: 9))
        let strict = try profile("working_tree = \"read\"\nnetwork = \"none\"").narrowing(own)
        #expect(strict.network == SandboxProfile.Network.none && strict.isTreeWritable == false)
        #expect(SandboxProfile().narrowing(own) == own)
    }

    @Test(.enabled("needs the rung namespaces") { await Rung.namespaces.isTested })
    func `policies hold for commands`() async throws {
        let fixture = try Fixture()
        var sandbox = try await fixture.sandbox { $0.isTreeWritable = false }
        #expect(await fixture.shell("echo x > a", in: sandbox).outcome == .exited(1))
        #expect(await fixture.shell("echo x > /tmp/a", in: sandbox).succeeded)
        let probe = "python3 -c 'import socket; socket.create_server((\"127.0.0.1\", 0))'"
        #expect(await fixture.shell(probe, in: sandbox).succeeded)
        sandbox = try await fixture.sandbox { $0.network = .none }
        #expect(await !fixture.shell("ip link show up 2>/dev/null | grep -q LOOPBACK,UP", in: sandbox).succeeded)
        sandbox = try await fixture.sandbox { $0.limits.fileSize = 1000 }
        #expect(await !fixture.shell("head -c 2000 /dev/zero > a", in: sandbox).succeeded)
    }
}
