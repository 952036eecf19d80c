import Testing

@testable import Sandbox

private func profile(_ text: String) throws -> SandboxProfile { try SandboxProfile(toml: Array(text.utf8), name: "p") }

@Suite struct NarrowingTests {
    private static let wide = """
        network = "hosts"
        hosts = ["a.org"]
        write = ["/a"]
        variables = ["X"]
        limits = { processes = 100 }
        """

    @Test func `an empty list allows nothing, and none leaves all`() throws {
        let own = try profile(Self.wide)
        let none = try profile("hosts = []\nwrite = []\nvariables = []").narrowing(own)
        #expect(none.hosts == [] && none.writablePaths == [] && none.variables == [] && none.network == .hosts)
        #expect(try profile("working_tree = \"write\"").narrowing(own).hosts?.count == 1)
        #expect(try profile("hosts = []").narrowing(SandboxProfile()).network == nil)
    }

    @Test func `hosts hold where all may be reached, unless all are asked for`() throws {
        let own = try profile("network = \"all\"")
        for (text, network) in [
            ("hosts = []", SandboxProfile.Network.hosts), ("hosts = [\"a.org\"]", .hosts),
            ("network = \"all\"\nhosts = []", .all), ("network = \"loopback\"\nhosts = []", .loopback),
        ] {
            let narrowed = try profile(text).narrowing(own)
            #expect(narrowed.network == network, "\(text)")
            var policy = SandboxPolicy(workingTree: "/w")
            policy.apply(narrowed, home: "/h")
            if network == .hosts { #expect(policy.hosts == narrowed.hosts) }
        }
    }

    @Test(
        arguments: [
            ("limits = { processes = 99, file_size = \"1MB\" }", ["processes": 99, "file_size": 1 << 20], []),
            ("limits = { processes = 101 }", ["processes": 100], ["limits.processes = 101"]),
            // What the user's policy is silent about has a standard all the same.
            (
                "limits = { open_files = 1000000, file_size = \"1TB\" }",
                ["processes": 100, "open_files": 65536, "file_size": 16 << 30],
                ["limits.open_files = 1000000", "limits.file_size = \(1 << 40)"]
            ),
            ("limits = { address_space = \"9TB\" }", ["processes": 100, "address_space": 9 << 40], []),
        ] as [(String, [String: Int], [String])])
    func `limits narrow, and what is above them is told`(
        _ text: String, _ limits: [String: Int], _ excess: [String]
    ) throws {
        let (own, theirs) = try (profile(Self.wide), profile(text))
        var expected = ResourceLimits()
        for (name, limit) in ResourceLimits.names { expected[keyPath: limit] = limits[name] }
        if expected.processes == nil { expected.processes = 100 }
        #expect(theirs.narrowing(own).limits == expected)
        #expect(theirs.excess(over: own) == excess)
        #expect(theirs.narrowing(own).excess(over: own).isEmpty)
    }

    @Test(
        arguments: [
            "", Self.wide, "working_tree = \"read\"\nnetwork = \"none\"", "hosts = []\nwrite = []\nvariables = []",
            "write = ['/a \"b\" \\c', '~/é']\nhide = [\"/x\\ty\"]",
            "limits = { file_size = \"4GB\", address_space = 1 }",
        ])
    func `a policy is written as it is read`(_ text: String) throws {
        let read = try profile(text)
        #expect(try profile(read.toml) == read)
    }
}
