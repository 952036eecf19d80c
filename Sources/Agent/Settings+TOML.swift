import Responses
import Sandbox
import TOMLKit

/// A configuration file that cannot be used: which one, and why.
public struct SettingsError: Error, Sendable, CustomStringConvertible {
    /// The file, the key, what is wrong with it, and what is expected.
    public let description: String
}

extension Settings {
    /// Reads a configuration file; an unknown key is an error, since it is most likely a slip.
    ///
    /// - Parameter name: The file's name for messages.
    public init(toml text: String, name: String) throws(SettingsError) {
        let table: TOMLTable
        do { table = try TOMLTable(untrusted: text) } catch {
            throw SettingsError(description: "\(name) is not TOML: \(error)")
        }
        for key in table.keys.sorted() {
            guard let value = table[key] else { continue }
            func wrong(_ expected: String) -> SettingsError {
                SettingsError(description: "\(name): \(key) must be \(expected)")
            }
            func string() throws(SettingsError) -> String {
                guard let text = value.string else { throw wrong("a string") }
                return text
            }
            func count() throws(SettingsError) -> Int {
                guard let number = value.int, number > 0 else { throw wrong("a positive whole number") }
                return number
            }
            func duration() throws(SettingsError) -> Duration {
                guard let duration = Duration(spelledOut: try string()) else {
                    throw wrong("a duration such as \"30m\"")
                }
                return duration
            }
            func flag() throws(SettingsError) -> Bool {
                guard let flag = value.bool else { throw wrong("true or false") }
                return flag
            }
            switch key {
            case "model": model = try string()
            case "effort": effort = try string()
            case "verbosity": verbosity = try string()
            case "base_url": baseURL = try string()
            case "provider":
                guard let profile = ProviderProfile(rawValue: try string()) else {
                    throw wrong("\"openai\" or \"compatible\"")
                }
                provider = profile
            case "max_turns": maxTurns = try count()
            case "max_tokens": maxTokens = try count()
            case "max_time": maxTime = try duration()
            case "command_timeout": commandTimeout = try duration()
            case "attribution": attribution = try flag()
            case "series": series = try flag()
            case "policy": policy = .named(try string())
            case "sandbox":
                guard let table = value.table else { throw wrong("a table") }
                do { policy = .spelledOut(try SandboxProfile(table, name: "\(name): sandbox")) } catch {
                    throw SettingsError(description: error.description)
                }
            case "approvals":
                guard let mode = ApprovalMode(rawValue: try string()) else { throw wrong("\"ask\" or \"never\"") }
                approvals = mode
            case "approve", "deny":
                guard let list = value.array else { throw wrong("written as [[\(key)]]") }
                let verdict: ApprovalRule.Verdict = key == "deny" ? .deny : .approve
                for entry in list {
                    guard let table = entry.table else { throw wrong("written as [[\(key)]]") }
                    rules.append(try ApprovalRule(verdict, table, name: "\(name): \(key)"))
                }
            case "untracked_limit":
                guard let bytes = value.int ?? value.string.flatMap(Int.init(spelledOutBytes:)), bytes >= 0 else {
                    throw wrong("a size such as \"8MB\"")
                }
                untrackedByteLimit = bytes
            default:
                throw SettingsError(description: "\(name): unknown key \(key)")
            }
        }
        if table["policy"] != nil, table["sandbox"] != nil {
            throw SettingsError(description: "\(name): policy and [sandbox] exclude each other; keep one")
        }
    }
}

extension Duration {
    /// Reads `90s`, `30m`, `1h30m` or a bare number of seconds; nil for anything else, and for zero.
    public init?(spelledOut text: String) {
        if let seconds = Int(text) {
            guard seconds > 0, seconds <= Self.longest else { return nil }
            self = .seconds(seconds)
            return
        }
        var total = 0
        var digits = ""
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            guard let unit = ["s": 1, "m": 60, "h": 3600, "d": 86400][character], let number = Int(digits),
                number <= Self.longest, total <= Self.longest
            else { return nil }
            total += number * unit
            digits = ""
        }
        guard digits.isEmpty, total > 0, total <= Self.longest else { return nil }
        self = .seconds(total)
    }

    /// A hundred years in seconds: beyond that it is a slip of the keys.
    private static let longest = 36525 * 86400
}
