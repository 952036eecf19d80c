import Responses
import Session
import Text

/// Every event there is, with every member that may be absent both there and absent.
enum EventTable {
    static let all: [RunEvent] =
        starts + turns
        + items.flatMap { item in
            [.itemStarted(item), .itemUpdated(item), .itemCompleted(item)]
        } + outcomes

    static let command: CommandReport = {
        var report = CommandReport(
            exitCode: nil, ending: "killed by SIGKILL", duration: .microseconds(1_234_567),
            output: "a\n\u{1B}[31m\u{0}é",
            outputByteCount: 12)
        report.signal = "SIGKILL"
        report.processorTime = .microseconds(1)
        report.peakByteCount = 1 << 40
        report.ranOutOfMemory = true
        return report
    }()

    static let plainCommand = CommandReport(
        exitCode: 0, ending: "exit 0", duration: .zero, output: "", outputByteCount: 0)

    private static let doubted: Verification = {
        var tested = command
        tested.tests = TestReport(
            tally: TestTally(run: 3, failed: 1, skipped: 2),
            failures: [
                TestFailure(name: "t.py::one", message: "no", file: "t.py", line: 3, excerpt: "a\nb"),
                TestFailure(name: "two"),
            ], formats: ["pytest", "junit"])
        var verification = Verification(commit: "c", report: tested)
        verification.restoration = Restoration(paths: ["t.py"], report: plainCommand)
        verification.earlier = [EarlierCommit(commit: "b", ending: "exit 1", passed: false)]
        verification.doubts = [
            Doubt(.weakenedCheck, isDecisive: false, message: "m", path: "p", line: 1, excerpt: "e"),
            Doubt(.missingTest, isDecisive: true, message: "m"),
        ]
        verification.repetitions = Repetitions(passed: 2, total: 3)
        return verification
    }()

    private static let starts: [RunEvent] = [
        .threadStarted(ThreadStart(id: SessionID("20260101-000000-aaaa"))),
        .threadStarted(ThreadStart(id: SessionID("20260101-000000-aaaa"), folder: "/s \"q\"", base: "b")),
        .runStarted(start),
        .runStarted(
            RunStart(
                repository: "", base: "", start: "", branch: "", tree: "", task: nil, command: nil, model: "",
                endpoint: "", sandbox: "", time: 0)),
        .runStarted(chosen), .runResumed(resumption),
        .runResumed(
            RunResumption(time: 0, verdict: nil, prompt: nil, model: "", endpoint: "", policy: nil)),
        .baseline(command, failures: ["one", "two\n"]),
        .baseline(plainCommand, failures: []),
        .baselineRepeated(Repetitions(passed: 1, total: 3)),
    ]

    static let start = RunStart(
        repository: "/r", base: "b", start: "s", branch: "graft/x", tree: "/t", task: "Do\nit", command: "make",
        model: "m", endpoint: "https://e", sandbox: "own", policy: "network = \"none\"\n", time: 1_700_000_000,
        treeKind: .inPlace)

    private static let chosen: RunStart = {
        var (start, choices) = (Self.start, RunChoices())
        (choices.sandbox, choices.transport, choices.provider) = ("off", "http", "compatible")
        (choices.effort, choices.verbosity, choices.ordersSteps) = ("low", "high", false)
        choices.commandTimeout = .seconds(90)
        (choices.repetitions, choices.verifiesEach) = (3, true)
        choices.reports = ["build/**/*.xml"]
        start.choices = choices
        return start
    }()

    static let resumption: RunResumption = {
        var resumption = RunResumption(
            time: 1_700_000_000, verdict: .budget, prompt: "And\nnow", model: "m2", endpoint: "https://e2",
            policy: "network = \"none\"\n")
        (resumption.limits.turns, resumption.limits.tokens, resumption.limits.time) = (7, 9, .milliseconds(1500))
        return resumption
    }()

