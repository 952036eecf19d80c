import ArgumentParser
import Glibc
import JSONRPC
import OS
import Terminal

/// `graft mcp serve`: Graft as a server of the Model Context Protocol.
struct MCPServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Be an MCP server on standard input and output, for editors and other agents.",
        discussion: """
            Offers the tools fix, run, ask, resume and review, and codex and codex-reply for clients that know those. \
            Each call is a graft of its own; cancelling it stops that as ctrl-C does.
            """)

    func run() async throws {
        let service = MCPService(environment: ProcessEnvironment.current)
        Signals.handle { _, _ in Task { await service.end() } }
        // Reading blocks, and has a thread for it.
        CommandThread.start {
            var splitter = LineSplitter(limit: 16 << 20)
            var buffer = [UInt8](repeating: 0, count: 64 * 1024)
            let (pieces, feed) = AsyncStream<LineSplitter.Piece>.makeStream()
            Task {
                for await piece in pieces { await service.take(piece) }
                await service.end()
            }
            while true {
                let count = read(STDIN_FILENO, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                for piece in splitter.feed(Array(buffer[..<count])) { feed.yield(piece) }
            }
            feed.finish()
        }
        await service.untilEnd()
    }
}
