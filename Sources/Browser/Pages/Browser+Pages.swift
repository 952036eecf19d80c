import JSON

extension Browser {
    /// Opens an address in the page that is seen, and waits until it has loaded.
    ///
    /// - Parameter written: An address as a person writes it: the scheme may be missing.
    /// - Throws: `.refused` for what is no address; `.late` or `.failed`, with why, for one that does not answer.
    public func open(_ written: String) async throws(BrowserError) {
        let address = try WebAddress(written, tree: tree)
        if let ending { throw ending }
        watch.change { $0.beginStep() }
        addressLine = nil
        // A page that is lost or busy without end is not left by itself.
        if isStuck || watch.book.tab?.isCrashed == true { try await replaceTab() }
        let session = watch.book.active
        let reply: JSON?
        do throws(BrowserError) {
            reply = try await link.call(.navigate(to: address.text), on: session, within: limits.navigation)
        } catch {
            guard error.code == .late else { throw error.code == .failed ? refusal(error.message) : error }
            link.post(.stopLoading, to: session)
            throw BrowserError(
                .late,
                "the address has not answered within \(limits.navigation.components.seconds) s, and was given up")
        }
        if reply?["isDownload"]?.bool != true, let reason = reply?["errorText"]?.string, !reason.isEmpty {
            throw refusal(reason)
        }
        await settle()
    }

    private func refusal(_ reason: String) -> BrowserError {
        let why =
            switch reason {
            case "net::ERR_CONNECTION_REFUSED": "nothing listens there"
            case "net::ERR_NAME_NOT_RESOLVED", "net::ERR_INTERNET_DISCONNECTED", "net::ERR_ADDRESS_UNREACHABLE",
                "net::ERR_NETWORK_ACCESS_DENIED":
                "there is no such host, or the sandbox does not let commands reach it"
            case "net::ERR_TUNNEL_CONNECTION_FAILED", "net::ERR_PROXY_CONNECTION_FAILED":
                "the sandbox does not let commands reach this host"
            case "net::ERR_FILE_NOT_FOUND": "there is no such file"
            case "net::ERR_ABORTED": "the server sent no page"
            default: "the browser does not open it"
            }
        return BrowserError(.failed, "the address was not opened: \(why) (\(reason.prefix(80)))")
    }

    /// Opens an empty page in front.
    func openTab() async throws(BrowserError) {
        let before = watch.book.active
        let reply = try await link.call(.openTab("about:blank"), on: nil, within: limits.input)
        let target = reply?["targetId"]?.string
        _ = await watch.wait(upTo: limits.input) { $0.active != before && $0.tab?.target == target }
        isStuck = false
    }

    /// Closes the page in front.
    func closeTab() async {
        guard let tab = watch.book.tab else { return }
        link.post(.closeTab(tab.target), to: nil)
        _ = await watch.wait(upTo: limits.input) { $0.active != nil && $0.active != tab.session }
        isStuck = false
    }

    private func replaceTab() async throws(BrowserError) {
        let old = watch.book.tab
        try await openTab()
        if let old { link.post(.closeTab(old.target), to: nil) }
    }

    /// Shows another page that is open.
    func turn(by count: Int) {
        let before = watch.book.active
        for reaction in watch.change({ $0.turn(by: count) }) { link.post(reaction.command, to: reaction.session) }
        if before != watch.book.active { isStuck = false }
    }

    func reload(ignoringCache: Bool) async throws(BrowserError) {
        try await send(.reload(ignoringCache: ignoringCache))
    }

    /// Goes back in the page's history by so many pages; forward for a negative number.
    func goBack(by count: Int) async throws(BrowserError) {
        let reply = try await link.call(.history, on: watch.book.active, within: limits.input)
        let entries = (reply?["entries"]?.elements).map(Array.init) ?? []
        let index = (reply?["currentIndex"]?.int ?? 0) - count
        guard entries.indices.contains(index), let entry = entries[index]["id"]?.int else {
            return remark("the history of the page goes no further")
        }
        try await send(.navigate(toEntry: entry))
    }

    /// Says how pages are answered from now on, and gives files to the one that asks for some.
    ///
    /// - Parameters:
    ///   - accepts: Whether questions are accepted; nil leaves it.
    ///   - text: What a prompt is given; nil leaves it.
    ///   - files: Paths as commands see them; empty for none.
    /// - Throws: `.refused` if no page asks for a file.
    public func answerPages(accepts: Bool?, text: String?, files: [String]) async throws(BrowserError) {
        if let ending { throw ending }
        watch.change { book in
            if let accepts { book.answer.accepts = accepts }
            if let text { book.answer.text = text }
        }
        guard !files.isEmpty else { return }
        guard let tab = watch.book.tab, let chooser = tab.chooser else {
            throw BrowserError(.refused, "the page does not ask for a file; click what chooses one first")
        }
        guard files.count == 1 || chooser.takesSeveral else {
            throw BrowserError(.refused, "the page takes one file")
        }
        try await send(.chooseFiles(files, node: chooser.node))
        watch.change { $0.update(tab.session) { $0.chooser = nil } }
        await settle()
    }
}
