extension SessionState {
    /// Folds a journal as far as it is whole: a last line that a crash has torn is left out.
    ///
    /// - Parameter folder: Where the session lies now; earlier versions did not write that, and it may have been moved.
    /// - Returns: The state, how many bytes of the journal are whole lines, and the number of the first line that is no
    ///   event.
    static func replay(
        _ journal: JournalFile, in folder: SessionFolder
    ) -> (state: SessionState, byteCount: Int, damagedLine: Int?) {
        var state = SessionState()
        var (byteCount, lineCount) = (0, 0)
        var damagedLine: Int?
        journal.forEachLine { raw in
            byteCount += raw.count + 1
            lineCount += 1
            guard let line = JournalLine(raw) else {
                damagedLine = damagedLine ?? lineCount
                return true
            }
            var event = line.event
            if case .threadStarted(var thread) = event {
                thread.folder = folder.path
                event = .threadStarted(thread)
            }
            state.apply(event, at: line.time)
            return true
        }
        return (state, byteCount, damagedLine)
    }
}
