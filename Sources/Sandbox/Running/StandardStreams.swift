import CSpawn
import Glibc

/// How a command's standard streams are connected.
public enum CommandConnection: Sendable, Equatable {
    /// Input is empty, output and errors come apart.
    case apart
    /// Input can be written, output and errors come together in the order they were made.
    case together
    /// As `together`, through a terminal of this size.
    case terminal(columns: UInt16, rows: UInt16)
}

/// Both ends of a command's standard streams.
struct StandardStreams {
    let child: CommandStreams
    /// Where to write the command's input; nil when it is empty.
    let input: Descriptor?
    let output: Descriptor
    let errors: Descriptor?

    init(_ connection: CommandConnection) throws(LaunchFailure) {
        switch connection {
        case .apart:
            let null = Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC))
            guard null.raw >= 0 else { throw LaunchFailure("cannot open /dev/null", errno) }
            let (out, err) = (try Pipe(), try Pipe())
            child = CommandStreams(input: null, output: out.writing, error: err.writing)
            (input, output, errors) = (nil, out.reading, err.reading)
        case .together:
            var ends: [Int32] = [-1, -1]
            guard graft_input_pipe(&ends) == 0 else { throw LaunchFailure("cannot make a pipe", errno) }
            let out = try Pipe()
            child = CommandStreams(input: Descriptor(ends[0]), output: out.writing, error: out.writing)
            (input, output, errors) = (Descriptor(ends[1]), out.reading, nil)
        case .terminal(let columns, let rows):
            var ends: [Int32] = [-1, -1]
            guard graft_terminal(&ends, columns, rows) == 0 else {
                throw LaunchFailure("cannot make a terminal", errno)
            }
            let (near, far) = (Descriptor(ends[0]), Descriptor(ends[1]))
            child = CommandStreams(input: far, output: far, error: far)
            (input, output, errors) = (near, near, nil)
        }
    }
}
