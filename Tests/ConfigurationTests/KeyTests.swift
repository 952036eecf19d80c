import Sandbox
import TestSupport
import Testing

@testable import Configuration

@Suite struct `The keys of files` {
    private func complaint(about text: String) throws -> String {
        try #require(#expect(throws: ConfigurationError.self) { try Settings(toml: text, name: "f") }).message
    }

    @Test(arguments: Settings.Key.allCases.map(\.rawValue))
    func `are read, and proposed for a typo`(_ key: String) throws {
        #expect(try !complaint(about: "\(key) = [1]").contains("unknown key"))
        #expect(try complaint(about: "\(key)x = 1").contains("unknown key \(key)x; did you mean \(key)?"))
    }

    @Test(arguments: ["working_tree", "network", "hosts", "read", "write", "hide", "variables", "limits"])
    func `of policies are read, and proposed for a typo`(_ key: String) throws {
        #expect(SandboxProfile.keys.contains(key))
        #expect(try !complaint(about: "sandbox.\(key) = 1").contains("unknown key"))
        #expect(try complaint(about: "sandbox.\(key)x = 1").contains("did you mean sandbox.\(key)?"))
    }

    @Test(arguments: ["processes", "open_files", "address_space", "file_size"])
    func `of limits are read, and proposed for a typo`(_ key: String) throws {
        #expect(try !complaint(about: "sandbox.limits.\(key) = true").contains("unknown key"))
        #expect(try complaint(about: "sandbox.limits.\(key)x = 1").contains("did you mean sandbox.limits.\(key)?"))
    }

    @Test(arguments: ["command", "network", "write", "read"])
    func `of rules are read, and proposed for a typo`(_ key: String) throws {
        #expect(try complaint(about: "[[deny]]\n\(key)x = 1").contains("did you mean deny.\(key)?"))
    }
}
