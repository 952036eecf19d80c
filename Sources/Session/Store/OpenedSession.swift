/// A session that is opened to go on: this process alone may write to it until its journal is closed.
public struct OpenedSession: Sendable {
    /// Its name.
    public let id: SessionID
    /// Where its files are.
    public let folder: SessionFolder
    /// What has happened in it.
    public let state: SessionState
    /// Its journal, at the end.
    public let journal: Journal
    /// The number of the first line of the journal that is no event, from 1; nil if the journal is whole.
    public let damagedLine: Int?
}
