import JSON

/// What is known of the browser's pages, from its events; pure.
struct PageBook: Sendable {
    /// What is to be sent because of an event, to a page, or to the browser where the session is nil.
    struct Reaction: Sendable {
        let command: ProtocolCommand
        let session: String?
    }

    /// How questions of pages are answered until something else is said.
    struct DialogAnswer: Sendable, Equatable {
        var accepts = false
        var text: String?
    }

    /// A question, an alert or a prompt that a page has shown.
    struct Dialog: Sendable, Equatable {
        let kind: String
        let text: String
        let isAccepted: Bool
    }

    /// A file that a page has sent to be kept.
    struct Download: Sendable, Equatable {
        let id: String
        let name: String
        var state = "begun"
        var path: String?
    }

    private static let mostTabs = 20
    /// After more dialogs in one step the page is closed: its script does not end in between.
    private static let mostDialogs = 20
    private static let mostKept = 30
    private static let longestText = 500
    private static let largestDownload = 100 << 20

    let viewport: Viewport
    private(set) var tabs: [Tab] = []
    /// The session of the page that is seen and gets the input; nil while there is none.
    private(set) var active: String?
    var answer = DialogAnswer()
    /// What the pages have shown, asked and sent; the last ones.
    private(set) var dialogs: [Dialog] = []
    private(set) var downloads: [Download] = []
    private(set) var troubles: [String] = []
    /// What the model has not been told yet; holds no text of a page.
    private(set) var remarks: [String] = []
    /// The dialogs since the step began.
    private var dialogsInStep = 0
    /// The pages that are about to be opened.
    private var openingCount = 0

    init(viewport: Viewport) {
        self.viewport = viewport
    }

    /// The page that is seen.
    var tab: Tab? { tabs.first { $0.session == active } }

    /// Whether a page is about to come to the front.
    var isOpening: Bool { openingCount > 0 }

    /// Begins a step.
    mutating func beginStep() { (dialogsInStep, openingCount) = (0, 0) }

    /// Notes something to tell the model, once.
    mutating func remark(_ text: String) {
        if !remarks.contains(text), remarks.count < Self.mostKept { remarks.append(text) }
    }

    /// What the model has not been told yet.
    mutating func takeRemarks() -> [String] {
        defer { remarks = [] }
        return remarks
    }

    /// Changes a page.
    mutating func update(_ session: String?, _ change: (inout Tab) -> Void) {
        if let index = tabs.firstIndex(where: { $0.session == session }) { change(&tabs[index]) }
    }

    /// Shows the page so many tabs further, or back.
    mutating func turn(by count: Int) -> [Reaction] {
        guard let index = tabs.firstIndex(where: { $0.session == active }), !tabs.isEmpty else { return [] }
        let next = ((index + count) % tabs.count + tabs.count) % tabs.count
        return show(tabs[next].session)
    }

    /// Takes an event, and says what is to be sent.
    mutating func take(
        _ event: ProtocolEvent, of session: String?, at now: ContinuousClock.Instant
    ) -> [Reaction] {
        switch event {
        case .attached(let new, let target, let opener):
            return attach(Tab(session: new, target: target, opener: opener))
        case .detached(let old): return detach(old)
        case .opening: openingCount += 1
        case .crashed:
            update(session) { $0.isCrashed = true }
            remark("the page has crashed; open_page opens another one")
        case .navigated(let frame, let address):
            update(session) {
                ($0.frame, $0.address, $0.isCrashed) = (frame, address, false)
                ($0.requests, $0.chooser) = ([:], nil)
            }
        case .startedLoading(let frame): update(session) { if $0.frame == frame { $0.isLoading = true } }
        case .stoppedLoading(let frame): update(session) { if $0.frame == frame { $0.isLoading = false } }
        case .dialog(let kind, let text): return answerDialog(kind, text, of: session)
        case .fileChooser(let node, let takesSeveral):
            update(session) {
                $0.chooser = node.map { Tab.FileChooser(node: $0, takesSeveral: takesSeveral) }
            }
            remark("the page asks for a file; answer_page gives it files, until then it has none")
        case .dragged(let data): update(session) { $0.dragged = data }
        case .requestStarted(let id, let kind):
            guard ["XHR", "Fetch", "Script", "Stylesheet", "Image", "Font", "Document"].contains(kind) else { break }
            update(session) { if $0.requests.count < 500 { $0.requests[id] = now } }
        case .requestEnded(let id): update(session) { $0.requests[id] = nil }
        case .downloadBegan, .downloadWent: return takeDownload(event)
        case .trouble(let text): Self.keep(String(text.prefix(Self.longestText)), in: &troubles)
        }
        return []
    }

