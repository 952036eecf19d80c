/// GitLab and Buildkite: `$ make test`, the output, `ERROR: Job failed: exit code 2`.
enum GitLabLog: LogStepFinder {
    static func failedSteps(in lines: [String]) -> [LogStep] {
        var failed: [LogStep] = []
        var current: LogStep?
        var isOver = false
        var previous = ""
        for line in lines {
            let text = line[...].trimmed
            if let ending = ending(line) {
                if var step = current {
                    step.ending = ending
                    failed.append(step)
                }
                (current, isOver) = (nil, false)
            } else if text.holds("Running after_script") || text.holds("Executing \"after_script\"")
                || text.holds("Running after script")
            {
                isOver = true
            } else if !isOver, let command = line[...].after("$ "), !previous.hasPrefix("yarn run v") {
                current = step(String(command))
            } else if !isOver {
                current?.output.append(line)
            }
            previous = line
        }
        return failed
    }

    private static func step(_ command: String) -> LogStep {
        let mark = " # collapsed multi-line command"
        guard let first = command[...].before(mark) else {
            return LogStep(system: "GitLab", command: command, ending: "", output: [])
        }
        return LogStep(
            system: "GitLab", command: String(first), ending: "", output: [],
            doubt: "the log shows only its first line")
    }

    private static func ending(_ line: String) -> String? {
        if let rest = line[...].after("ERROR: Job failed") {
            let reason = rest.after(": ") ?? rest.after(" (system failure): ") ?? rest
            return reason.isEmpty ? "failed" : String(reason)
        }
        return line.number(after: "The command exited with status ").flatMap { $0 == 0 ? nil : "exit status \($0)" }
    }
}
