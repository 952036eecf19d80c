import Sandbox
import Testing

@testable import Configuration

@Suite struct `The keys of files` {
    @Test func `that are proposed are keys`() {
        for key in Settings.keys {
            let error = #expect(throws: ConfigurationError.self) {
                try Settings(toml: Array("\(key) = [1]".utf8), name: "f")
            }
            #expect(error?.message.contains("unknown key") == false, "\(key)")
        }
        for key in SandboxProfile.keys {
            let error = #expect(throws: SandboxError.self) {
                try SandboxProfile(toml: Array("\(key) = 1".utf8), name: "f")
            }
            #expect(error?.message.contains("unknown key") == false, "\(key)")
        }
    }
}
