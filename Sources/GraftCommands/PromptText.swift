import ArgumentParser
import Glibc

/// A prompt given on the command line, or on standard input where it says so.
enum PromptText {
    /// Returns the prompt; only `-` reads standard input.
    static func read(_ argument: String) throws -> String {
        guard argument == "-" else { return try checked(argument) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = Glibc.read(0, &buffer, buffer.count)
            if count > 0 { text += buffer[..<count] } else if count == 0 || errno != EINTR { break }
        }
        return try checked(String(decoding: text, as: UTF8.self))
    }

    private static func checked(_ text: String) throws -> String {
        guard text.contains(where: { !$0.isWhitespace }) else { throw ValidationError("the prompt is empty") }
        return text
    }
}

/// The environment Graft was started with.
enum ProcessEnvironment {
    /// The variables by name.
    static var current: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            entry += 1
        }
        return variables
    }
}
