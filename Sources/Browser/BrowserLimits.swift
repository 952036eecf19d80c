/// How long the steps of a browser may take.
public struct BrowserLimits: Sendable {
    /// Until it answers for the first time.
    public var start: Duration = .seconds(30)
    /// Until a page takes a key or a click.
    public var input: Duration = .seconds(5)
    /// Until a server answers for a page.
    public var navigation: Duration = .seconds(15)
    /// Until a page that is there is loaded.
    public var load: Duration = .seconds(10)
    /// Until what a step has fetched is there.
    public var fetch: Duration = .milliseconds(1500)
    /// Until a page paints.
    public var frame: Duration = .seconds(1)
    /// How long the action "wait" takes.
    public var wait: Duration = .seconds(1)
    /// Until a screenshot is there.
    public var screenshot: Duration = .seconds(8)

    /// The usual ones.
    public init() {}
}
