import Configuration
import Foundation
import Responses
import TestSupport
import Testing

@Suite struct SettingsTests {
    @Test func `a file sets what it names and leaves the rest open`() throws {
        let settings = try Settings(
            toml: """
                model = "gpt-6-sol"
                max_turns = 20
                max_time = "1h30m"
                attribution = false
                series = false
                verify = "make test"
                provider = "compatible"
                """, name: "config.toml")
        #expect(settings.model == "gpt-6-sol")
        #expect(settings.maxTurns == 20)
        #expect(settings.maxTime == .seconds(5400))
        #expect(settings.attribution == false)
        #expect(settings.series == false)
        #expect(settings.verify == "make test" && settings.narrowedToRepository.verify == "make test")
        #expect(settings.provider == .compatible)
        #expect(settings.effort == nil)
    }

    @Test(arguments: [
        ("modle = \"x\"", "unknown key modle; did you mean model?"), ("network = 1", "did you mean sandbox.network?"),
        ("verifi = \"x\"", "unknown key verifi; did you mean verify?"),
        ("[sandbx]", "unknown key sandbx; did you mean sandbox?"),
        ("[[aprove]]", "unknown key aprove; did you mean approve?"),
        ("max_turns = 0", "max_turns must be a positive whole number"),
        ("max_time = \"soon\"", "max_time must be a duration"), ("model = 5", "model must be a string"),
        ("provider = \"x\"", "provider must be"), ("series = 1", "series must be true or false"),
        ("untracked_limit = \"8 apples\"", "untracked_limit must be a size"),
        ("verify = \" \"", "verify must be a shell line"), ("verify = [\"a\"]", "verify must be a shell line"),
        ("untracked_limit = -1", "untracked_limit must be a size"),
        ("= 3", "is not TOML"), ("max_cost = 0", "max_cost must be an amount above zero"),
        ("max_cost = nan", "max_cost must be an amount"), ("max_disk = 0", "max_disk must be a size"),
        ("max_input_tokens = 0", "max_input_tokens must be a positive whole number"),
        ("max_output_tokens = -1", "max_output_tokens must be"), ("prices = 3", "prices must be a table"),
        ("[prices.m]\ninput = -1", "prices.m.input must be a price"),
        ("[prices.m]\ninput = 1\noutput = 2", "prices.m needs input and output"),
        ("[prices.m]\ninput = 1\noutput = 2\ndate = \"x\"", "prices.m.date must be a date"),
        ("[prices.m]\ncachd = 1", "unknown key prices.m.cachd; did you mean prices.m.cached?"),
        ("[prices.m]\ncurrency = \"U S\"", "prices.m.currency must be a word"),
    ])
    func `a slip in a file is an error that names the file and the key`(_ text: String, _ expected: String) {
        let error = #expect(throws: ConfigurationError.self) { try Settings(toml: text, name: "config.toml") }
        #expect(error?.description.contains(expected) == true)
        #expect(error?.description.contains("config.toml") == true)
    }

    @Test func `prices are read, and only the user's count`() throws {
        let settings = try Settings(
            toml: """
                model = "m"
                max_cost = 2
                max_disk = "2GB"
                [prices.m]
                input = 1.25
                cached = 0.125
                output = 10
                date = 2026-11-01
                [prices."other-1.5"]
                input = 1
                cache_write = 1.5
                output = 2
                currency = "EUR"
                date = 2026-10-01
                """, name: "f")
        #expect(
            settings.price == Price(input: 1.25, cached: 0.125, output: 10, currency: "USD", date: "2026-11-01"))
        #expect(settings.prices["other-1.5"]?.currency == "EUR" && settings.prices["other-1.5"]?.cacheWrite == 1.5)
        #expect(settings.maxCost == 2 && settings.maxDisk == 2 << 30)
        let narrowed = settings.narrowedToRepository
        #expect(narrowed.prices.isEmpty && narrowed.maxCost == nil && narrowed.maxDisk == 2 << 30)
        var own = Settings()
        own.prices["m"] = Price(input: 1, output: 1, currency: "CHF", date: "2026-01-01")
        let merged = own.over(settings)
        #expect(merged.price?.currency == "CHF" && merged.prices.count == 2)
        var unpriced = settings
        unpriced.model = "another"
        let error = #expect(throws: ConfigurationError.self) { try unpriced.checked() }
        #expect(error?.description.contains("[prices.\"another\"]") == true)
    }

    @Test(arguments: [
        ("\"8MB\"", 8 << 20), ("\"500 KB\"", 500 << 10), ("\"1GB\"", 1 << 30), ("\"12\"", 12), ("4096", 4096), ("0", 0),
    ])
    func `sizes are read as people write them`(_ text: String, _ bytes: Int) throws {
        #expect(try Settings(toml: "untracked_limit = \(text)", name: "f").untrackedByteLimit == bytes)
    }

    @Test func `the first place that says something wins`() throws {
        var flags = Settings()
        flags.model = "flag"
        let file = try Settings(toml: "model = \"file\"\neffort = \"low\"", name: "f")
        let merged = flags.over(
            Settings(environment: ["GRAFT_MODEL": "environment", "OPENAI_BASE_URL": "http://h/v1"])
        )
        .over(file)
        #expect(merged.model == "flag")
        #expect(merged.effort == "low")
        #expect(merged.baseURL == "http://h/v1")
    }

    @Test func `a repository cannot choose the server that gets the key`() throws {
        let file = try Settings(
            toml: "base_url = \"http://evil/v1\"\nprovider = \"compatible\"\nmodel = \"m\"", name: "f")
        let narrowed = file.narrowedToRepository
        #expect(narrowed.baseURL == nil)
        #expect(narrowed.provider == nil)
        #expect(narrowed.model == "m")
    }

    @Test func `the first place that says something decides, and the repository comes behind the user`() throws {
        let home = FileManager.default.temporaryDirectory.appending(path: "settings-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: home) }
        try FileManager.default.createDirectory(atPath: home + "/graft", withIntermediateDirectories: true)
        let user = "model = \"user\"\neffort = \"low\"\nverbosity = \"low\"\n"
        try user.write(toFile: home + "/graft/config.toml", atomically: true, encoding: .utf8)
        var flags = Settings()
        flags.model = "flag"
        let own = try Settings.own(flags: flags, environment: ["XDG_CONFIG_HOME": home, "GRAFT_EFFORT": "high"])
        var repository = Settings()
        (repository.model, repository.verbosity, repository.maxTurns) = ("theirs", "high", 7)
        repository.baseURL = "https://elsewhere.example.org"
        let all = try own.completed(by: repository)
        #expect((all.model, all.effort, all.verbosity) == ("flag", "high", "low"))
        #expect(all.maxTurns == 7 && all.baseURL == nil)
        #expect(all.maxTime == .seconds(3600))
    }
}
