import Configuration
import Sandbox
import Session
import TestSupport
import Testing

@testable import Workspace

@Suite struct SessionPolicyTests {
    private func policy(_ own: String, _ repository: String, flag: String? = nil) throws -> SessionPolicy {
        var flags = Settings()
        flags.policy = flag.map(PolicyChoice.named)
        return try SessionPolicy(
            own: flags.over(Settings(toml: own, name: "own")), repository: Settings(toml: repository, name: "theirs"),
            environment: ["HOME": "/h"])
    }

    @Test(
        arguments: [
            ("", "", nil, nil), ("policy = \"network\"", "", .hosts, nil),
            ("policy = \"offline\"", "", SandboxProfile.Network.none, nil),
            ("policy = \"network\"", "policy = \"offline\"", SandboxProfile.Network.none, nil),
            ("", "policy = \"network\"", .loopback, "network = \"hosts\""),
            ("", "[sandbox]\nnetwork = \"all\"\nwrite = [\"~/x\"]", .loopback, "network = \"all\", write ~/x"),
            ("policy = \"network\"", "[sandbox]\nnetwork = \"hosts\"\nhosts = [\"evil.com\"]", .hosts, "host evil.com"),
            ("[sandbox]\nnetwork = \"all\"", "[sandbox]\nnetwork = \"hosts\"\nhosts = [\"a.org\"]", .hosts, nil),
            ("", "[[approve]]\nnetwork = \"all\"", nil, "[[approve]]"), ("", "approvals = \"ask\"", nil, "approvals"),
            ("[sandbox]\nvariables = [\"A\"]", "[sandbox]\nvariables = [\"A\", \"B\"]", nil, "variable B"),
            ("", "[sandbox]\nlimits = { processes = 9999 }", nil, "limits.processes = 9999"),
            ("[sandbox]\nwrite = [\"/missing\"]", "", nil, "[sandbox]: what does not exist cannot be made writable"),
        ] as [(String, String, SandboxProfile.Network?, String?)])
    func `a repository narrows, and is told in one notice what it does not get`(
        _ own: String, _ repository: String, _ network: SandboxProfile.Network?, _ notice: String?
    ) throws {
        let policy = try policy(own, repository)
        #expect(policy.profile.network == network)
        let told = policy.notices.joined(separator: "\n")
        #expect(told.isEmpty == (notice == nil), "\(told)")
        if let notice { #expect(told.contains(notice)) }
    }

    @Test func `hosts of a repository hold where the user allows all`() throws {
        let profile = try policy(
            "[sandbox]\nnetwork = \"all\"", "[sandbox]\nnetwork = \"hosts\"\nhosts = [\"a.org\"]"
        ).profile
        #expect(profile.hosts?.map(\.description) == ["a.org"])
    }

    @Test func `a flag goes before the user's file, and the repository narrows it too`() throws {
        #expect(try policy("policy = \"network\"", "", flag: "offline").profile.network == SandboxProfile.Network.none)
        #expect(
            try policy("", "policy = \"offline\"", flag: "network").profile.network == SandboxProfile.Network.none)
    }

    @Test func `a repository cannot name a file of the machine`() {
        #expect(throws: ConfigurationError.self) { try policy("", "policy = \"/etc/policy.toml\"") }
        #expect(throws: SandboxError.self) { try policy("policy = \"/missing/policy.toml\"", "") }
    }

    @Test func `a policy that grants everything is refused, the repository's is not asked`() throws {
        #expect(throws: SandboxError.self) { try policy("[sandbox]\nwrite = [\"/\"]", "") }
        #expect(try policy("", "[sandbox]\nwrite = [\"/\"]").profile.writablePaths == nil)
    }

    @Test func `the policy of a run is taken up again`() throws {
        let noted = try policy("[sandbox]\nnetwork = \"all\"\nwrite = [\"/tmp\"]", "policy = \"offline\"").profile
        var run = RunStart(
            repository: "/r", base: "b", start: "s", branch: "graft/x", tree: "/t", task: nil, command: nil, model: "m",
            endpoint: "e", sandbox: "s", time: 0)
        #expect(try SessionPolicy(of: run) == nil)
        run.policy = noted.toml
        #expect(try SessionPolicy(of: run)?.profile == noted)
        run.policy = "write = 1"
        #expect(throws: SandboxError.self) { try SessionPolicy(of: run) }
    }

    @Test func `a repository decides nothing about approvals`() throws {
        let settings = try Settings(
            toml: "approvals = \"ask\"\npolicy = \"network\"\n[[approve]]\nnetwork = \"all\"", name: "f"
        ).narrowedToRepository
        #expect(settings.rules.isEmpty && settings.approvals == nil && settings.policy == nil)
    }
}
