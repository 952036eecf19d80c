public import JSON
import Responses
import Text

extension RunEvent {
    /// The event's name; nil for those that are shown and not kept.
    public var name: String? {
        switch self {
        case .threadStarted: "thread.started"
        case .runStarted: "run.started"
        case .baseline: "baseline.completed"
        case .turnStarted: "turn.started"
        case .requestSent: "request.sent"
        case .textDelta, .reasoningDelta: nil
        case .responseItem: "response.item"
        case .inputItem: "input.item"
        case .callStarted: "call.started"
        case .itemStarted: "item.started"
        case .itemUpdated: "item.updated"
        case .itemCompleted: "item.completed"
        case .turnCompleted: "turn.completed"
        case .turnFailed: "turn.failed"
        case .commitCreated: "commit.created"
        case .seriesOrdered: "series.ordered"
        case .verified: "verification.completed"
        case .approvalRequested: "approval.requested"
        case .approvalDecided: "approval.decided"
        case .notice: "notice"
        case .runFinished: "run.finished"
        }
    }

    /// Writes the members behind `type` and `time`.
    func write(into writer: inout JSONWriter) {
        switch self {
        case .threadStarted(let id):
            writer.member("thread_id", id.rawValue)
        case .runStarted(let start):
            start.write(into: &writer)
        case .baseline(let report, let failures):
            report.write(into: &writer)
            writer.member("failures", array: { for failure in failures { $0.string(failure) } })
        case .turnStarted(let turn):
            writer.member("turn", turn)
        case .requestSent(let report):
            report.write(into: &writer)
        case .textDelta, .reasoningDelta:
            break
        case .responseItem(let item, let turn):
            writer.member("turn", turn)
            writer.member("response", "turn_\(turn)")
            item.write(into: &writer)
        case .inputItem(let item, let turn):
            writer.member("turn", turn)
            item.write(into: &writer)
        case .callStarted(let call):
            writer.member("call_id", call.callID)
            writer.member("name", call.name)
            writer.member("turn", call.turn)
        case .itemStarted(let item), .itemUpdated(let item), .itemCompleted(let item):
            writer.member("item", object: { item.write(into: &$0) })
        case .turnCompleted(let report):
            report.write(into: &writer)
        case .turnFailed(let message):
            writer.member("error", object: { $0.member("message", message) })
        case .commitCreated(let commit):
            writer.member("commit", object: { commit.write(into: &$0) })
        case .seriesOrdered(let series):
            writer.member("commits", array: { for commit in series.commits { $0.object { commit.write(into: &$0) } } })
            writer.member("tree", series.tree)
            writer.member("steps", series.stepCount)
        case .verified(let verification):
            verification.write(into: &writer)
        case .approvalRequested(let request):
            request.write(into: &writer)
        case .approvalDecided(let request, let decision):
            request.write(into: &writer)
            writer.member("decision", decision.answer.rawValue)
            writer.member("by", decision.by.rawValue)
        case .notice(let message):
            writer.member("message", message)
        case .runFinished(let result):
            result.write(into: &writer)
        }
    }
}

extension Item {
    /// Writes the item as the bytes it is.
    ///
    /// An event is one line, so an item that came with line breaks between its tokens gets spaces there, and its
    /// exact bytes stand beside it as a string.
    fileprivate func write(into writer: inout JSONWriter) {
        let isOneLine = !raw.contains { $0 == 0x0A || $0 == 0x0D }
        writer.key("item")
        writer.raw(isOneLine ? raw : raw.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
        if !isOneLine { writer.member("raw", String(decoding: raw, as: UTF8.self)) }
    }
}

extension RunStart {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("repository", repository)
        writer.member("time", time)
        writer.member("base", base)
        writer.member("start", start)
        writer.member("branch", branch)
        writer.member("tree", tree)
        if let treeKind { writer.member("tree_kind", treeKind.rawValue) }
        if let task { writer.member("task", task) }
        if let command { writer.member("command", command) }
        writer.member("model", model)
        writer.member("endpoint", endpoint)
        writer.member("sandbox", sandbox)
        if let policy { writer.member("policy", policy) }
    }
}

