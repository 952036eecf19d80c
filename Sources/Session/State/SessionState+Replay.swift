extension SessionState {
    /// Folds a journal as far as it is whole: a last line that a crash has torn is left out.
    ///
    /// - Parameter folder: Where the session lies now; earlier versions did not write that, and it may have been moved.
    /// - Returns: The state, and how many bytes of the journal are whole lines.
    static func replay(_ journal: JournalFile, in folder: SessionFolder) -> (state: SessionState, byteCount: Int) {
        var state = SessionState()
        var byteCount = 0
        journal.forEachLine { raw in
            byteCount += raw.count + 1
            // A line that is none, torn and closed by a later one, tells nothing.
            guard let line = JournalLine(raw) else { return true }
            var event = line.event
            if case .threadStarted(var thread) = event {
                thread.folder = folder.path
                event = .threadStarted(thread)
            }
            state.apply(event, at: line.time)
            return true
        }
        return (state, byteCount)
    }
}
