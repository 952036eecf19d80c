import Synchronization

/// Takes several report files as one stream of bytes, each with a mark behind it, and reads them as they come.
final class ReportStream: Sendable {
    /// What stands behind each file. It is made up after the files were written, so that none of them can hold it.
    let mark: String

    private struct State {
        var pending: [UInt8] = []
        var index = 0
        var file: ReportFile?
        var length = 0
        var collection: [(results: ReportResults, format: String)] = []
        var notices: [String] = []
    }

    private let paths: [String]
    private let byteLimit: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - paths: The files in their order, as messages name them.
    ///   - byteLimit: The most bytes of one.
    init(_ paths: [String], byteLimit: Int) {
        self.paths = paths
        self.byteLimit = byteLimit
        var random = SystemRandomNumberGenerator()
        mark = (0..<2).map { _ in "graft-" + String(random.next(), radix: 16) }.joined()
    }

    /// Takes the next piece.
    func take(_ bytes: [UInt8]) {
        let mark = Array(mark.utf8)
        state.withLock { state in
            state.pending += bytes
            while let place = Self.find(mark, in: state.pending) {
                feed(state.pending[..<place], &state)
                state.pending.removeFirst(place + mark.count)
                endFile(&state)
            }
            // The mark may have begun at the end.
            let whole = state.pending.count - mark.count + 1
            guard whole > 0 else { return }
            feed(state.pending[..<whole], &state)
            state.pending.removeFirst(whole)
        }
    }

    /// Gives what was read; a file whose mark has not come is one that could not be read to its end.
    func finish(into outcome: inout ReportSearch.Outcome) {
        state.withLock { state in
            if state.file != nil {
                state.file?.breakOff("could not be read to its end")
                endFile(&state)
            }
            for (results, format) in state.collection { outcome.reports.add(results, format: format) }
            outcome.notices += state.notices
            state = State()
        }
    }

    private func feed(_ bytes: ArraySlice<UInt8>, _ state: inout State) {
        guard state.index < paths.count, !bytes.isEmpty else { return }
        let file = state.file ?? ReportFile(path: paths[state.index])
        state.file = file
        let room = max(0, byteLimit - state.length)
        file.read(bytes.prefix(room))
        state.length += bytes.count
        if bytes.count > room { file.breakOff("has grown too large while it was read; its end is left out") }
    }

    private func endFile(_ state: inout State) {
        guard state.index < paths.count else { return }
        let file = state.file ?? ReportFile(path: paths[state.index])
        let (results, format) = file.finish()
        if let format { state.collection.append((results, format)) }
        if let trouble = file.trouble { state.notices.append("the report \(file.path) \(trouble)") }
        (state.file, state.length) = (nil, 0)
        state.index += 1
    }

    private static func find(_ mark: [UInt8], in bytes: [UInt8]) -> Int? {
        var rest = bytes[...]
        while let start = rest.firstIndex(of: mark[0]) {
            rest = rest[start...]
            if rest.starts(with: mark) { return start }
            rest = rest.dropFirst()
        }
        return nil
    }
}
