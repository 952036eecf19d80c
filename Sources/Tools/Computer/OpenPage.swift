import Browser
import JSON
import Responses
import Sandbox
import Session
import Workspace

/// Opens an address in the browser, which has no address bar to write into.
struct OpenPage: Tool {
    let desk: ComputerDesk

    let name = "open_page"
    let effect = ToolEffect.runs
    var reach: ToolReach { .network }
    var timeLimit: Duration? { .seconds(120) }

    let definition = ToolDefinition.function(
        "open_page",
        "Opens an address in the browser of the tool computer, such as http://localhost:8000/ of a server that "
            + "start_command runs, or the path of a page in the tree. Answers as read_page.",
        #""address":{"type":"string"}"#, required: ["address"])

    func title(of call: ToolCall) -> String? {
        guard case .function(_, let arguments) = call.request else { return "open a page" }
        return "open \(arguments["address"]?.string?.prefix(200) ?? "a page")"
    }

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let address = try ToolArguments(call).text("address")
        await context.steps?.begin([])
        return .text(
            try await desk.use(in: context) { browser throws(BrowserError) in
                try await browser.open(address)
                return try await browser.describePage()
            })
    }
}

/// Says what a screenshot of a page does not.
struct ReadPage: Tool {
    let desk: ComputerDesk

    let name = "read_page"
    let effect = ToolEffect.runs
    var reach: ToolReach { .network }
    var timeLimit: Duration? { .seconds(60) }

    let definition = ToolDefinition.function(
        "read_page",
        "The page in the browser of the tool computer: address, open pages, what it has asked and sent, errors of its "
            + "console, and its text.",
        "", required: [])

    func title(of call: ToolCall) -> String? { "read the page" }

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        await context.steps?.begin([])
        return .text(
            try await desk.use(in: context) { browser throws(BrowserError) in try await browser.describePage() })
    }
}

/// Answers what a page asks outside of its picture: questions and choosers for files.
struct AnswerPage: Tool {
    let desk: ComputerDesk

    let name = "answer_page"
    let effect = ToolEffect.runs
    var reach: ToolReach { .network }
    var timeLimit: Duration? { .seconds(60) }

    let definition = ToolDefinition.function(
        "answer_page",
        "How the browser answers pages from now on: whether their questions (confirm, prompt) are accepted, which they "
            + "are not at first, and with which text; and the files for a chooser that is open.",
        #""accept":{"type":"boolean"},"text":{"type":"string"},"files":{"type":"array","items":{"type":"string"}}"#,
        required: [])

    func title(of call: ToolCall) -> String? { "answer the page" }

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let arguments = try ToolArguments(call)
        let accepts: Bool? = arguments["accept"] == nil ? nil : try arguments.flag("accept")
        let text: String? = arguments["text"] == nil ? nil : try arguments.text("text")
        let written = arguments["files"].map { $0.elements.compactMap(\.string) } ?? []
        guard accepts != nil || text != nil || !written.isEmpty else {
            throw ToolRefusal("answer_page needs accept, text or files")
        }
        let tree = context.shell.sandbox.shownTree
        let files = written.prefix(20).map { $0.hasPrefix("/") ? $0 : "\(tree)/\($0)" }
        await context.steps?.begin([])
        return .text(
            try await desk.use(in: context) { browser throws(BrowserError) in
                try await browser.answerPages(accepts: accepts, text: text, files: files)
                return "done"
            })
    }
}
