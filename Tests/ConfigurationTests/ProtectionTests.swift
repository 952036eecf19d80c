import Configuration
import TestSupport
import Testing

@Suite struct ProtectionTests {
    @Test func `patterns add up, and a repository can only protect more`() throws {
        let own = try Settings(toml: "protect = [\"db/\"]\nallow_changes_to = [\"tests/data/\"]", name: "f")
        let theirs = try Settings(toml: "protect = [\"*.sql\"]\nallow_changes_to = [\"tests/\"]", name: "r")
        let settings = try own.completed(by: theirs)
        #expect(settings.protection.protecting == ["db/", "*.sql"])
        #expect(settings.protection.allowing == ["tests/data/"])
    }

    @Test(arguments: ["\"\"", "\"/\"", "\"../x\"", "\"a/../b\"", "\"!a\"", "\"# a\"", "1", "\" \""])
    func `what is no pattern is an error`(_ value: String) throws {
        #expect(throws: ConfigurationError.self) { try Settings(toml: "protect = [\(value)]", name: "f") }
        #expect(throws: ConfigurationError.self) { try Settings(toml: "allow_changes_to = [\(value)]", name: "f") }
    }
}
