import Glibc
import OS
import Session
import Synchronization

/// By how much the files of a session have grown, measured on a thread of its own while the model works.
///
/// Nothing waits for a measurement: a limit is kept with what is known. Files are counted only when the file system has
/// less room than it had the last time, or a part of the limit has been used anyway.
final class DiskMeter: Sendable {
    private struct State {
        var base: Int?
        var growth = 0
        var freeBlocks: UInt?
        var isMeasuring = false
    }

    /// So many files and folders are counted; in a larger tree growth is seen at the top first.
    private static let entryLimit = 200_000

    private let folders: [String]
    private let freeBlocks: @Sendable ([String]) -> UInt?
    private let start: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let state = Mutex(State())

    /// Measures what is there before the work begins.
    ///
    /// - Parameters:
    ///   - folders: The session's folder, and the tree if it lies elsewhere.
    ///   - freeBlocks: How much room the file systems have; nil where that is not to be known.
    ///   - start: Has a measurement run beside its caller.
    init(
        _ folders: [String], freeBlocks: @escaping @Sendable ([String]) -> UInt? = { DiskMeter.freeBlocks(of: $0) },
        start: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void = { CommandThread.start($0) }
    ) {
        self.folders = folders
        self.freeBlocks = freeBlocks
        self.start = start
        measure()
    }

    /// The bytes that have come since the beginning, as of the last measurement.
    var growth: Int { state.withLock { $0.growth } }

    /// Measures again, unless that is going on; does not wait.
    func measure() {
        let isFree = state.withLock { state in
            defer { state.isMeasuring = true }
            return !state.isMeasuring
        }
        guard isFree else { return }
        start { self.count() }
    }

    private func count() {
        let free = freeBlocks(folders)
        let isUnchanged = state.withLock { $0.base != nil && free != nil && $0.freeBlocks == free }
        let bytes = isUnchanged ? nil : folders.reduce(0) { $0 + FolderSize(of: $1, entryLimit: Self.entryLimit).bytes }
        state.withLock { state in
            state.isMeasuring = false
            guard let bytes else { return }
            let base = state.base ?? bytes
            (state.base, state.freeBlocks, state.growth) = (base, free, max(bytes - base, 0))
        }
    }

    /// The free blocks of the file systems that the folders are on; nil where that is not to be known.
    private static func freeBlocks(of folders: [String]) -> UInt? {
        var sum: UInt = 0
        for folder in folders {
            var information = statvfs()
            guard statvfs(folder, &information) == 0 else { return nil }
            sum &+= UInt(information.f_bfree)
        }
        return sum
    }
}
