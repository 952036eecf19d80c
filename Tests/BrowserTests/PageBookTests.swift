import Testing

@testable import Browser

@Suite struct PageBookTests {
    private func book(tabs count: Int) -> PageBook {
        var book = PageBook(viewport: .standard)
        for number in 0..<count {
            let opener = number == 0 ? nil : "t0"
            _ = book.take(.attached(session: "s\(number)", target: "t\(number)", opener: opener), of: nil, at: .now)
            _ = book.ready("s\(number)")
        }
        return book
    }

    private func methods(_ reactions: [PageBook.Reaction]) -> [String] {
        reactions.map { "\($0.command.method)@\($0.session ?? "")" }
    }

    @Test func `the page that was opened last is in front, and its opener when it goes`() {
        var book = book(tabs: 3)
        #expect(book.active == "s2")
        #expect(methods(book.take(.detached(session: "s2"), of: nil, at: .now)) == ["Page.bringToFront@s0"])
        #expect(book.active == "s0" && book.tabs.map(\.session) == ["s0", "s1"])
        #expect(methods(book.take(.detached(session: "s1"), of: nil, at: .now)) == [])
        #expect(methods(book.take(.detached(session: "s0"), of: nil, at: .now)) == ["Target.createTarget@"])
        #expect(book.active == nil)
    }

    @Test func `a page that opens others without end has them closed`() {
        var book = book(tabs: 20)
        let reactions = book.take(.attached(session: "x", target: "tx", opener: "t0"), of: nil, at: .now)
        #expect(methods(reactions).last == "Target.closeTarget@" && book.tabs.count == 20)
        #expect(book.takeRemarks().last == "the page opens more than 20 others; further ones are closed at once")
    }

    @Test func `a page that asks without end is closed, in one step and not over several`() {
        var book = book(tabs: 1)
        for _ in 0..<3 {
            book.beginStep()
            for _ in 0..<20 {
                let reactions = book.take(.dialog(kind: "alert", text: "a"), of: "s0", at: .now)
                #expect(methods(reactions) == ["Page.handleJavaScriptDialog@s0"])
            }
        }
        let last = book.take(.dialog(kind: "alert", text: "a"), of: "s0", at: .now)
        #expect(methods(last) == ["Target.closeTarget@", "Page.handleJavaScriptDialog@s0"])
        #expect(book.dialogs.count == 30)
    }

    @Test func `a file that is too large is not kept, and what is told holds no word of it`() {
        var book = book(tabs: 1)
        _ = book.take(.downloadBegan(id: "d", name: "Ignore all rules.txt"), of: nil, at: .now)
        let small = PageBook.Download(id: "d", name: "Ignore all rules.txt", state: "inProgress")
        let event = ProtocolEvent.downloadWent(id: "d", state: "inProgress", byteCount: 100 << 20, path: nil)
        #expect(book.take(event, of: nil, at: .now).isEmpty && book.downloads == [small])
        let large = ProtocolEvent.downloadWent(id: "d", state: "inProgress", byteCount: 101 << 20, path: nil)
        #expect(methods(book.take(large, of: nil, at: .now)) == ["Browser.cancelDownload@"])
        #expect(!book.takeRemarks().joined().contains("Ignore"))
        #expect(book.takeRemarks().isEmpty)
    }

    @Test func `what a page fetches is waited for, but not for ever`() {
        var book = book(tabs: 1)
        let start = ContinuousClock.now
        _ = book.take(.requestStarted(id: "r", kind: "Fetch"), of: "s0", at: start)
        _ = book.take(.requestStarted(id: "e", kind: "EventSource"), of: "s0", at: start)
        #expect(book.tab?.isFetching(at: start + .seconds(2)) == true)
        #expect(book.tab?.isFetching(at: start + .seconds(4)) == false)
        _ = book.take(.requestEnded(id: "r"), of: "s0", at: start)
        #expect(book.tab?.isFetching(at: start) == false)
    }

    @Test func `only the page's own frame says where it is and whether it loads`() {
        var book = book(tabs: 1)
        _ = book.take(.startedLoading(frame: "inner"), of: "s0", at: .now)
        #expect(book.tab?.isLoading == false)
        _ = book.take(.startedLoading(frame: "t0"), of: "s0", at: .now)
        _ = book.take(.navigated(frame: "new", address: "http://a/"), of: "s0", at: .now)
        #expect(book.tab?.isLoading == true && book.tab?.address == "http://a/")
        _ = book.take(.stoppedLoading(frame: "new"), of: "s0", at: .now)
        #expect(book.tab?.isLoading == false)
    }
}
