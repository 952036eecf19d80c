/// The items that a model says, as the JSON in which they come.
enum Said {
    /// A message; without a phase as from models that name none.
    static func message(_ text: String, phase: String? = "final_answer") -> String {
        let member = phase.map { #","phase":"\#($0)""# } ?? ""
        return #"{"type":"message"\#(member),"content":[{"type":"output_text","text":"\#(text)"}]}"#
    }

    /// Words before calls.
    static func commentary(_ text: String) -> String { message(text, phase: "commentary") }

    /// A command to run.
    static func shell(_ callID: String) -> String {
        #"{"type":"shell_call","call_id":"\#(callID)","status":"completed","action":{"commands":["true \#(callID)"]}}"#
    }

    /// A patch.
    static func patch(_ callID: String) -> String {
        #"{"type":"apply_patch_call","call_id":"\#(callID)","status":"completed","operation":"#
            + #"{"type":"create_file","path":"a","diff":"+x\n"}}"#
    }

    /// A milestone; the double of the tools records nothing of it.
    static func milestone(_ callID: String, _ kind: String) -> String {
        #"{"type":"function_call","call_id":"\#(callID)","name":"report_milestone","arguments":"#
            + #""{\"milestone\":\"\#(kind)\",\"summary\":\"So.\"}"}"#
    }

    /// What a server makes of a history.
    static func compaction(_ content: String = "gAAAA") -> String {
        #"{"id":"cmp_\#(content)","type":"compaction","encrypted_content":"\#(content)"}"#
    }

    /// An order of the steps.
    static func order(_ callID: String) -> String {
        #"{"type":"function_call","call_id":"\#(callID)","name":"order_commits","arguments":"{}"}"#
    }

    /// Reasoning, with its summary if there is one.
    static func thought(_ summary: String...) -> String {
        let parts = summary.map { #"{"type":"summary_text","text":"\#($0)"}"# }.joined(separator: ",")
        return #"{"type":"reasoning","summary":[\#(parts)],"encrypted_content":"gAAAA+/=="}"#
    }

    /// The end of the task.
    static let done = message("Done.")
}
