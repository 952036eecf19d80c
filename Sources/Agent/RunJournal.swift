public import Session

/// Where a run takes note of what happens: the journal, or a list in a test.
protocol RunJournal: EventSink {
    /// Why the log could not be written, if it could not.
    var failure: SessionError? { get }

    /// What the events so far add up to.
    var state: SessionState { get }

    /// Asks for what has been recorded to reach the disk, without waiting for it.
    func sync()
}

extension Journal: RunJournal {}
