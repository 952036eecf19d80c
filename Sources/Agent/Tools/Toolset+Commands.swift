import Responses

extension Toolset {
    /// The tools for commands that go on, and for paging through output.
    ///
    /// Every session pays for these bytes, so the words are few; answers say the rest.
    static let commands: [ToolDefinition] = [
        function(
            "start_command",
            "Starts a shell line that goes on beside other commands, such as a server or a REPL; answers with its handle "
                + "and what it prints within wait_ms (1000) or until it prints the text `until`.",
            #""command":{"type":"string"},"terminal":{"type":"boolean"},"timeout_ms":{"type":"integer"},"# + waiting,
            required: ["command"]),
        function(
            "poll_command",
            "Waits for a started command in the same way; answers with what it printed since the last look.",
            handle + "," + waiting, required: ["handle"]),
        function(
            "write_stdin",
            #"Writes to a started command (\u0003 is ctrl-C in a terminal), then polls; close ends its input."#,
            handle + #","text":{"type":"string"},"close":{"type":"boolean"},"# + waiting, required: ["handle", "text"]),
        function("stop_command", "Stops a started command and all it has started.", handle, required: ["handle"]),
        function(
            "read_output", "Reads any bytes of the whole output of a command.",
            handle + #","offset":{"type":"integer"},"limit":{"type":"integer"}"#, required: ["handle"]),
    ]

    private static let handle = #""handle":{"type":"string"}"#
    private static let waiting = #""wait_ms":{"type":"integer"},"until":{"type":"string"}"#

    private static func function(
        _ name: String, _ description: String, _ properties: String, required: [String]
    ) -> ToolDefinition {
        let names = required.map { "\"\($0)\"" }.joined(separator: ",")
        return .function(
            name: name, description: description,
            parameters: #"{"type":"object","properties":{\#(properties)},"required":[\#(names)]}"#, isStrict: false)
    }
}
