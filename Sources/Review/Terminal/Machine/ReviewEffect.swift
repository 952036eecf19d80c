import Repository
import Terminal

/// An effect that the view asks for.
enum ReviewEffect: Sendable, Hashable {
    /// Read what a commit changes.
    case load(String)
    /// Change or check the series.
    case perform(ReviewAction)
    /// Open a file of the checkout in the editor at a line.
    case open(path: String, line: Int)
    /// Draw the whole screen again.
    case redraw
    /// Leave; the state is on disk.
    case quit
}

/// A change of the series, or a check.
enum ReviewAction: Sendable, Hashable {
    case accept(String)
    case drop(String)
    /// Ask for a message in the editor and give it to the commit.
    case reword(String)
    case squash(String)
    /// Put pieces into a commit of their own, whose message is asked for in the editor.
    case split(String, pieces: Set<Int>)
    case verify(String)
    case undo
}

/// The outcome of an action.
struct ReviewOutcome: Sendable {
    /// One line that says what happened, and how to undo it.
    var message: String
    /// Whether the action was done.
    let isDone: Bool
    /// More to read: hunks in conflict, output of a command.
    var details: [StyledLine] = []
    /// The series as it is now.
    let overview: ReviewOverview
}
