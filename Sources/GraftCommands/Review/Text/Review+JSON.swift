import Agent
import Evidence
import JSON
import Repository
import Responses
import Review
import Session
import Text

extension ReviewSession {
    /// Writes what the session is.
    func write(into writer: inout JSONWriter) {
        writer.member("session", id.rawValue)
        writer.member("repository", repository.workingDirectory)
        writer.member("branch", branch)
        writer.member("start", start.hex)
        if let command { writer.member("command", command) }
        if let task = summary.start?.task { writer.member("task", task) }
        writer.member("running", summary.isRunning)
        if let result = summary.result { writer.member("verdict", result.verdict.rawValue) }
    }
}

extension ReviewedCommit {
    /// Writes the commit with its state and evidence.
    func write(into writer: inout JSONWriter) {
        writer.member("n", number)
        writer.member("id", id.hex)
        writer.member("parents", array: { for parent in commit.parents { $0.string(parent.hex) } })
        writer.member("subject", subject)
        writer.member("body", body)
        writer.member(
            "trailers",
            array: {
                for trailer in trailers {
                    $0.object {
                        $0.member("key", trailer.key)
                        $0.member("value", trailer.value)
                    }
                }
            })
        writer.member(
            "author",
            object: {
                $0.member("name", commit.author.name)
                $0.member("email", commit.author.email)
                $0.member("time", Int(commit.author.seconds))
            })
        switch state {
        case .pending: writer.member("state", "pending")
        case .accepted(let new, let reference):
            writer.member("state", "accepted")
            writer.member("accepted_as", new.hex)
            writer.member("accepted_on", reference)
        }
        writer.member("added", addedLines)
        writer.member("removed", removedLines)
        writer.member("files", array: { for file in files { $0.object { file.write(into: &$0) } } })
        writer.member("evidence", object: { evidence.write(into: &$0) })
    }
}

extension ChangedFile {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("path", path.text)
        if let oldPath { writer.member("old_path", oldPath.text) }
        writer.member("kind", kind.rawValue)
        writer.member("added", added)
        writer.member("removed", removed)
    }
}

extension CommitEvidence {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("steps", array: { for step in steps { $0.string(step.hex) } })
        writer.member("milestones", array: { for reached in milestones { $0.object { reached.write(into: &$0) } } })
        writer.member("before", array: { for run in before { $0.object { run.write(into: &$0) } } })
        writer.member("after", array: { for run in after { $0.object { run.write(into: &$0) } } })
        if let baseline { writer.member("baseline", object: { baseline.write(into: &$0) }) }
        if let verification { writer.member("verification", object: { verification.write(into: &$0) }) }
        if let own { writer.member("own", object: { own.write(into: &$0) }) }
    }
}

extension ReachedMilestone {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("turn", turn)
        writer.member("seconds", time.inSeconds)
        milestone.write(into: &writer)
    }
}

extension CommitEvidence.Run {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("command", command)
        if turn > 0 { writer.member("turn", turn) }
        if hidesStatus { writer.member("hides_status", true) }
        report.write(into: &writer)
    }
}

extension CommitVerification {
    /// Writes how the command ended on the commit.
    func write(into writer: inout JSONWriter) {
        writer.member("id", commit.hex)
        writer.member("command", command)
        report.write(into: &writer)
        writer.member("failures", array: { for failure in failures { $0.string(failure) } })
    }
}

extension CommandReport {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("passed", isSuccess)
        writer.key("exit_code")
        if let exitCode { writer.int(Int(exitCode)) } else { writer.null() }
        writer.member("ending", ending)
        writer.member("seconds", duration.inSeconds)
        writer.member("output", output)
    }
}

extension Duration {
    /// The seconds, to the millisecond.
    fileprivate var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + (Double(attoseconds) / 1e15).rounded() / 1e3
    }
}

extension SeriesOutcome {
    /// Writes the series before and after.
    func write(into writer: inout JSONWriter) {
        writer.member("before", array: { for id in before { $0.string(id.hex) } })
        writer.member("after", array: { for id in after { $0.string(id.hex) } })
        writer.member(
            "replaced",
            object: {
                for id in before {
                    guard let new = replacements[id] else { continue }
                    $0.member(id.hex, array: { for id in new { $0.string(id.hex) } })
                }
            })
    }
}

extension SeriesConflict {
    /// Writes the conflicting places.
    func write(into writer: inout JSONWriter) {
        writer.member("commit", commit.hex)
        writer.member(
            "conflicts",
            array: {
                for file in files {
                    $0.object {
                        $0.member("path", file.path.text)
                        $0.member("kind", file.kind.rawValue)
                        $0.member("hunks", array: { for hunk in file.hunks { $0.object { hunk.write(into: &$0) } } })
                    }
                }
            })
    }
}

extension ConflictHunk {
    fileprivate func write(into writer: inout JSONWriter) {
        for (name, side) in [("ours", ours), ("base", base), ("theirs", theirs)] {
            writer.member(
                name,
                object: {
                    $0.member("line", side.line)
                    $0.member("lines", array: { for line in side.lines { $0.string(line) } })
                })
        }
    }
}
