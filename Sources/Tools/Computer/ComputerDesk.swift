import Browser
import Responses
public import Sandbox
import Session
import Text

/// The browser of a run, which is started by the first call that needs it, and what is kept of its use.
public actor ComputerDesk {
    /// The most actions of a run, where nothing else is said.
    public static let usualLimit = 200
    /// The most actions of one call: what goes wrong is seen after it.
    static let mostAtOnce = 50
    private static let mostStarts = 4

    private let actionLimit: Int
    /// Whether an earlier process of the session has had a browser.
    private let isResumed: Bool
    private var browser: Browser?
    private var starts = 0
    private var actionCount = 0
    private var pictures: PictureFolder?

    /// Makes a desk without a browser.
    ///
    /// - Parameters:
    ///   - actionLimit: The most actions of the run; nil for the usual number.
    ///   - isResumed: Whether an earlier process of the session has had a browser.
    public init(actionLimit: Int? = nil, isResumed: Bool = false) {
        self.actionLimit = actionLimit ?? Self.usualLimit
        self.isResumed = isResumed
    }

    /// Makes sure that there is a browser on this machine; nothing is started.
    ///
    /// - Throws: `ToolRefusal` with a line that says how to install one.
    public static func checkBrowser(environment: [String: String]) throws(ToolRefusal) {
        do throws(BrowserError) {
            _ = try BrowserProgram(searchPath: environment["PATH"] ?? "")
        } catch { throw ToolRefusal(error.message) }
    }

    /// Why no browser runs in a sandbox, or not to its full use; nil if it does.
    public static func obstacle(in sandbox: Sandbox) -> String? {
        switch sandbox.rung {
        case .landlock: "in this machine's sandbox (landlock) no browser runs; see: graft doctor"
        case .bubblewrap where sandbox.policy.network != .all:
            "in this machine's sandbox (bubblewrap) the browser does not reach servers of start_command"
        default: nil
        }
    }

    /// Ends the browser, if there is one.
    func close() async {
        await browser?.stop()
        browser = nil
    }

    /// What came of actions.
    struct Outcome: Sendable {
        var picture: Screenshot
        /// The picture's path in the session's folder; nil if it could not be kept.
        var path: String?
        /// What is told beside the picture; nil if the picture says all.
        var note: String?
    }

    /// Does actions in order, and takes a picture; one that cannot be done ends them, and is told.
    ///
    /// - Throws: `ToolRefusal` if nothing was done, or nothing can be seen.
    func perform(_ actions: [ComputerAction], in context: ToolContext) async throws(ToolRefusal) -> Outcome {
        guard actions.count <= Self.mostAtOnce else {
            throw ToolRefusal("nothing was done: \(Self.mostAtOnce) actions are the most in a call; look in between")
        }
        guard actionCount + actions.count <= actionLimit else {
            throw ToolRefusal(
                "nothing was done: \(actionLimit) actions on the screen are the most of a run "
                    + "([tools.computer] max_actions), and \(actionCount) are done; go on without the screen")
        }
        actionCount += actions.count
        let browser = try await running(in: context)
        var notes: [String] = []
        do throws(BrowserError) {
            for (index, action) in actions.enumerated() {
                do throws(BrowserError) { try await browser.perform(action) } catch {
                    guard error.code != .ended, error.code != .interrupted else { throw error }
                    let left = actions.count - index - 1
                    notes.append(
                        "action \(index + 1) was not done: \(error.message)"
                            + (left > 0 ? "; nor were the \(left) after it" : ""))
                    break
                }
            }
            let picture = try await browser.screenshot()
            notes += await browser.takeRemarks()
            let path = keep(picture, in: context)
            return Outcome(picture: picture, path: path, note: notes.isEmpty ? nil : notes.joined(separator: ". "))
        } catch { throw Self.refusal(error) }
    }

    /// Does something else with the browser, and says what came of it with what is to be told.
    func use(
        in context: ToolContext, _ body: (Browser) async throws(BrowserError) -> String
    ) async throws(ToolRefusal) -> String {
        for isFirst in [true, false] {
            let browser = try await running(in: context)
            do throws(BrowserError) {
                let text = try await body(browser)
                let remarks = await browser.takeRemarks().map { "[\($0)]\n" }.joined()
                return remarks.isEmpty ? text : text + "\n" + remarks
            } catch {
                // That it had ended may have been found only now.
                guard isFirst, error.code == .ended else { throw Self.refusal(error) }
            }
        }
        throw ToolRefusal("the browser has ended")
    }

    /// The browser; a new one if there is none or it has ended.
    private func running(in context: ToolContext) async throws(ToolRefusal) -> Browser {
        if let browser, browser.ending == nil { return browser }
        let sandbox = context.shell.sandbox
        let obstacle = Self.obstacle(in: sandbox)
        guard sandbox.rung != .landlock else { throw ToolRefusal(obstacle ?? "no browser runs here") }
        guard starts < Self.mostStarts else {
            throw ToolRefusal("the browser has ended \(starts) times, and is not started again; go on without it")
        }
        starts += 1
        let hasEnded = browser != nil
        await browser?.stop()
        browser = nil
        do throws(BrowserError) {
            let program = try BrowserProgram(searchPath: context.shell.environment["PATH"] ?? "")
            let new = try await Browser.start(program, in: sandbox, environment: context.shell.environment)
            browser = new
            if hasEnded {
                await new.remark("the browser had ended; this is a new one with an empty page")
            } else if isResumed, starts == 1 {
                await new.remark("the session was stopped meanwhile; this is a new browser with an empty page")
            }
            if let obstacle { await new.remark(obstacle) }
            return new
        } catch { throw Self.refusal(error) }
    }

    /// Keeps a picture for people; the model has it anyway.
    private func keep(_ picture: Screenshot, in context: ToolContext) -> String? {
        if pictures == nil { pictures = PictureFolder(context.shell.folder) }
        do throws(ToolRefusal) {
            return try pictures?.add(picture.bytes, fileExtension: picture.fileExtension)
        } catch {
            context.events.record(.notice(error.message))
            return nil
        }
    }

    private static func refusal(_ error: BrowserError) -> ToolRefusal {
        ToolRefusal(error.code == .ended ? "\(error.message); the next call starts another one" : error.message)
    }
}
