public import Responses
public import Text

/// The settings of one source; nil means that the next source decides.
///
/// The sources, the first one wins: flags, environment, the user's file, the repository's `.graft/config.toml` as it is
/// in the base commit, and the built-in values. A repository is not trusted: it only sets what the user leaves unset.
public struct Settings: Sendable, Equatable {
    /// The model's name.
    public var model: String?
    /// `reasoning.effort`, by phase of the work.
    public var effort: PhasedValue?
    /// `text.verbosity`, by phase of the work.
    public var verbosity: PhasedValue?
    /// The kind of server.
    public var provider: ProviderProfile?
    /// How long the server keeps the cache of a conversation's beginning: `prompt_cache_retention`.
    public var cacheRetention: CacheRetention?
    /// Whether no request may be stored by the server.
    public var zeroRetention: Bool?
    /// Whether responses are made in the background.
    public var background: Bool?
    /// The server's base URL.
    public var baseURL: String?
    /// Whether the server prepares for the first request over the open socket, before there is one.
    public var prewarm: Bool?
    /// The most responses of the model in a run.
    public var maxTurns: Int?
    /// The time limit of a run.
    public var maxTime: Duration?
    /// The most tokens of all responses together.
    public var maxTokens: Int?
    /// The most tokens of the input of all responses, cached ones included.
    public var maxInputTokens: Int?
    /// The most tokens of the output of all responses.
    public var maxOutputTokens: Int?
    /// The most money for all responses, in the currency of the model's price.
    public var maxCost: Double?
    /// By how many bytes the session's files may grow.
    public var maxDisk: Int?
    /// What models cost, by their names; from the user's file only.
    public var prices: [String: Price] = [:]
    /// Who searches for tools whose definitions the model does not have.
    public var toolSearch: ToolSearchMode?
    /// How many tokens the definitions of tools may take before some are found by a search only.
    public var toolBudget: Int?
    /// When a long conversation is made shorter.
    public var compaction: CompactionMode?
    /// The size in tokens at which it is made shorter at the latest.
    public var compactionThreshold: Int?
    /// How many tokens the model can read at once, or is to.
    public var contextWindow: Int?
    /// The time limit of one command; the model may ask for less.
    public var commandTimeout: Duration?
    /// The largest untracked file that is committed, in bytes.
    public var untrackedByteLimit: Int?
    /// Whether commits carry an `Assisted-by` trailer.
    public var attribution: Bool?
    /// Whether the model is asked to order its steps into a series of commits.
    public var series: Bool?
    /// The shell line that decides where none is given; a repository may name one, because it runs in the sandbox only.
    public var verify: String?
    /// Which files of the tree are reports that the deciding command writes about its tests.
    public var reports: [FilePattern]?

    /// Which paths a series may not change unseen.
    public var protection = ProtectionSettings()
    /// How often the command is run before anything is done, to see whether it always fails.
    public var confirmations: Int?
    /// How often the command has to pass on the last commit.
    public var repetitions: Int?
    /// Whether the command has to pass on each commit of the series.
    public var verifiesEach: Bool?

    /// Whether the model gets the files that repositories and people write for agents (`AGENTS.md`).
    public var instructions: Bool?
    /// Further names of such files, of which a folder's first one counts.
    public var instructionFiles: [String]?

    /// The tools beyond the usual ones that are on.
    public var tools = ToolSelection()
    /// The parameters of tools that run on the server; from the user's file only.
    public var toolSettings = ToolSettings()

    /// Whether the model gets skills.
    public var skills: Bool?

    /// What commands may see and change; a repository's policy only narrows the user's.
    public var policy: PolicyChoice?
    /// Whether a person is asked when the model requests more rights for a command.
    public var approvals: ApprovalMode?
    /// The approval rules; from the user's file only.
    public var rules: [ApprovalRule] = []
    /// The servers of the Model Context Protocol; those of a repository's file need a yes of the user.
    public var servers: [MCPServer] = []

    /// The rules for runs that nobody watches.
    public var ci = CISettings()
    /// What mends without a model, in order; nil where none are named.
    public var fixers: [Fixer]?

