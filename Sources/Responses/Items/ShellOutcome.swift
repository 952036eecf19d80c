import JSON

/// How one shell line ended, as told to the model.
public struct ShellOutcome: Sendable, Equatable {
    /// Standard output, truncated to the limit.
    public var stdout: String
    /// Standard error, truncated to the limit.
    public var stderr: String
    /// Exit status or time-out.
    public var ending: Ending

    /// How a command ended, as the API distinguishes it.
    public enum Ending: Sendable, Equatable {
        case exit(Int)
        case timeout
    }

    /// Makes an outcome.
    public init(stdout: String = "", stderr: String = "", ending: Ending) {
        self.stdout = stdout
        self.stderr = stderr
        self.ending = ending
    }

    func write(into writer: inout JSONWriter) {
        writer.object {
            $0.member("stdout", stdout)
            $0.member("stderr", stderr)
            $0.member(
                "outcome",
                object: {
                    switch ending {
                    case .exit(let code):
                        $0.member("type", "exit")
                        $0.member("exit_code", code)
                    case .timeout:
                        $0.member("type", "timeout")
                    }
                })
        }
    }

    /// The outcome as text, for servers whose shell is a function.
    var text: String {
        let end =
            switch ending {
            case .exit(let code): "exit status \(code)"
            case .timeout: "timed out"
            }
        return [end, stdout, stderr.isEmpty ? "" : "stderr:\n\(stderr)"].filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
