/// Where tools come from that are not known at the start, such as a server that takes a while to begin.
public protocol ToolSource: Sendable {
    /// The name of its namespace.
    var name: String { get }
    /// Whether the first request waits for its tools.
    var isAwaited: Bool { get }

    /// The lists of tools, each in the place of the one before; the first is the answer of the start, and an empty one
    /// says that there are none. The sequence ends within the source's own limit if nothing comes.
    func lists() -> AsyncStream<[any Tool]>

    /// Ends what was started.
    func close() async
}
