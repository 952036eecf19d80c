import JSON

/// What the browser tells without being asked, as far as Graft follows it.
enum ProtocolEvent: Sendable {
    case attached(session: String, target: String, opener: String?)
    case detached(session: String)
    /// The page is about to open another one.
    case opening
    case crashed
    case navigated(frame: String, address: String)
    case startedLoading(frame: String)
    case stoppedLoading(frame: String)
    case dialog(kind: String, text: String)
    case fileChooser(node: Int?, takesSeveral: Bool)
    case dragged(data: JSON)
    case requestStarted(id: String, kind: String)
    case requestEnded(id: String)
    case downloadBegan(id: String, name: String)
    case downloadWent(id: String, state: String, byteCount: Int, path: String?)
    /// An error that the page's console shows.
    case trouble(String)

    /// Reads an event; nil for one that says nothing of use.
    init?(_ method: String, _ parameters: JSON?) {
        func text(_ name: String) -> String { parameters?[name]?.string ?? "" }
        switch method {
        case "Target.attachedToTarget":
            guard let target = parameters?["targetInfo"], target["type"]?.string == "page" else { return nil }
            self = .attached(
                session: text("sessionId"), target: target["targetId"]?.string ?? "",
                opener: target["openerId"]?.string)
        case "Target.detachedFromTarget": self = .detached(session: text("sessionId"))
        case "Page.windowOpen": self = .opening
        case "Inspector.targetCrashed": self = .crashed
        case "Page.frameNavigated":
            // Frames inside of the page are its own matter.
            guard let frame = parameters?["frame"], frame["parentId"] == nil else { return nil }
            self = .navigated(frame: frame["id"]?.string ?? "", address: frame["url"]?.string ?? "")
        case "Page.frameStartedLoading": self = .startedLoading(frame: text("frameId"))
        case "Page.frameStoppedLoading": self = .stoppedLoading(frame: text("frameId"))
        case "Page.javascriptDialogOpening": self = .dialog(kind: text("type"), text: text("message"))
        case "Page.fileChooserOpened":
            self = .fileChooser(
                node: parameters?["backendNodeId"]?.int, takesSeveral: text("mode") == "selectMultiple")
        case "Input.dragIntercepted":
            guard let data = parameters?["data"] else { return nil }
            self = .dragged(data: data)
        case "Network.requestWillBeSent": self = .requestStarted(id: text("requestId"), kind: text("type"))
        case "Network.loadingFinished", "Network.loadingFailed": self = .requestEnded(id: text("requestId"))
        case "Browser.downloadWillBegin": self = .downloadBegan(id: text("guid"), name: text("suggestedFilename"))
        case "Browser.downloadProgress":
            self = .downloadWent(
                id: text("guid"), state: text("state"), byteCount: parameters?["receivedBytes"]?.int ?? 0,
                path: parameters?["filePath"]?.string)
        case "Runtime.exceptionThrown":
            let details = parameters?["exceptionDetails"]
            self = .trouble(details?["exception"]?["description"]?.string ?? details?["text"]?.string ?? "")
        case "Runtime.consoleAPICalled":
            guard text("type") == "error" else { return nil }
            let words = parameters?["args"]?.elements.map {
                $0["value"]?.string ?? $0["description"]?.string ?? $0["value"]?.rawText ?? ""
            }
            self = .trouble(words?.joined(separator: " ") ?? "")
        case "Log.entryAdded":
            guard let entry = parameters?["entry"], entry["level"]?.string == "error" else { return nil }
            // The browser asks for it by itself.
            guard entry["url"]?.string?.hasSuffix("/favicon.ico") != true else { return nil }
            let place = entry["url"]?.string.map { " (\($0))" } ?? ""
            self = .trouble((entry["text"]?.string ?? "") + place)
        default: return nil
        }
    }
}
