import Responses
import Sandbox
import TOML
import Text

extension Settings {
    /// Reads a configuration file; an unknown key is an error, since it is most likely a typo.
    ///
    /// - Parameter name: The file's name for messages.
    /// - Throws: `.file` for the first error.
    public init(toml bytes: [UInt8], name: String) throws(ConfigurationError) {
        do throws(TOMLError) {
            let file = try TOMLSection(parsing: bytes, name: name)
            for field in file.fields { try read(field) }
            if file.table["policy"] != nil, file.table["sandbox"] != nil {
                throw file.error("policy and [sandbox] exclude each other; keep one")
            }
        } catch { throw ConfigurationError(.file, error.description, underlying: error) }
    }

    /// The keys that a file may have; what is not read does not compile.
    enum Key: String, CaseIterable {
        case model, effort, verbosity, provider, attribution, series, verify, policy, sandbox, approvals, approve, deny
        case prices, reports, prewarm, background, zdr, tools, mcp
        case baseURL = "base_url"
        case maxTurns = "max_turns"
        case maxTokens = "max_tokens"
        case maxInputTokens = "max_input_tokens"
        case maxOutputTokens = "max_output_tokens"
        case maxCost = "max_cost"
        case maxTime = "max_time"
        case maxDisk = "max_disk"
        case compact
        case compactThreshold = "compact_threshold"
        case contextWindow = "context_window"
        case commandTimeout = "command_timeout"
        case cacheRetention = "prompt_cache_retention"
        case untrackedLimit = "untracked_limit"
        case toolSearch = "tool_search"
        case toolBudget = "tool_budget"
        case confirm
        case `repeat`
        case verifyEach = "verify_each"
        case instructions
        case instructionFiles = "instruction_files"
        case skills
        case protect
        case allowChangesTo = "allow_changes_to"
        case ci, fixers
    }

    private mutating func read(_ field: TOMLField) throws(TOMLError) {
        switch try field.key(tables: [("sandbox", SandboxProfile.keys)]) as Key {
        case .model: model = try field.string()
        case .effort: effort = try PhasedValue(field)
        case .verbosity: verbosity = try PhasedValue(field)
        case .baseURL: baseURL = try field.string()
        case .provider: provider = try field.choice() as ProviderProfile
        case .prewarm: prewarm = try field.flag()
        case .maxTurns: maxTurns = try field.count()
        case .maxTokens: maxTokens = try field.count()
        case .maxInputTokens: maxInputTokens = try field.count()
        case .maxOutputTokens: maxOutputTokens = try field.count()
        case .maxCost: maxCost = try field.amount("an amount above zero such as 2.50") { $0 > 0 }
        case .maxDisk: maxDisk = try field.size("a size such as \"2GB\"", least: 1)
        case .prices:
            for model in try field.section().fields { prices[model.key] = try Price(model.section()) }
        case .maxTime: maxTime = try field.duration()
        case .compact: compaction = try field.choice() as CompactionMode
        case .compactThreshold: compactionThreshold = try field.count()
        case .toolSearch: toolSearch = try field.choice() as ToolSearchMode
        case .toolBudget: toolBudget = try field.count()
        case .contextWindow: contextWindow = try field.count()
        case .commandTimeout: commandTimeout = try field.duration()
        case .cacheRetention: cacheRetention = try field.choice() as CacheRetention
        case .background: background = try field.flag()
        case .zdr: zeroRetention = try field.flag()
        case .attribution: attribution = try field.flag()
        case .series: series = try field.flag()
        case .verify:
            verify = try field.text("a shell line such as \"make test\"") { line in
                line.contains { !$0.isWhitespace } ? line : nil
            }
        case .confirm: confirmations = try field.count()
        case .repeat: repetitions = try field.count()
        case .verifyEach: verifiesEach = try field.flag()
        case .reports: reports = try field.list(FilePattern.form) { FilePattern($0) }
        case .instructions: instructions = try field.flag()
        case .instructionFiles:
            instructionFiles = try field.list("names of files such as \"CLAUDE.md\", without folders") { name in
                name.isEmpty || name == "." || name == ".." || name.utf8.contains(UInt8(ascii: "/")) ? nil : name
            }
        case .protect: protection.protecting = try field.pathPatterns()
        case .allowChangesTo: protection.allowing = try field.pathPatterns()
        case .tools: tools = try toolSettings.read(field.section())
        case .skills: skills = try field.flag()
        case .policy: policy = .named(try field.string())
        case .sandbox: policy = .spelledOut(try SandboxProfile(field.section()))
        case .approvals: approvals = try field.choice() as ApprovalMode
        case .approve: rules += try field.rules(.approve)
        case .deny: rules += try field.rules(.deny)
        case .ci: ci = try CISettings(field.section())
        case .fixers: fixers = try Fixer.all(field.section())
        case .mcp: servers = try MCPServer.all(field)
        case .untrackedLimit: untrackedByteLimit = try field.size("a size such as \"8MB\"")
        }
    }
}

extension TOMLField {
    fileprivate func duration() throws(TOMLError) -> Duration {
        try text("a duration such as \"30m\"") { Duration(spelledOut: $0) }
    }

    fileprivate func size(_ expected: String, least: Int = 0) throws(TOMLError) -> Int {
        guard let bytes = value.integer ?? value.string.flatMap(Int.init(spelledOutBytes:)), bytes >= least else {
            throw mismatch(expected)
        }
        return bytes
    }

    fileprivate func pathPatterns() throws(TOMLError) -> [String] {
        try list(ProtectionSettings.forms) { ProtectionSettings.isPattern($0) ? $0 : nil }
    }

    fileprivate func rules(_ verdict: ApprovalRule.Verdict) throws(TOMLError) -> [ApprovalRule] {
        var rules: [ApprovalRule] = []
        for section in try sections() { rules.append(try ApprovalRule(verdict, section)) }
        return rules
    }
}