    private mutating func attach(_ tab: Tab) -> [Reaction] {
        let setUp = ProtocolCommand.setUp(viewport).map { Reaction(command: $0, session: tab.session) }
        guard tabs.count < Self.mostTabs else {
            remark("the page opens more than \(Self.mostTabs) others; further ones are closed at once")
            return setUp + [Reaction(command: .closeTab(tab.target), session: nil)]
        }
        tabs.append(tab)
        return setUp
    }

    /// Shows a page that has taken what it is told first.
    mutating func ready(_ session: String) -> [Reaction] {
        guard let tab = tabs.first(where: { $0.session == session }) else { return [] }
        openingCount = max(0, openingCount - 1)
        if tab.opener != nil { remark("the page has opened another one, which is seen now; CTRL+W closes it") }
        return show(session)
    }

    private mutating func detach(_ session: String) -> [Reaction] {
        guard let index = tabs.firstIndex(where: { $0.session == session }) else { return [] }
        let old = tabs.remove(at: index)
        guard active == session else { return [] }
        active = nil
        guard let next = tabs.first(where: { $0.target == old.opener }) ?? tabs.last else {
            return [Reaction(command: .openTab("about:blank"), session: nil)]
        }
        remark("the page has been closed; another one is seen now")
        return show(next.session)
    }

    private mutating func show(_ session: String) -> [Reaction] {
        active = session
        return [Reaction(command: .bringToFront, session: session)]
    }

    /// Nobody may wait for an answer: the page stands still meanwhile, and cannot be seen.
    private mutating func answerDialog(_ kind: String, _ text: String, of session: String?) -> [Reaction] {
        // A page is left and an alert is read whatever is said of questions.
        let accepts = kind == "alert" || kind == "beforeunload" || answer.accepts
        let given = kind == "prompt" && accepts ? answer.text : nil
        Self.keep(Dialog(kind: kind, text: String(text.prefix(Self.longestText)), isAccepted: accepts), in: &dialogs)
        dialogsInStep += 1
        let reaction = Reaction(command: .answerDialog(accepts, text: given), session: session)
        if dialogsInStep > Self.mostDialogs, let tab = tabs.first(where: { $0.session == session }) {
            remark("the page asked without end, and was closed")
            return [Reaction(command: .closeTab(tab.target), session: nil), reaction]
        }
        switch kind {
        case "alert": remark("the page showed an alert, which was closed; read_page has its text")
        case "beforeunload": break
        default:
            let done = accepts ? "accepted" : "dismissed; answer_page says how the next ones are answered"
            remark("the page asked a question (\(kind)), which was \(done); read_page has its text")
        }
        return [reaction]
    }

    private mutating func takeDownload(_ event: ProtocolEvent) -> [Reaction] {
        switch event {
        case .downloadBegan(let id, let name):
            Self.keep(Download(id: id, name: String(name.prefix(200))), in: &downloads)
            remark("the page sent a file to be kept; read_page says where it is")
        case .downloadWent(let id, let state, let byteCount, let path):
            guard let index = downloads.firstIndex(where: { $0.id == id }) else { break }
            downloads[index].state = state
            downloads[index].path = path ?? downloads[index].path
            guard byteCount > Self.largestDownload, state == "inProgress" else { break }
            remark("a file that the page sent is over 100 MB and was not kept")
            return [Reaction(command: .cancelDownload(id), session: nil)]
        default: break
        }
        return []
    }

    private static func keep<Element>(_ element: Element, in list: inout [Element]) {
        list.append(element)
        if list.count > mostKept { list.removeFirst() }
    }
}
