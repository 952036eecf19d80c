import Session

extension Sign {
    /// Ways to end the process with success before a check has had its say.
    static let exits: [Sign] = [
        exit(["_exit"], #"\b(os\.)?_exit\s*\(\s*(?![1-9]\d*\s*\)|-\s*\d)"#, [.python, .c, .ruby], .decisive),
        exit(["_exit"], #"(\bimport\s+.*|['"])\b_exit\b"#, [.python], .decisive, scope: .text),
        exit(
            ["os.kill", "raise_signal", "os.abort", "os.exec", "execv", "execl"],
            #"\bos\.kill\s*\(\s*os\.get(pid|ppid)|\bos\.exec[lv]p?e?\s*\(|\braise_signal\("#, [.python], .decisive),
        exit(
            ["exit", "quit", "SystemExit"],
            #"(^|[^\w.])(sys\.|builtins\.)?(exit|quit)\s*\(\s*(0|None|False)?\s*\)|\bSystemExit\b(?!\s*\(\s*[^)0\s])(?!\s*(as|:|,))"#,
            [.python], .unlessProgram),
        exit(
            ["process.exit", "process.reallyExit", "exitCode", "process.kill", "Deno.exit"],
            #"\b(process|Deno)\.(exit|reallyExit)\s*\(\s*(0)?\s*\)|\bprocess\.exitCode\s*=\s*0(?!\w)|\bprocess\.kill\s*\(\s*process\.p?pid"#,
            [.javascript], .unlessProgram),
        exit(["reallyExit", "process.exit ="], #"\bprocess\.(reallyExit\b|exit\s*=[^=])"#, [.javascript], .decisive),
        exit(["os.Exit", "syscall.Exit"], #"\b(os|syscall)\.Exit\s*\(\s*0\s*\)"#, [.go], .unlessProgram),
        exit(["runtime.Goexit"], #"\bruntime\.Goexit\("#, [.go], .decisive),
        exit(["exit(0"], #"\bprocess::exit\s*\(\s*0\s*\)|\blibc::_?exit\s*\("#, [.rust], .unlessProgram),
        exit(
            ["exit"], #"(^|[^\w.>])(std::)?(_Exit|quick_exit|exit)\s*\(\s*(0|EXIT_SUCCESS)\s*\)"#, [.c], .unlessProgram),
        exit(["constructor"], #"__attribute__\s*\(\s*\(\s*(constructor|destructor)"#, [.c], .decisive),
        exit(
            ["System.exit", "halt(", "exitProcess"],
            #"\bSystem\.exit\s*\(\s*0\s*\)|\bgetRuntime\(\)\.(halt|exit)\s*\(\s*0|\bexitProcess\s*\(\s*0"#, [.java],
            .unlessProgram),
        exit(
            ["Environment.Exit", "ExitCode"], #"\bEnvironment\.(Exit\s*\(\s*0|ExitCode\s*=\s*0)"#, [.csharp],
            .unlessProgram),
        exit(
            ["exit"], #"(^|[^\w.:])(Kernel\.|Process\.)?exit!?(\s*\(?\s*(0|true)\s*\)?)?\s*($|;|if\b|unless\b|\})"#,
            [.ruby],
            .unlessProgram),
        exit(["exit", "die"], #"(^|[^\w>:$])exit\s*(\(\s*0?\s*\)|0)?\s*;"#, [.php, .perl], .unlessProgram),
        exit(
            ["exit(0", "_exit"], #"(^|[^\w.])_?exit\s*\(\s*(0|EXIT_SUCCESS)\s*\)"#, [.swift, .d, .dart], .unlessProgram),
        exit(["os.exit"], #"\bos\.exit\s*\(\s*(0|true)?\s*[,)]"#, [.lua], .unlessProgram),
        exit(["System.halt", "System.stop"], #"\bSystem\.(halt|stop)\s*\(?\s*(0|\)|$)"#, [.elixir], .unlessProgram),
        exit(["exitSuccess"], #"\bexitSuccess\b"#, [.haskell], .unlessProgram),
        exit(
            [
                "atexit", "excepthook", "at_exit", "shutdown_function", "addShutdownHook", "on('exit", "on(\"exit",
                "beforeExit",
            ],
            #"\batexit\.register|\b(sys|threading)\.excepthook\s*=|\bat_exit\b|\bregister_shutdown_function\b|\baddShutdownHook\b|\bon\s*\(\s*['"](exit|beforeExit|uncaughtException)"#,
            [.python, .ruby, .php, .java, .javascript], .told, scope: .text,
            message: "code runs when the process ends"),
    ]

    private static func exit(
        _ triggers: [String], _ pattern: String, _ languages: Set<SourceLanguage>, _ weight: Weight,
        scope: Scope = .code, message: String = "the process ends with success here"
    ) -> Sign {
        Sign(.shortCut, message, triggers, pattern, in: languages, scope: scope, weight)
    }
}
