import JSON
public import Sandbox

/// A headless browser in the session's sandbox, driven as by a person with mouse and keyboard.
///
/// Its pages reach what commands reach: servers that were started in the same sandbox, and hosts as the policy says.
/// One step at a time.
public actor Browser {
    private let process: PipedCommand
    nonisolated let link: DebuggingLink
    nonisolated let watch: PageWatch
    let viewport: Viewport
    let limits: BrowserLimits
    /// The working tree, as commands see it.
    let tree: String
    /// What is written in the address bar, which a headless browser does not have; nil unless it has the keys.
    var addressLine: AddressLine?
    /// Whether the page has come to rest since the last input.
    var isSettled = false
    /// Whether the page did not take the last input in time.
    var isStuck = false
    private var lastImage: Screenshot?
    /// Pages whose pictures are too large as PNG.
    private var prefersJPEG: Set<String> = []

    /// A larger picture is made again as JPEG; in base64, 300 KB.
    private static let largestPNG = 400_000
    private static let downloadFolder = "browser"

    private init(
        process: PipedCommand, link: DebuggingLink, watch: PageWatch, viewport: Viewport, limits: BrowserLimits,
        tree: String
    ) {
        self.tree = tree
        self.process = process
        self.link = link
        self.watch = watch
        self.viewport = viewport
        self.limits = limits
    }

    /// Starts a browser and waits until it has an empty page.
    ///
    /// - Throws: `.unavailable` with the browser's last words if it does not start.
    public static func start(
        _ program: BrowserProgram, in sandbox: Sandbox, environment: SandboxEnvironment,
        viewport: Viewport = .standard, limits: BrowserLimits = BrowserLimits()
    ) async throws(BrowserError) -> Browser {
        let folder = (sandbox.temporaryFolder ?? sandbox.policy.temporaryFolder ?? "/tmp") + "/" + downloadFolder
        let launch = BrowserLaunch(
            program: program, folder: folder, viewport: viewport,
            savesSharedMemory: !Rung.ladder.contains(sandbox.rung))
        let (link, watch) = (DebuggingLink(), PageWatch(viewport: viewport))
        // The run's end stops it.
        var request = CommandRequest(
            .arguments(launch.words), environment: environment, timeout: .seconds(30 * 24 * 3600))
        request.onOutput = { if $0.stream == .stdout { link.receive($0.bytes) } }
        let process: PipedCommand
        do throws(SandboxError) {
            process = try sandbox.converse(request) { _ in
                link.end(BrowserError(.ended, "the browser has ended"))
                watch.end()
            }
        } catch {
            throw BrowserError(.unavailable, "the browser cannot be started: \(error.message)")
        }
        link.connect(write: { process.write($0) }) { [weak link, watch] event, session in
            link?.react(to: event, of: session, in: watch)
        }
        let browser = Browser(
            process: process, link: link, watch: watch, viewport: viewport, limits: limits, tree: sandbox.shownTree)
        do throws(BrowserError) {
            _ = try await link.call(.version, on: nil, within: limits.start)
            link.post(.keepDownloads(in: launch.downloads), to: nil)
            _ = try await link.call(.attachToPages, on: nil, within: limits.start)
            guard await watch.wait(upTo: limits.start, until: { $0.active != nil }) else {
                throw BrowserError(.late, "the browser has no page")
            }
        } catch {
            await browser.stop()
            if error.code == .interrupted { throw error }
            // Before it has shown a page, what it complains of is its own.
            let words = process.result.map(BrowserLaunch.lastWords) ?? ""
            throw BrowserError(
                .unavailable,
                "the browser does not start (\(program.path)): \(words.isEmpty ? error.message : words)")
        }
        return browser
    }

    /// Why it has ended; nil while it runs.
    public nonisolated var ending: BrowserError? { link.ending }

    /// Ends it, with all its processes, and removes its profile; returns after its end.
    public func stop() async {
        link.post(ProtocolCommand("Browser.close"), to: nil)
        let patience = Task { [process] in
            // A cancelled sleep means that it has ended.
            guard (try? await Task.sleep(for: .seconds(2))) != nil else { return }
            process.stop()
        }
        _ = await process.end()
        patience.cancel()
    }

    /// What the model has to be told of what has happened in the pages; each once. Holds no text of a page.
    public func takeRemarks() -> [String] { watch.change { $0.takeRemarks() } }

    /// Notes something to tell the model.
    public func remark(_ text: String) { watch.change { $0.remark(text) } }

    /// Takes a picture of the page, after it has come to rest or its time is up.
    ///
    /// - Throws: `.ended`, `.interrupted`; a page that cannot be seen is shown as it was last seen.
    public func screenshot() async throws(BrowserError) -> Screenshot {
        if !isSettled { await settle() }
        isSettled = false
        for attempt in 0..<4 {
            do throws(BrowserError) {
                // Without a reply, another page has come to the front.
                guard let image = try await capture() else { continue }
                (lastImage, isStuck) = (image, false)
                return image
            } catch {
                switch error.code {
                case .ended, .interrupted, .unavailable: throw error
                case .late where attempt < 2:
                    // A script that never ends keeps the page from painting.
                    link.post(.terminateScript, to: watch.book.active)
                    remark("a script kept the page busy for \(limits.screenshot.components.seconds) s and was stopped")
                default: break
                }
            }
            if attempt > 0, watch.book.tab?.isCrashed != false { break }
        }
        remark("the page cannot be seen; this is how the last one looked")
        if let lastImage { return lastImage }
        throw BrowserError(.failed, "no picture of the page can be taken")
    }

    private func capture() async throws(BrowserError) -> Screenshot? {
        _ = await watch.wait(upTo: limits.input) { $0.active != nil }
        guard let session = watch.book.active else { return nil }
        if watch.book.tab?.isCrashed == true { throw BrowserError(.failed, "the page has crashed") }
        let formats: [ImageFormat] = prefersJPEG.contains(session) ? [.jpeg] : [.png, .jpeg]
        for format in formats {
            guard
                let reply = try await link.call(.screenshot(format), on: session, within: limits.screenshot),
                let text = reply["data"]?.string
            else { return nil }
            if format == .jpeg || text.utf8.count <= Self.largestPNG {
                return Screenshot(base64: text, format: format)
            }
            prefersJPEG.insert(session)
        }
        return nil
    }

    /// Waits until the page has loaded, has fetched what it fetches at once, and has painted; never long.
    func settle() async {
        let clock = ContinuousClock()
        let start = clock.now
        for _ in 0..<3 {
            await paint()
            _ = await watch.wait(upTo: limits.fetch) { !$0.isOpening }
            let book = watch.book
            guard book.tab?.isLoading == true || book.tab?.isFetching(at: clock.now) == true else { return }
            let isLoaded = await watch.wait(upTo: limits.load - (clock.now - start)) { $0.tab?.isLoading != true }
            guard isLoaded else {
                let seconds = limits.load.components.seconds
                return remark("the page is still being loaded after \(seconds) s; this is what there is of it")
            }
            _ = await watch.wait(upTo: limits.fetch) { $0.tab?.isFetching(at: clock.now) != true }
        }
    }

    /// Waits until the page has painted what its scripts have done.
    private func paint() async {
        guard !isStuck, let session = watch.book.active else { return }
        let frames = """
            new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
                let isOpen = false;
                try { isOpen = document.querySelector("select:open") !== null } catch {}
                done(isOpen)
            })))
            """
        do throws(BrowserError) {
            let reply = try await link.call(.evaluate(frames), on: session, within: limits.frame)
            // A list is a window of its own, which gets keys and no clicks.
            if reply?["result"]?["value"]?.bool == true {
                remark("a list is open; keys choose in it (ARROWDOWN, ENTER, ESC), clicks close it")
            }
        } catch {
            if error.code == .late, watch.book.active == session { isStuck = true }
        }
    }

    /// Sends input to the page and waits until it has taken it.
    func send(_ command: ProtocolCommand, within limit: Duration? = nil) async throws(BrowserError) {
        do throws(BrowserError) {
            _ = try await link.call(command, on: watch.book.active, within: limit ?? limits.input)
        } catch {
            if error.code == .late {
                isStuck = true
                throw BrowserError(.late, "the page does not react")
            }
            throw error
        }
    }
}

extension DebuggingLink {
    /// Keeps the book, answers what must not wait, and ends the waiting for pages that are not in front any more.
    fileprivate func react(to event: ProtocolEvent, of session: String?, in watch: PageWatch) {
        keep(in: watch) { $0.take(event, of: session, at: .now) }
        switch event {
        case .attached(let new, _, _):
            // It comes to the front when it has taken what it is told first: before, it is not there for input.
            post(.goOn, to: new) { [weak self] _ in self?.keep(in: watch) { $0.ready(new) } }
        case .crashed:
            if let session { release(session, .failure(BrowserError(.failed, "the page has crashed"))) }
        default: break
        }
    }

    private func keep(in watch: PageWatch, _ change: (inout PageBook) -> [PageBook.Reaction]) {
        let (before, reactions, after) = watch.change { book in
            let before = book.active
            return (before, change(&book), book.active)
        }
        for reaction in reactions { post(reaction.command, to: reaction.session) }
        if let before, before != after { release(before) }
    }
}