extension RequestReport {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("turn", turn)
        writer.member("transport", transport)
        writer.member("bytes", byteCount)
        writer.member("item_bytes", itemByteCount)
        if let sinceLastEvent { writer.member("since_last_event_ms", sinceLastEvent.milliseconds) }
    }
}

extension TurnReport {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("turn", turn)
        writer.member("response_id", response.rawValue)
        writer.member("duration_ms", duration.milliseconds)
        if let usage { writer.member("usage", object: { usage.write(into: &$0) }) }
    }
}

extension RunItem {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("id", id)
        if let callID { writer.member("call_id", callID) }
        switch content {
        case .agentMessage(let text, let phase):
            writer.member("type", "agent_message")
            writer.member("text", text)
            if let phase { writer.member("phase", phase.rawValue) }
        case .reasoning(let text):
            writer.member("type", "reasoning")
            writer.member("text", text)
        case .commandExecution(let command, let report):
            writer.member("type", "command_execution")
            writer.member("command", command)
            if let report {
                report.write(into: &writer)
            } else {
                writer.writeRunning(output: "")
            }
        case .startedCommand(let started):
            writer.member("type", "command_execution")
            writer.member("command", started.command)
            writer.member("handle", started.handle)
            if let report = started.report {
                report.write(into: &writer)
            } else {
                writer.writeRunning(output: started.output)
                writer.member("output_offset", started.outputRange.lowerBound)
            }
        case .fileChange(let files, let report):
            writer.member("type", "file_change")
            writer.member("changes", array: { for file in files { file.write(into: &$0) } })
            writer.member("status", report.map { $0.isApplied ? "completed" : "failed" } ?? "in_progress")
            if let report {
                writer.member("message", report.message)
                writer.member("diff", report.diff)
            }
        case .tool(let report):
            writer.member("type", "tool_call")
            writer.member("name", report.name)
            writer.member("title", report.title)
            writer.member("status", report.status.rawValue)
            writer.member("output", report.output)
        case .error(let message):
            writer.member("type", "error")
            writer.member("message", message)
        }
    }
}

extension JSONWriter {
    /// The members of a command that has not ended.
    fileprivate mutating func writeRunning(output: String) {
        member("aggregated_output", output)
        key("exit_code")
        null()
        member("status", "in_progress")
    }
}

extension CommandReport {
    /// Writes the members of the report into an object.
    public func write(into writer: inout JSONWriter) {
        writer.member("aggregated_output", output)
        writer.key("exit_code")
        if let exitCode { writer.int(Int(exitCode)) } else { writer.null() }
        writer.member("status", isSuccess ? "completed" : "failed")
        writer.member("ending", ending)
        writer.member("duration_ms", duration.milliseconds)
        writer.member("output_bytes", outputByteCount)
        if let signal { writer.member("signal", signal) }
        if let processorTime { writer.member("cpu_ms", processorTime.milliseconds) }
        if let peakByteCount { writer.member("peak_bytes", peakByteCount) }
        if ranOutOfMemory { writer.member("out_of_memory", true) }
    }
}

extension FileSummary {
    func write(into writer: inout JSONWriter) {
        writer.object {
            $0.member("path", path)
            $0.member("kind", kind.rawValue)
        }
    }
}

extension CommitReport {
    func write(into writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("subject", subject)
        writer.member("changes", array: { for file in files { file.write(into: &$0) } })
    }
}

extension Usage {
    func write(into writer: inout JSONWriter) {
        writer.member("input_tokens", input)
        writer.member("cached_input_tokens", cached)
        writer.member("output_tokens", output)
        writer.member("reasoning_output_tokens", reasoning)
    }
}
