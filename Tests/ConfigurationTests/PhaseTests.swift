import Configuration
import Responses
import TestSupport
import Testing

@Suite struct `A value by phase of the work` {
    @Test func `stays as it was where a phase says nothing`() {
        let value = PhasedValue([.start: "high", .afterRootCause: "medium", .ordering: "low"])
        #expect(value.value(in: .start, reached: .start) == "high")
        #expect(value.value(in: .afterRootCause, reached: .afterRootCause) == "medium")
        #expect(value.value(in: .afterFix, reached: .afterFix) == "medium")
        #expect(value.value(in: .ordering, reached: .start) == "low")
        #expect(value.value(in: .compaction, reached: .start) == "high")
        #expect(value.value(in: .compaction, reached: .afterFix) == "medium")
        #expect(PhasedValue([.ordering: "low"]).value(in: .start, reached: .start) == nil)
        #expect(PhasedValue([.ordering: "low"]).value(in: .afterFix, reached: .afterFix) == nil)
    }

    @Test func `is read as a string or as a table`() throws {
        #expect(try Settings(toml: "effort = \"low\"", name: "f").effort == "low")
        let table = """
            effort = {start = "high", after_root_cause = "medium", after_fix = "low", ordering = "low", compaction = "low"}
            [verbosity]
            ordering = "low"
            """
        let settings = try Settings(toml: table, name: "f")
        #expect(settings.effort?.all.map(\.value) == ["high", "medium", "low", "low", "low"])
        #expect(settings.verbosity == PhasedValue([.ordering: "low"]))
        for (text, words) in [
            ("effort = 3", "effort must be a string, or a table"),
            ("effort = {late = \"low\"}", "unknown key effort.late"),
            ("[effort]\nordring = \"low\"", "did you mean effort.ordering?"),
            ("[effort]\nstart = 3", "effort.start must be a string"),
        ] {
            let error = #expect(throws: ConfigurationError.self) { try Settings(toml: text, name: "f") }
            #expect(error?.description.contains(words) == true, "\(text)")
        }
    }

    @Test func `is written so that it can be read again`() {
        for value in [
            PhasedValue("high"), PhasedValue([.start: "high", .ordering: "low"]), PhasedValue([.afterFix: "low"]),
        ] {
            #expect(PhasedValue(spelled: value.description) == value)
        }
        #expect(PhasedValue("high").description == "high")
    }

    @Test func `of one place is taken whole, but for a beginning that it lacks`() throws {
        let table = try Settings(toml: "effort = {ordering = \"low\"}", name: "f")
        let standard = table.over(.standard)
        #expect(standard.effort == PhasedValue([.start: "medium", .ordering: "low"]))
        var flag = Settings()
        flag.effort = "high"
        #expect(flag.over(table).effort == "high")
    }
}

@Suite struct `Efforts of models` {
    private func settings(_ model: String, _ effort: PhasedValue, verbosity: PhasedValue = "low") -> Settings {
        var settings = Settings()
        (settings.model, settings.effort, settings.verbosity) = (model, effort, verbosity)
        return settings
    }

    @Test(arguments: [
        ("gpt-6-astra", "none"), ("gpt-6-astra-2026-09-01", "minimal"), ("gpt-5.5", "max"), ("gpt-5.5", "minimal"),
        ("gpt-5.1", "xhigh"), ("gpt-5", "none"), ("gpt-5-mini", "xhigh"), ("gpt-5.6-sol", "minimal"),
    ])
    func `that are known to be refused are refused at once`(_ model: String, _ effort: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try settings(model, PhasedValue(effort)).checked() }
        #expect(error?.description.hasPrefix("\(model) does not take the effort \"\(effort)\"; it takes ") == true)
        // Under that name another server may have anything.
        var elsewhere = settings(model, PhasedValue(effort))
        elsewhere.provider = .compatible
        #expect(throws: Never.self) { try elsewhere.checked() }
    }

    @Test(arguments: [
        ("gpt-5.6", "max"), ("gpt-5.1-codex-max", "xhigh"), ("gpt-5", "minimal"), ("gpt-5.5-pro", "minimal"),
        ("gpt-6.1-sol", "none"), ("my-model", "max"), ("gpt-5.5", "ultra"), ("gpt-6-astra", "ultra"),
    ])
    func `that may be taken are sent`(_ model: String, _ effort: String) throws {
        #expect(throws: Never.self) { try settings(model, PhasedValue(effort)).checked() }
    }

    @Test func `are checked in each phase`() {
        let error = #expect(throws: ConfigurationError.self) {
            try settings("gpt-5.5", PhasedValue([.start: "low", .ordering: "minimal"])).checked()
        }
        #expect(error?.description.contains("\"minimal\" (ordering)") == true)
    }

    @Test func `that nobody knows are told of, and so is such a verbosity`() {
        let told = settings("m", PhasedValue([.start: "ultra", .ordering: "low"]), verbosity: "loud").unknownValues
        #expect(told.count == 2 && told.last?.hasPrefix("unknown verbosity \"loud\"") == true)
        #expect(told.first?.hasPrefix("unknown effort \"ultra\" is sent as it is; known are none, ") == true)
        #expect(settings("m", "low").unknownValues.isEmpty)
    }

    @Test(arguments: ["", " "]) func `that are empty are refused`(_ text: String) {
        #expect(throws: ConfigurationError.self) { try settings("m", PhasedValue(text)).checked() }
        #expect(throws: ConfigurationError.self) { try settings("m", "low", verbosity: PhasedValue(text)).checked() }
    }
}

@Suite struct `What a server may store` {
    @Test func `is nothing, or what is made in the background`() throws {
        let both = try Settings(toml: "background = true\nzdr = true", name: "f")
        let error = #expect(throws: ConfigurationError.self) { try both.checked() }
        #expect(error?.description.contains("background and zdr exclude each other") == true)
        var elsewhere = try Settings(toml: "background = true", name: "f")
        #expect(throws: Never.self) { try elsewhere.checked() }
        elsewhere.provider = .compatible
        #expect(throws: ConfigurationError.self) { try elsewhere.checked() }
    }

    @Test func `is made more by no repository`() throws {
        let theirs = try Settings(toml: "background = true\nzdr = false", name: "f").narrowedToRepository
        #expect(theirs.background == nil && theirs.zeroRetention == nil)
        #expect(try Settings(toml: "zdr = true", name: "f").narrowedToRepository.zeroRetention == true)
    }
}
