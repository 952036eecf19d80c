import Foundation
import Testing
import Text

/// Secrets in texts that others have written.
@Suite struct SecretMaskTests {
    private let key = "sk-proj-4f1d7c90+a2/bQx=7Zk"
    private var mask: SecretMask { SecretMask([("API key", key), ("proxy password", "s3cret")]) }

    @Test func `are masked as they are`() {
        #expect(mask.masked("Incorrect API key provided: \(key).") == "Incorrect API key provided: [API key].")
        #expect(mask.masked("\(key)\(key)") == "[API key][API key]")
        #expect(mask.masked("s3cret is \(key)") == "[proxy password] is [API key]")
    }

    @Test func `are masked in the forms that servers echo`() throws {
        let encoded = try #require(
            key.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-._~"))))
        #expect(mask.masked("?key=\(encoded)&x") == "?key=[API key]&x")
        let json = key.replacingOccurrences(of: "/", with: "\\/")
        #expect(mask.masked(#"{"key":"\#(json)"}"#) == #"{"key":"[API key]"}"#)
        for login in ["", "u", "us", "user"] {
            let basic = Data("\(login):\(key)".utf8).base64EncodedString()
            let shown = mask.masked("Authorization: Basic \(basic) was refused")
            #expect(shown.contains("[API key]"), "\(shown)")
            for start in stride(from: 0, to: basic.count - 16, by: 1) where start > login.count + 8 {
                #expect(!shown.contains(basic.dropFirst(start).prefix(12)))
            }
        }
    }

    @Test func `are masked where they are cut off`() {
        #expect(mask.masked("the key \(key.prefix(20))") == "the key [API key]")
        #expect(mask.masked("…\(key.suffix(14))") == "…[API key]")
    }

    @Test(arguments: [
        "Incorrect API key provided: sk-proj-********7Zk.", "nothing of the kind", "", "äöü — 🙂", "sk-proj-",
    ])
    func `leave other texts as they are`(_ text: String) {
        #expect(mask.masked(text) == text)
    }

    @Test func `that are too short to be some mask nothing`() {
        #expect(SecretMask([("API key", "none"), ("API key", "")]).masked("none at all") == "none at all")
    }

    @Test func `do not keep long texts waiting`() {
        let text = String(repeating: "sk-proj-4f1d7c90+a2-bQx ", count: 10_000)
        #expect(mask.masked(text).utf8.count < text.utf8.count)
    }
}
