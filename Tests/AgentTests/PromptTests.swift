import Prompts
import Responses
import Testing
import Tools

@testable import Agent

/// The rules that a session begins with, and what it is told of its place.
@Suite struct PromptTests {
    private static let sections = [
        "run_with_permission": "# More rights", "report_milestone": "# Milestones", "update_plan": "# Plan",
        "tool_search": "# Further tools", "computer": "# The browser",
    ]

    @Test func `the rules with all that there is are at most 4000 bytes`() {
        #expect(Prompt.developer(tools: Set(Self.sections.keys)).utf8.count <= 4000)
    }

    @Test(arguments: sections) func `a section is there with its tool only`(_ tool: String, _ heading: String) {
        #expect(Prompt.developer(tools: [tool]).contains(heading))
        let others = Set(Self.sections.keys).subtracting([tool])
        #expect(!Prompt.developer(tools: others).contains(heading))
    }

    /// A tool that the rules name and the session lacks would be called in vain.
    @Test(arguments: ProviderProfile.allCases) func `the rules name no tool that is not there`(
        _ profile: ProviderProfile
    ) {
        let catalog = ToolCatalog(ToolCatalog.standard(ordersSteps: true), for: profile)
        let rules = Prompt.developer(tools: catalog.names)
        let named = rules.split { !($0.isLetter || $0 == "_") }.filter {
            $0.contains("_") && $0.wholeMatch(of: /[a-z_]+/) != nil
        }
        #expect(!named.isEmpty)
        for name in named { #expect(catalog.names.contains(String(name)), "\(name)") }
    }

    @Test func `with a source of further tools the rules say how to find them`() {
        for (profile, name) in [(ProviderProfile.openai, "tool_search"), (.compatible, "find_tools")] {
            let catalog = ToolCatalog(ToolCatalog.standard(ordersSteps: true), for: profile, sources: ["git"])
            #expect(catalog.names.contains(name))
            #expect(Prompt.developer(tools: catalog.names).contains("# Further tools"))
        }
    }

    @Test func `the facts are the same for a place on one day`() {
        let facts = Facts(ignored: ["node_modules", "b\u{1B}[1m"], path: "/usr/bin:/bin", date: 1_795_780_800)
        #expect(
            facts.text
                == Facts(ignored: ["node_modules", "b\u{1B}[1m"], path: "/usr/bin:/bin", date: 1_795_782_000).text)
        #expect(facts.text.hasPrefix("Date: 2026-11-27\nSystem: "))
        #expect(facts.text.contains("\nPrograms, among others: ") && facts.text.contains("git"))
        #expect(facts.text.contains("\nIgnored by git, and there: node_modules, b"))
        #expect(!facts.text.contains("\u{1B}"))
    }

    @Test func `of many folders some are named, and of no programs none`() {
        let many = Facts(ignored: (1...40).map { "f\($0)" }, path: "/no-such-folder", date: 0).text
        #expect(many.contains("f12 and 28 more.") && !many.contains("f13"))
        #expect(!many.contains("Programs"))
    }
}
