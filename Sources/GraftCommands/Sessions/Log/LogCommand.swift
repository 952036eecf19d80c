import ArgumentParser
import Repository
import Responses
import Session
import Terminal
import Text

/// `graft log`: the conversation of a session.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Show the whole conversation of a session.",
        discussion: """
            All that was said to the model and by it, from the session's journal, what was compacted away included. \
            Long output is shortened; --item shows all of one item.
            """)

    @OptionGroup var state: StateOptions

    @Argument(
        help: ArgumentHelp(
            "The session: its name, or the start or end of it (default: the latest of the repository).",
            valueName: "session"))
    var session: String?

    @Option(help: ArgumentHelp("A folder in the repository.", valueName: "dir"))
    var repo = "."

    @Flag(help: "Go on as long as the session runs.")
    var follow = false

    @Option(help: ArgumentHelp("Show one item whole, by its number.", valueName: "n"))
    var item: Int?

    @Flag(help: "Print the items as they are, a JSON object a line.")
    var json = false

    func validate() throws {
        if let item, item < 1 { throw ValidationError("--item: items count from 1") }
        if item != nil, follow { throw ValidationError("--item and --follow exclude each other") }
    }

    func run() async throws {
        let environment = ProcessEnvironment.current
        let store = SessionStore(environment: environment)
        let id = try store.resolve(session, repository: session == nil ? try place(environment) : nil)
        let path = try store.folder(of: id).journal
        let journal = try JournalTail(path: path, follows: follow)
        let output = StandardOutput(isForPeople: true)
        let style = TerminalStyle(descriptor: 1, environment: environment)
        var conversation = Conversation()
        if let item { return try show(item, of: journal, in: id, style, output) }
        while true {
            let goesOn = journal.isBeingWritten
            forEachEntry(of: journal, &conversation) { entry, raw in
                output.write(json ? entry.json(raw) : Array(entry.text(style).utf8))
            }
            guard goesOn else { return }
            journal.wait()
        }
    }

    private func forEachEntry(
        of journal: JournalTail, _ conversation: inout Conversation, _ body: (Conversation.Entry, [UInt8]) -> Void
    ) {
        journal.read(Conversation.kinds) { line in
            for entry in conversation.entries(of: line.event) { body(entry, line.raw) }
        }
    }

    private func show(
        _ number: Int, of journal: JournalTail, in id: SessionID, _ style: TerminalStyle, _ output: StandardOutput
    ) throws {
        var (conversation, found) = (Conversation(), [UInt8]?.none)
        forEachEntry(of: journal, &conversation) { entry, _ in
            guard case .item(let item, number: number, turn: _, answered: _) = entry else { return }
            found = json ? item.raw + [0x0A] : Self.whole(item, isTerminal: style.columns != nil)
        }
        guard let found else {
            let count = conversation.count == 1 ? "1 item" : "\(conversation.count) items"
            throw Refusal("the conversation of \(id) has \(count), and none with the number \(number)")
        }
        output.write(found)
    }

    /// The text of an item as it is, or made safe for a terminal; an item without text as JSON.
    private static func whole(_ item: Item, isTerminal: Bool) -> [UInt8] {
        let text = ItemText(item).whole ?? String(decoding: item.raw, as: UTF8.self)
        let line = text.hasSuffix("\n") ? text : text + "\n"
        return Array((isTerminal ? line.marked : line).utf8)
    }

    /// The repository whose latest session is meant.
    private func place(_ environment: [String: String]) throws -> String? {
        do throws(RepositoryError) {
            return try GitRepository(discovering: repo, environment: environment).workingDirectory
        } catch {
            throw Refusal("\(error.description), or name the session: graft sessions --all lists them")
        }
    }
}
