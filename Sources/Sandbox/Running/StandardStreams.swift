import Glibc
import OS

/// How a command's standard streams are connected.
public enum CommandConnection: Sendable, Equatable {
    /// Empty input, separate output and errors.
    case apart
    /// Writable input, output and errors joined in order.
    case together
    /// Writable input, separate output and errors.
    case pipes
    /// As `together`, through a terminal of this size.
    case terminal(columns: UInt16, rows: UInt16)
}

/// Both ends of a command's standard streams.
struct StandardStreams {
    let child: CommandStreams
    /// The end for the command's input; nil for an empty input.
    let input: Descriptor?
    let output: Descriptor
    let errors: Descriptor?

    init(_ connection: CommandConnection) throws(SystemError) {
        switch connection {
        case .apart:
            let null = try Descriptor(opening: "/dev/null", O_RDONLY)
            let (out, err) = (try Pipe(), try Pipe())
            child = CommandStreams(input: null, output: out.writing, error: err.writing)
            (input, output, errors) = (nil, out.reading, err.reading)
        case .together:
            let (entry, out) = (try Pipe(own: .writing), try Pipe())
            child = CommandStreams(input: entry.reading, output: out.writing, error: out.writing)
            (input, output, errors) = (entry.writing, out.reading, nil)
        case .pipes:
            let (entry, out, err) = (try Pipe(own: .writing), try Pipe(), try Pipe())
            child = CommandStreams(input: entry.reading, output: out.writing, error: err.writing)
            (input, output, errors) = (entry.writing, out.reading, err.reading)
        case .terminal(let columns, let rows):
            let terminal = try PseudoTerminal(columns: columns, rows: rows)
            child = CommandStreams(input: terminal.far, output: terminal.far, error: terminal.far)
            (input, output, errors) = (terminal.near, terminal.near, nil)
        }
    }
}