    /// Makes settings with nothing set.
    public init() {}

    /// These settings; `other` supplies what is unset here.
    public func over(_ other: Settings) -> Settings {
        var merged = self
        merged.model = model ?? other.model
        merged.effort = effort?.over(other.effort) ?? other.effort
        merged.verbosity = verbosity?.over(other.verbosity) ?? other.verbosity
        merged.provider = provider ?? other.provider
        merged.cacheRetention = cacheRetention ?? other.cacheRetention
        merged.zeroRetention = zeroRetention ?? other.zeroRetention
        merged.background = background ?? other.background
        merged.baseURL = baseURL ?? other.baseURL
        merged.prewarm = prewarm ?? other.prewarm
        merged.maxTurns = maxTurns ?? other.maxTurns
        merged.maxTime = maxTime ?? other.maxTime
        merged.maxTokens = maxTokens ?? other.maxTokens
        merged.maxInputTokens = maxInputTokens ?? other.maxInputTokens
        merged.maxOutputTokens = maxOutputTokens ?? other.maxOutputTokens
        merged.maxCost = maxCost ?? other.maxCost
        merged.maxDisk = maxDisk ?? other.maxDisk
        merged.prices = prices.merging(other.prices) { own, _ in own }
        merged.toolSearch = toolSearch ?? other.toolSearch
        merged.toolBudget = toolBudget ?? other.toolBudget
        merged.compaction = compaction ?? other.compaction
        merged.compactionThreshold = compactionThreshold ?? other.compactionThreshold
        merged.contextWindow = contextWindow ?? other.contextWindow
        merged.commandTimeout = commandTimeout ?? other.commandTimeout
        merged.untrackedByteLimit = untrackedByteLimit ?? other.untrackedByteLimit
        merged.attribution = attribution ?? other.attribution
        merged.series = series ?? other.series
        merged.verify = verify ?? other.verify
        merged.protection = protection.over(other.protection)
        merged.confirmations = confirmations ?? other.confirmations
        merged.repetitions = repetitions ?? other.repetitions
        merged.verifiesEach = verifiesEach ?? other.verifiesEach
        merged.reports = reports ?? other.reports
        merged.instructions = instructions ?? other.instructions
        merged.skills = skills ?? other.skills
        merged.instructionFiles = instructionFiles ?? other.instructionFiles
        merged.tools = tools.over(other.tools)
        merged.toolSettings = toolSettings.over(other.toolSettings)
        merged.policy = policy ?? other.policy
        merged.approvals = approvals ?? other.approvals
        merged.rules = rules + other.rules
        merged.servers = servers + other.servers.filter { server in !servers.contains { $0.name == server.name } }
        merged.ci = ci.over(other.ci)
        merged.fixers = fixers ?? other.fixers
        return merged
    }

    /// The settings without those that a repository must not set: the server that gets the key, the rights of commands,
    /// tools that reach further, and what is about money, which is the user's.
    public var narrowedToRepository: Settings {
        var narrowed = self
        narrowed.baseURL = nil
        narrowed.provider = nil
        narrowed.prewarm = nil
        // What is stored where is the user's choice; a repository may only ask for less.
        narrowed.background = nil
        if zeroRetention == false { narrowed.zeroRetention = nil }
        narrowed.tools = ToolSelection()
        narrowed.toolSettings = ToolSettings()
        narrowed.protection = protection.narrowedToRepository
        narrowed.policy = nil
        narrowed.approvals = nil
        narrowed.rules = []
        narrowed.servers = []
        narrowed.prices = [:]
        narrowed.maxCost = nil
        narrowed.ci = ci.narrowedToRepository
        return narrowed
    }

    /// What the model costs; nil where nobody has said it.
    public var price: Price? { model.flatMap { prices[$0] } }

    /// Reads the environment: `OPENAI_BASE_URL`, `GRAFT_MODEL`, `GRAFT_EFFORT`.
    public init(environment: [String: String]) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        baseURL = value("OPENAI_BASE_URL")
        model = value("GRAFT_MODEL")
        effort = value("GRAFT_EFFORT").map { PhasedValue($0) }
    }
}
