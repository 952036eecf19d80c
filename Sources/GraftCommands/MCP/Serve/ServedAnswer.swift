import JSON
import Text

/// The answer to a call, as the protocol has it: text, and the same for machines.
struct ServedAnswer: Sendable {
    private let text: String
    /// An object as JSON.
    private let structured: String?
    private let isError: Bool

    /// The exit codes from which on a call has failed; below are verdicts about the work.
    private static let failures: Int32 = 20

    /// What could not be done at all.
    init(failure: String) {
        (text, structured, isError) = (failure, nil, true)
    }

    /// What a graft has come to.
    init(_ tool: ServedTool, output: String, errors: String, result: JSON?, exitCode: Int32) {
        isError = exitCode >= Self.failures
        guard tool.reading == .events, let result else {
            let said = errors.split(separator: "\n").map(String.init).filter { $0.hasPrefix("graft: ") }
                .map { String($0.dropFirst("graft: ".count)) }.joined(separator: "\n")
            let isSilent = output.allSatisfy(\.isWhitespace)
            text = isError || isSilent ? (said.isEmpty ? "graft ended with exit status \(exitCode)" : said) : output
            structured = nil
            return
        }
        let session = result["session"]?.string?.split(separator: "/").last.map(String.init)
        let words = Self.words(result, session: session)
        text = words
        var writer = JSONWriter()
        writer.object {
            switch tool {
            case .codex, .codexReply:
                $0.member("threadId", session ?? "")
                $0.member("content", words)
            default:
                for member in result.members where !["type", "t_ms", "session"].contains(member.key) {
                    $0.member(member.key, member.value)
                }
                if let session { $0.member("session", session) }
            }
        }
        structured = String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Writes the members of a result of `tools/call`.
    func write(into writer: inout JSONWriter) {
        writer.member(
            "content",
            array: {
                $0.object {
                    $0.member("type", "text")
                    $0.member("text", text)
                }
            })
        if let structured {
            writer.key("structuredContent")
            writer.raw(structured.utf8)
        }
        writer.member("isError", isError)
    }

    /// The result in words: what the model says, the verdict, where the commits are.
    private static func words(_ result: JSON, session: String?) -> String {
        var lines: [String] = []
        if let summary = result["summary"]?.string, !summary.isEmpty { lines += [summary, ""] }
        lines.append("\(result["verdict"]?.string ?? "unknown"): \(result["message"]?.string ?? "")")
        let commits = result["commits"].map { Array($0.elements) } ?? []
        for commit in commits {
            lines.append("commit \(commit["id"]?.string?.prefix(10) ?? "")  \(commit["subject"]?.string ?? "")")
        }
        if let branch = result["branch"]?.string, !commits.isEmpty {
            lines.append("The commits are on the branch \(branch); take them with: git merge \(branch)")
        }
        if let session { lines.append("session \(session)") }
        return lines.joined(separator: "\n")
    }
}
