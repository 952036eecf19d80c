import Foundation
import JSON
import Responses
import Sandbox

@testable import Browser

/// A browser in a sandbox of its own, and a folder of pages for it.
final class BrowserFixture: Sendable {
    let root: String
    let sandbox: Sandbox
    let environment: SandboxEnvironment
    let browser: Browser

    /// A page that keeps a list of what happens to it.
    static let page = """
        <!doctype html><title>Events</title><body style="margin:0;height:3000px;font:16px monospace">
        <button style="position:absolute;left:10px;top:10px;width:80px;height:30px" onclick="log('pressed')">A</button>
        <button style="position:absolute;left:110px;top:10px;width:80px;height:30px"
            onclick="log('confirm ' + confirm('Sure?'))">C</button>
        <button style="position:absolute;left:210px;top:10px;width:80px;height:30px"
            onclick="alert('Read me'); log('alerted')">L</button>
        <button style="position:absolute;left:310px;top:10px;width:80px;height:30px"
            onclick="log('prompt ' + prompt('Name?'))">P</button>
        <button style="position:absolute;left:410px;top:10px;width:80px;height:30px"
            onclick="while (true) alert('Again')">E</button>
        <button style="position:absolute;left:510px;top:10px;width:80px;height:30px"
            onclick="setTimeout(() => { while (true) {} }, 0)">B</button>
        <button style="position:absolute;left:610px;top:10px;width:80px;height:30px"
            onclick="window.open('about:blank', 'x', 'width=200,height=200')">W</button>
        <input id="text" style="position:absolute;left:10px;top:60px;width:200px;height:30px">
        <textarea id="area" style="position:absolute;left:310px;top:60px;width:200px;height:60px"></textarea>
        <div draggable="true" style="position:absolute;left:10px;top:130px;width:50px;height:50px;background:red"
            ondragstart="event.dataTransfer.setData('text/plain', 'thing'); log('dragstart')"></div>
        <div style="position:absolute;left:210px;top:130px;width:50px;height:50px;background:blue"
            ondragover="event.preventDefault()"
            ondrop="log('drop ' + event.dataTransfer.getData('text/plain'))"></div>
        <input type="range" id="range" min="0" max="100" value="0"
            style="position:absolute;left:310px;top:140px;width:200px;margin:0">
        <a target="_blank" href="other.html" style="position:absolute;left:10px;top:200px">other</a>
        <a href="other.html" style="position:absolute;left:110px;top:200px">there</a>
        <a download="kept.txt" href="data:text/plain,hello" style="position:absolute;left:210px;top:200px">keep</a>
        <input type="file" id="file" style="position:absolute;left:10px;top:240px"
            onchange="log('file ' + this.files[0].name + ' ' + this.files[0].size)">
        <select id="select" style="position:absolute;left:10px;top:280px;width:100px;height:24px;font:16px monospace"
            onchange="log('chosen ' + this.value)"><option>one<option>two<option>three</select>
        <script>
        let list = [];
        function log(entry) { list.push(entry); }
        function take() { const all = list; list = []; return all.join("\\n"); }
        function held(e) { return (e.ctrlKey ? "C" : "") + (e.shiftKey ? "S" : "") + (e.altKey ? "A" : ""); }
        for (const kind of ["mousedown", "mouseup", "dblclick", "contextmenu"])
            document.addEventListener(kind, e => log([kind, e.button, e.clientX, e.clientY, held(e)].join(" ")), true);
        for (const kind of ["keydown", "keyup"])
            document.addEventListener(kind, e => log([kind, e.key, e.code, e.keyCode, held(e)].join(" ")), true);
        document.addEventListener("mousemove", e => { window.last = e.clientX + " " + e.clientY; }, true);
        document.addEventListener("wheel", e => log(["wheel", e.deltaX, e.deltaY].join(" ")), true);
        </script>
        """

    init(limits: BrowserLimits = BrowserLimits(), rungs: [Rung] = Rung.ladder) async throws {
        root = "/tmp/graft-browser-\(UUID().uuidString)"
        for folder in ["tree", "tmp"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
        try Data(Self.page.utf8).write(to: URL(fileURLWithPath: "\(root)/tree/page.html"))
        try Data("<title>Other</title><p>The other page".utf8)
            .write(to: URL(fileURLWithPath: "\(root)/tree/other.html"))
        try Data("twelve bytes".utf8).write(to: URL(fileURLWithPath: "\(root)/tree/given.txt"))
        let user = ProcessInfo.processInfo.environment
        environment = .build(from: user, home: user["HOME"] ?? "/root")
        let policy = SandboxPolicy(workingTree: root + "/tree", temporaryFolder: root + "/tmp")
        sandbox = try await Sandbox.probe(policy: policy, searchPath: environment["PATH"] ?? "", rungs: rungs)
        browser = try await Browser.start(
            BrowserProgram(searchPath: environment["PATH"] ?? ""), in: sandbox, environment: environment, limits: limits
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// The page of events.
    var address: String { "file://\(root)/tree/page.html" }

    /// A browser that shows the page of events.
    static func shown(limits: BrowserLimits = BrowserLimits()) async throws -> BrowserFixture {
        let fixture = try await BrowserFixture(limits: limits)
        try await fixture.browser.open(fixture.address)
        return fixture
    }

    /// The value of an expression in the page in front, as text.
    func value(_ expression: String) async throws -> String {
        let reply = try await browser.link.call(
            .evaluate("String(\(expression))"), on: browser.watch.book.active, within: .seconds(20))
        return reply?["result"]?["value"]?.string ?? "nothing"
    }

    /// What has happened in the page since the last time, a line each.
    func events() async throws -> [String] {
        try await value("take()").split(separator: "\n").map(String.init)
    }

    func perform(_ actions: ComputerAction...) async throws {
        for action in actions { try await browser.perform(action) }
    }

    /// Starts a server in the sandbox of the browser, and waits until it says that it listens.
    func serve(_ python: String) async throws -> PipedCommand {
        let (lines, continuation) = AsyncStream<String>.makeStream()
        var request = CommandRequest(
            .arguments(["python3", "-u", "-c", python]), environment: environment, timeout: .seconds(300))
        request.onOutput = { continuation.yield(String(decoding: $0.bytes, as: UTF8.self)) }
        let server = try sandbox.converse(request) { _ in continuation.finish() }
        for await line in lines where line.contains("listening") { return server }
        throw BrowserError(.failed, "the server has not started")
    }
}
