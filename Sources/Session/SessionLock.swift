import Glibc

/// The right to change a session's folder or take it away: the lock that a run holds on its journal (flock(2)).
///
/// The system gives a lock back when the process that has it ends, however it ends. That tells a session that runs
/// from one that has died, and numbers of processes that are used again cannot mislead.
public final class SessionLock: Sendable {
    private let descriptors: [Int32]

    /// Takes the lock until the value goes away; nil when somebody else has it or nobody can say.
    ///
    /// A folder without a journal may belong to a session that is about to begin: it is left alone for a minute. A
    /// review that changes something counts by the lock that it has of its own.
    public init?(folder: String) {
        var descriptors: [Int32] = []
        var isFree = true
        for name in ["journal.jsonl", "review.lock"] {
            let descriptor = open("\(folder)/\(name)", O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            descriptors.append(descriptor)
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { isFree = false }
        }
        var state = stat()
        if descriptors.isEmpty, lstat(folder, &state) == 0, time(nil) - state.st_mtim.tv_sec < 60 { isFree = false }
        guard isFree else {
            for descriptor in descriptors { close(descriptor) }
            return nil
        }
        self.descriptors = descriptors
    }

    /// Keeps the folder from being taken away until the value goes away, beside others who do the same.
    ///
    /// Nil when the session's run has the lock, which keeps the folder as well, and when there is nothing to lock.
    public init?(sharing folder: String) {
        let descriptor = open("\(folder)/journal.jsonl", O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        descriptors = [descriptor]
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }
}
