/// CircleCI: `#!/bin/bash -eo pipefail`, the script, the output, `Exited with code exit status 2`.
enum CircleLog: LogStepFinder {
    static func failedSteps(in lines: [String]) -> [LogStep] {
        var failed: [LogStep] = []
        var current: LogStep?
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("#!/"), line.contains("sh -e") {
                current = LogStep(system: "CircleCI", command: nil, ending: "", output: [])
            } else if line[...].trimmed.starts(with: "Exited with code"), var step = current {
                let code = line.number(after: "exit status ") ?? line.number(after: "code ")
                step.ending = code.map { "exit code \($0)" } ?? "failed"
                if code != 0 { failed.append(step) }
                current = nil
            } else if current?.command == nil, index > 0, lines[index - 1].hasPrefix("#!/") {
                current?.command = line
            } else {
                current?.output.append(line)
            }
        }
        return failed
    }
}

/// Azure Pipelines: `##[section]Starting: …`, `Script contents:`, the script, `==== Starting Command Output ====`, the
/// output, `##[error]Bash exited with code '2'.`
enum AzureLog: LogStepFinder {
    static func failedSteps(in lines: [String]) -> [LogStep] {
        var failed: [LogStep] = []
        var current: LogStep?
        var script: [String]?
        for line in lines {
            let marker = GroupMarker(line)
            if marker?.name == "section", marker?.text.hasPrefix("Starting: ") == true {
                current = LogStep(system: "Azure Pipelines", command: nil, ending: "", output: [])
                script = nil
            } else if line == "Script contents:" {
                script = []
            } else if line.hasPrefix("=====") {
                if let lines = script { current?.command = ScriptText.line(of: lines) }
                if script != nil { current?.output = [] }
                script = nil
            } else if script != nil {
                script?.append(line)
            } else if marker?.name == "error", let code = marker?.text.number(after: "exited with code '"),
                var step = current
            {
                step.ending = "exit code \(code)"
                failed.append(step)
                current = nil
            } else if let marker {
                if marker.name != "command", case .text(let text) = marker.meaning { current?.output.append(text) }
            } else {
                current?.output.append(line)
            }
        }
        return failed
    }
}

/// Jenkins, and others that have the shell trace what it does: `+ make test`, the output, `script returned exit code 2`.
enum TraceLog: LogStepFinder {
    static func failedSteps(in lines: [String]) -> [LogStep] {
        var failed: [LogStep] = []
        var current: LogStep?
        for line in lines {
            if let command = line[...].after("+ "), !command.isEmpty {
                current = LogStep(system: "Jenkins", command: String(command), ending: "", output: [])
            } else if var step = current, let ending = ending(line) {
                step.ending = ending
                failed.append(step)
                current = nil
            } else {
                current?.output.append(line)
            }
        }
        return failed
    }

    private static func ending(_ line: String) -> String? {
        if let code = line.number(after: "script returned exit code ") { return "exit code \(code)" }
        return line.hasSuffix("marked build as failure") || line == "Finished: FAILURE" ? "failed" : nil
    }
}

/// Travis, and builds of images: a line that tells of a command and its failure.
enum ToldCommandLog: LogStepFinder {
    static func failedSteps(in lines: [String]) -> [LogStep] {
        var failed: [LogStep] = []
        var begin = 0
        for (index, line) in lines.enumerated() {
            guard let (system, command, code) = told(line[...]), code != 0 else { continue }
            let output = Array(lines[begin..<index])
            failed.append(LogStep(system: system, command: command, ending: "exit code \(code)", output: output))
            begin = index + 1
        }
        return failed
    }

    private static func told(_ line: Substring) -> (system: String, command: String, code: Int)? {
        // `The command "make test" exited with 2.`
        if let rest = line.trimmed.after("The command \""), let (command, after) = rest.cutLast("\" exited with "),
            let (code, _) = after.leadingNumber
        {
            return ("Travis", String(command), code)
        }
        // `ERROR: failed to solve: process "/bin/sh -c make test" did not complete successfully: exit code: 2`
        if let rest = line.cut("process \"/bin/sh -c ")?.after,
            let (command, after) = rest.cutLast("\" did not complete successfully: exit code: "),
            let (code, _) = after.leadingNumber
        {
            return ("Docker", String(command), code)
        }
        return nil
    }
}
