import Glibc
import Repository
public import Sandbox
import Session
import Terminal
import Text

/// The interactive review of a session on the terminal of this process.
@MainActor
public final class TerminalReview {
    /// How a review ended.
    public enum Ending: Sendable, Hashable {
        /// The reviewer left it; so many commits are pending.
        case left(pending: Int, of: Int)
        /// A signal ended it, or the terminal went away.
        case stopped(signal: Int32)
    }

    let model: ReviewModel
    private let device: TerminalDevice
    let signals: TerminalSignals
    let editor: Editor
    let messages: MessageFile
    var machine: ReviewMachine
    private var writer: ScreenWriter
    private var decoder = KeyDecoder()
    var ending: Ending?

    /// Reads the series; nil if standard input or output is not a terminal that can show screens.
    ///
    /// - Throws: `ReviewError` and `RepositoryError` if the series cannot be read.
    public init?(
        _ session: ReviewSession, environment: [String: String], sandbox: SandboxMode = .auto
    ) throws {
        let style = TerminalStyle(descriptor: STDOUT_FILENO, environment: environment)
        guard style.isLive else { return nil }
        guard let device = TerminalDevice(), let signals = TerminalSignals() else { return nil }
        model = ReviewModel(session, sandbox: sandbox)
        editor = Editor(environment: environment, configured: session.repository.configuredEditor)
        messages = MessageFile(folder: session.summary.folder.path)
        machine = ReviewMachine(try model.overview(), size: device.size)
        writer = ScreenWriter(hasColor: style.hasColor)
        self.device = device
        self.signals = signals
    }

    /// Shows the review until the reviewer leaves it; the terminal is then as it was.
    ///
    /// - Throws: What an action throws that no view knows, which is a bug.
    public func run() async throws -> Ending {
        signals.waitForForeground()
        device.enter()
        defer { device.leave() }
        while true {
            draw()
            if let ending { return ending }
            for input in waitForInput() {
                for effect in machine.handle(input) { try await carryOut(effect) }
            }
        }
    }

    func draw() {
        guard device.write(writer.update(to: machine.screen)) else {
            ending = .stopped(signal: SIGHUP)
            return
        }
    }

    /// Waits for keys or signals; returns the keys.
    private func waitForInput() -> [Key] {
        var sources = [
            pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&sources, 2, decoder.isAmbiguous ? 50 : -1)
        if count == 0 { return decoder.settle() }
        for signal in signals.received() { take(signal) }
        guard ending == nil, sources[0].revents != 0 else { return [] }
        return readKeys()
    }

    func readKeys() -> [Key] {
        guard let bytes = device.read() else {
            ending = .stopped(signal: SIGHUP)
            return []
        }
        return decoder.keys(from: bytes)
    }

    func take(_ signal: Int32) {
        switch signal {
        case SIGWINCH:
            machine.resize(to: device.size)
            // Terminals move or drop lines when they change their size.
            writer.forget()
        case SIGTSTP:
            device.leave()
            signals.suspend()
            retakeScreen()
        case SIGCONT: retakeScreen()
        case SIGCHLD: break
        default: ending = .stopped(signal: signal)
        }
    }

    /// Takes the screen after something else had it.
    private func retakeScreen() {
        signals.waitForForeground()
        device.enter()
        writer.forget()
        machine.resize(to: device.size)
    }

    private func carryOut(_ effect: ReviewEffect) async throws {
        guard ending == nil else { return }
        switch effect {
        case .quit: ending = .left(pending: machine.overview.pendingCount, of: machine.overview.entries.count)
        case .redraw:
            machine.refresh(try model.overview())
            retakeScreen()
        case .load(let id): try load(id)
        case .open(let path, let line): open(path, line)
        case .perform(let action):
            for effect in try await perform(action) { try await carryOut(effect) }
        }
    }

    private func load(_ id: String) throws {
        do {
            machine.loaded(try model.diff(of: id), of: id)
        } catch {
            machine.status = StyledLine(try ReviewModel.reason(error).markedLine, .bad)
        }
    }

    private func open(_ path: String, _ line: Int) {
        let file = model.session.repository.workingDirectory + "/" + path
        guard access(file, F_OK) == 0 else {
            machine.status = StyledLine(
                "\(path.markedLine) is not in your checkout yet: accept the commit first", .warning)
            return
        }
        switch edit(editor.arguments(path: file, line: line)) {
        case .saved:
            machine.status = StyledLine("opened \(path.markedLine) as it is in your checkout", .faint)
        case .failed(let reason): machine.status = StyledLine(reason.markedLine, .bad)
        }
    }

    /// Runs the editor on the normal screen.
    func edit(_ arguments: [String]) -> Editor.Ending {
        device.leave()
        var result = Editor.Ending.saved
        signals.lend {
            result = editor.run(arguments) {
                signals.wait()
                return stops()
            }
        }
        // Keys and signals that came meanwhile were meant for the editor.
        _ = stops()
        tcflush(0, TCIFLUSH)
        decoder = KeyDecoder()
        retakeScreen()
        return result
    }

    /// The signals that end the review, also while something else has the terminal.
    private func stops() -> [Int32] {
        let stops = signals.received().filter { $0 == SIGTERM || $0 == SIGHUP }
        if let stop = stops.first { ending = .stopped(signal: stop) }
        return stops
    }
}
