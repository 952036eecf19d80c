public import Configuration
import Sandbox
public import Text

extension MCPServer {
    /// What masks the secrets of the definition in texts that others read: the values of variables and headers that are
    /// named like secrets, tokens, and what follows a flag or stands in a query that is named like one.
    public func mask(_ environment: [String: String]) -> SecretMask {
        var secrets: [(name: String, value: String)] = []
        func add(_ name: String, _ value: String?) { if let value { secrets.append((name, value)) } }
        func addSecret(_ name: String, _ value: String?) {
            if SandboxEnvironment.looksSecret(name) { add(name, value) }
        }
        add("API key", environment["OPENAI_API_KEY"])
        switch place {
        case .command(let program):
            for name in program.passedVariables { addSecret(name, environment[name]) }
            for (name, value) in program.variables { addSecret(name, value) }
            var flag: String?
            for argument in program.arguments {
                let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2 {
                    addSecret(String(parts[0]), String(parts[1]))
                } else if let flag {
                    addSecret(flag, argument)
                }
                flag = argument.hasPrefix("-") && parts.count == 1 ? argument : nil
            }
        case .url(let remote):
            if let variable = remote.tokenVariable { add(variable, environment[variable]) }
            for (_, variable) in remote.headerVariables { add(variable, environment[variable]) }
            for (name, value) in remote.headers {
                addSecret(name, value)
                // Of "Bearer TOKEN" a server may repeat the token alone.
                addSecret(name, value.split(separator: " ").last.map(String.init))
            }
            for pair in remote.url.split(separator: "?", maxSplits: 1).dropFirst().joined().split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                if parts.count == 2 { addSecret(String(parts[0]), String(parts[1])) }
            }
        }
        return SecretMask(secrets)
    }
}