    private static let turns: [RunEvent] = [
        .turnStarted(1),
        .requestSent(
            RequestReport(
                turn: 1, transport: "websocket", byteCount: 10, itemByteCount: 5,
                sinceLastEvent: .microseconds(18_700))),
        .requestSent(
            RequestReport(turn: 2, transport: "http", byteCount: 0, itemByteCount: 0, sinceLastEvent: nil)),
        .responseInBackground(BackgroundReport(turn: 3, response: ResponseID("resp_1"), sequence: nil)),
        .responseInBackground(BackgroundReport(turn: 3, response: ResponseID("resp_1"), sequence: 17)),
        .responseItem(item(#"{"type":"function_call","call_id":"c","name":"f","arguments":"{}","n":1.0}"#), turn: 3),
        .responseItem(item("{\n \"type\":\"message\",\r\n \"content\":\"a\\nb\" }"), turn: 3),
        .inputItem(item(#"{"role":"user","content":"no type"}"#), turn: 0),
        .callStarted(CallStart(callID: "c", name: "shell", turn: 3)),
        .turnCompleted(
            TurnReport(turn: 3, response: ResponseID("resp_1"), usage: usage, duration: .milliseconds(1900))),
        .turnCompleted(TurnReport(turn: 3, response: ResponseID("resp_1"), usage: nil, duration: .zero)),
        .turnFailed("the server is gone"),
    ]

    private static let items: [RunItem] =
        [
            RunItem(id: "item_0", content: .agentMessage(text: "words", phase: .commentary)),
            RunItem(id: "item_1", content: .agentMessage(text: "words", phase: nil)),
            RunItem(id: "item_2", content: .reasoning("summary")),
            RunItem(id: "item_3", callID: "c", content: .commandExecution(command: "ls", nil)),
            RunItem(id: "item_3", callID: "c", content: .commandExecution(command: "ls", command)),
            RunItem(id: "item_3", content: .commandExecution(command: "ls", plainCommand)),
            RunItem(
                id: "item_4",
                content: .startedCommand(
                    StartedCommand(handle: "p1", command: "serve", output: "up", outputRange: 3..<50))),
            RunItem(id: "item_4", content: .startedCommand(ended)),
            RunItem(id: "item_5", callID: "c", content: .fileChange(files, nil)),
            RunItem(
                id: "item_5", content: .fileChange(files, PatchReport(isApplied: true, message: "Done", diff: "+x"))),
            RunItem(id: "item_5", content: .fileChange([], PatchReport(isApplied: false, message: "no"))),
            RunItem(id: "item_6", content: .tool(ToolReport(name: "t", title: "T", status: .inProgress))),
            RunItem(
                id: "item_6", callID: "c",
                content: .tool(ToolReport(name: "t", title: "T", status: .failed, output: "o"))),
            RunItem(id: "item_6", content: .tool(ToolReport(name: "t", title: "T", status: .completed, output: "o"))),
            RunItem(
                id: "item_8", callID: "c",
                content: .todoList(
                    TodoList(
                        [.init("a", .completed), .init("b\n", .inProgress), .init("", .pending)], explanation: "why"))),
            RunItem(id: "item_8", content: .todoList(TodoList([]))),
            RunItem(id: "item_9", callID: "c", content: .computer(ComputerReport(actions: ["click at 1,2", "look"]))),
            RunItem(
                id: "item_9", callID: "c",
                content: .computer(
                    ComputerReport(
                        actions: ["type a\nb"], status: .completed, screenshot: "screenshots/0001.png", note: "n"))),
            RunItem(id: "item_9", content: .computer(ComputerReport(actions: [], status: .failed))),
            RunItem(id: "item_7", content: .error("there is no such tool")),
        ] + hosted

    private static let hosted: [RunItem] = [
        RunItem(
            id: "item_9", content: .agentMessage(text: "words", phase: .finalAnswer),
            citations: [
                Citation(.page(url: "https://a.org/", title: "A"), range: 0..<3),
                Citation(.file(id: "file-1", name: "a.md")),
                Citation(.containerFile(container: "cntr_1", id: "cfile_1", name: "b.csv"), range: 2..<2),
            ]),
        RunItem(
            id: "item_10",
            content: .hosted(
                HostedReport(
                    .completed, .webSearch(WebSearchReport("search", queries: ["a", "b"], sources: ["https://a.org"]))))
        ),
        RunItem(
            id: "item_10",
            content: .hosted(
                HostedReport(
                    .failed, .webSearch(WebSearchReport("find_in_page", url: "https://a.org", pattern: "x\n"))))),
        RunItem(
            id: "item_11",
            content: .hosted(
                HostedReport(
                    .completed,
                    .fileSearch(
                        FileSearchReport(
                            queries: ["q"],
                            results: [
                                .init(fileID: "file-1", name: "a.md", score: 0.5, text: "t"),
                                .init(fileID: "", name: "", score: nil, text: ""),
                            ]))))),
        RunItem(
            id: "item_12",
            content: .hosted(
                HostedReport(.incomplete, .codeInterpreter(CodeReport(code: "1+1", output: "2", images: ["/x/a.png"]))))
        ),
        RunItem(
            id: "item_13",
            content: .hosted(HostedReport(.completed, .imageGeneration(ImageReport(prompt: "p", file: "/x/b.png"))))),
        RunItem(
            id: "item_13",
            content: .hosted(HostedReport(.failed, .imageGeneration(ImageReport(prompt: "", error: "no"))))),
        RunItem(
            id: "item_14",
            content: .hosted(
                HostedReport(
                    .completed,
                    .mcpCall(ServerCallReport(server: "docs", tool: "search", arguments: "{}", output: "five"))))),
        RunItem(
            id: "item_14",
            content: .hosted(
                HostedReport(
                    .failed, .mcpCall(ServerCallReport(server: "docs", tool: "search", arguments: "", error: "no"))))),
        RunItem(
            id: "item_15",
            content: .hosted(HostedReport(.completed, .mcpTools(ServerToolsReport(server: "docs", tools: ["a"]))))),
        RunItem(
            id: "item_15",
            content: .hosted(
                HostedReport(.failed, .mcpTools(ServerToolsReport(server: "docs", tools: [], error: "gone"))))),
    ]

    private static let doubt: ApprovalReport = {
        var report = ApprovalReport(command: "click at 1,2\nlook", reason: "malicious_instructions: m", rights: .init())
        report.subject = .screen
        return report
    }()

    private static let outcomes: [RunEvent] = [
        .commitCreated(commit), .branchChanged("refs/graft/x/steps"),
        .seriesOrdered(SeriesReport(commits: [commit, commit], tree: "t", stepCount: 3)),
        .seriesOrdered(SeriesReport(commits: [], tree: "", stepCount: 0)), .taskClaimed(summary: "done"),
        .milestoneReported(
            Milestone(
                .rootCause, summary: "The limit is off by one",
                evidence: .init(command: "make test", file: "src/a b.c", line: 12, commit: "c"), by: .model), turn: 3),
        .milestoneReported(Milestone(.verified, summary: "", by: .harness), turn: 0),
        .windowCompacted(
            CompactionReport(
                turn: 3, reason: .milestone, milestone: .rootCause, route: .trigger, tokensBefore: 212_000,
                tokensAfter: 14_000, duration: .milliseconds(2_100), usage: usage,
                items: [
                    item(#"{"type":"compaction","encrypted_content":"gAAAA"}"#),
                    item("{\n \"type\":\"message\",\r\n \"content\":\"a\\nb\" }"),
                ])),
        .windowCompacted(
            CompactionReport(
                turn: 0, reason: .overflow, route: .summary, tokensBefore: 0, tokensAfter: 0, duration: .zero,
                items: [])),
        .compactionFailed(FailedCompaction(turn: 3, route: .trigger, reason: "it frees nothing", usage: usage)),
        .compactionFailed(
            FailedCompaction(
                turn: 0, route: .summary, reason: "", usage: usage,
                cost: Cost(amount: 0.5, currency: "USD", date: "2026-01-01"))),
        .verified(Verification(commit: "c", report: command)), .verified(doubted),
        .approvalRequested(ApprovalReport(command: "curl", reason: "to look", rights: .init())),
        .approvalRequested(doubt), .approvalDecided(doubt, ApprovalDecision(.once, by: .person)),
        .approvalRequested(
            ApprovalReport(
                command: "curl", reason: "to look", rights: .init(network: .hosts(["a", "b"]), writablePaths: ["/w"]))),
        .approvalDecided(
            ApprovalReport(command: "curl", reason: "", rights: .init(network: .hosts([]))),
            ApprovalDecision(.session, by: .rule)),
        .approvalDecided(
            ApprovalReport(command: "curl", reason: "", rights: .init(network: .all)),
            ApprovalDecision(.no, by: .headless)),
        .notice("disk \u{2028} nearly full"), .eventsMissed(7), .runFinished(result),
        .runFinished(RunResult(verdict: .interrupted, message: "stopped")),
    ]

    static let result: RunResult = {
        var result = RunResult(verdict: .fixed, message: "it passes")
        result.summary = "done"
        result.branch = "graft/x"
        result.commit = "c"
        result.base = "b"
        result.commits = [commit]
        result.baseline = command
        result.verification = Verification(commit: "c", report: plainCommand)
        result.usage = usage
        result.turns = 3
        result.duration = .microseconds(288_117)
        result.sessionFolder = "/s"
        return result
    }()

    private static let usage: Usage = {
        var usage = Usage()
        (usage.input, usage.cached, usage.output, usage.reasoning) = (900, 512, 40, 8)
        return usage
    }()

    private static let commit = CommitReport(id: "c", subject: "Say", files: files)
    private static let files = [
        FileSummary(path: "a", kind: .add), FileSummary(path: "b/ä", kind: .update),
        FileSummary(path: "c", kind: .delete),
    ]
    private static let ended: StartedCommand = {
        var started = StartedCommand(handle: "p1", command: "serve")
        started.report = command
        return started
    }()

    private static func item(_ text: String) -> Item {
        // The texts of this table are JSON.
        (try? Item(Array(text.utf8))) ?? .message(role: "user", text: "not JSON: \(text)")
    }
}
