import JSON

/// A command of the Chrome DevTools Protocol.
///
/// Each that Graft sends is made by one of the functions below; <https://chromedevtools.github.io/devtools-protocol/>
/// says what they do.
struct ProtocolCommand: Sendable {
    let method: String
    private let parameters: @Sendable (inout JSONWriter) -> Void

    init(_ method: String, _ parameters: @escaping @Sendable (inout JSONWriter) -> Void = { _ in }) {
        self.method = method
        self.parameters = parameters
    }

    /// The message, with the NUL that ends it.
    func message(id: Int, session: String?) -> [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member("id", id)
            $0.member("method", method)
            if let session { $0.member("sessionId", session) }
            $0.member("params", object: parameters)
        }
        return writer.bytes + [0]
    }
}

extension ProtocolCommand {
    /// Which browser it is.
    static let version = ProtocolCommand("Browser.getVersion")

    /// Has every page that there is, and every one that is opened, waits for its first commands, and is spoken to
    /// over this pipe.
    static let attachToPages = ProtocolCommand("Target.setAutoAttach") {
        $0.member("autoAttach", true)
        $0.member("waitForDebuggerOnStart", true)
        $0.member("flatten", true)
        $0.member(
            "filter",
            array: {
                $0.object {
                    $0.member("type", "page")
                    $0.member("exclude", false)
                }
                $0.object { $0.member("exclude", true) }
            })
    }

    static func keepDownloads(in folder: String) -> ProtocolCommand {
        ProtocolCommand("Browser.setDownloadBehavior") {
            $0.member("behavior", "allow")
            $0.member("downloadPath", folder)
            $0.member("eventsEnabled", true)
        }
    }

    static func cancelDownload(_ name: String) -> ProtocolCommand {
        ProtocolCommand("Browser.cancelDownload") { $0.member("guid", name) }
    }

    static func openTab(_ address: String) -> ProtocolCommand {
        ProtocolCommand("Target.createTarget") { $0.member("url", address) }
    }

    static func closeTab(_ target: String) -> ProtocolCommand {
        ProtocolCommand("Target.closeTarget") { $0.member("targetId", target) }
    }

    static let bringToFront = ProtocolCommand("Page.bringToFront")

    static func navigate(to address: String) -> ProtocolCommand {
        ProtocolCommand("Page.navigate") { $0.member("url", address) }
    }

    static func reload(ignoringCache: Bool) -> ProtocolCommand {
        ProtocolCommand("Page.reload") { $0.member("ignoreCache", ignoringCache) }
    }

    static let stopLoading = ProtocolCommand("Page.stopLoading")

    static let history = ProtocolCommand("Page.getNavigationHistory")

    static func navigate(toEntry entry: Int) -> ProtocolCommand {
        ProtocolCommand("Page.navigateToHistoryEntry") { $0.member("entryId", entry) }
    }

    /// Answers an alert, a question or a prompt.
    static func answerDialog(_ accepts: Bool, text: String?) -> ProtocolCommand {
        ProtocolCommand("Page.handleJavaScriptDialog") {
            $0.member("accept", accepts)
            if let text { $0.member("promptText", text) }
        }
    }

    static func chooseFiles(_ paths: [String], node: Int) -> ProtocolCommand {
        ProtocolCommand("DOM.setFileInputFiles") {
            $0.member("files", array: { for path in paths { $0.string(path) } })
            $0.member("backendNodeId", node)
        }
    }

    /// Ends the script that runs in the page.
    static let terminateScript = ProtocolCommand("Runtime.terminateExecution")

    /// Runs an expression in the page; a promise is waited for.
    static func evaluate(_ expression: String) -> ProtocolCommand {
        ProtocolCommand("Runtime.evaluate") {
            $0.member("expression", expression)
            $0.member("awaitPromise", true)
            $0.member("returnByValue", true)
        }
    }

    static func screenshot(_ format: ImageFormat) -> ProtocolCommand {
        ProtocolCommand("Page.captureScreenshot") {
            $0.member("format", format.rawValue)
            if format == .jpeg { $0.member("quality", 80) }
        }
    }

    /// What a page is told before it runs its first script, in this order.
    static func setUp(_ viewport: Viewport) -> [ProtocolCommand] {
        [
            ProtocolCommand("Page.enable"), ProtocolCommand("Runtime.enable"), ProtocolCommand("Log.enable"),
            ProtocolCommand("Network.enable") {
                // Nobody asks for the bodies.
                $0.member("maxTotalBufferSize", 0)
                $0.member("maxResourceBufferSize", 0)
            },
            ProtocolCommand("Emulation.setDeviceMetricsOverride") {
                $0.member("width", viewport.width)
                $0.member("height", viewport.height)
                $0.member("deviceScaleFactor", 1)
                $0.member("mobile", false)
            },
            ProtocolCommand("Emulation.setFocusEmulationEnabled") { $0.member("enabled", true) },
            ProtocolCommand("Page.setInterceptFileChooserDialog") { $0.member("enabled", true) },
        ]
    }

    /// Ends the wait for those.
    static let goOn = ProtocolCommand("Runtime.runIfWaitingForDebugger")
}

/// The forms of a screenshot.
enum ImageFormat: String, Sendable {
    case png, jpeg
}
