// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)])

/// Targets whose time goes to waiting for others: small code loads faster there, and runs as fast.
let small: Set = [
    "Agent", "Browser", "Configuration", "Evidence", "GraftCommands", "OS", "Publishing", "Responses", "Review",
    "Sandbox", "Session", "Simulator", "Terminal", "TOML", "Tools", "Transport", "Workspace",
]

/// The linker leaves out what nothing calls, and folds what is alike, one function at a time.
let sections: [SwiftSetting] = [.unsafeFlags(["-Xfrontend", "-function-sections"], .when(configuration: .release))]

func target(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    let size: [SwiftSetting] =
        small.contains(name) ? [.unsafeFlags(["-Osize"], .when(configuration: .release))] : []
    return .target(
        name: name, dependencies: dependencies, resources: resources, swiftSettings: strict + sections + size)
}

/// What `scripts/build` says of the commit that it builds.
let build = ["GRAFT_BUILD_COMMIT", "GRAFT_BUILD_DATE"].compactMap { name in
    Context.environment[name].map { CSetting.define(name, to: $0) }
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies, exclude: exclude,
        resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "graft",
    products: [
        .executable(name: "graft", targets: ["graft"]),
        .executable(name: "graft-sandbox", targets: ["graft-sandbox"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        .target(name: "CLoad"),
        .target(
            name: "CGit", dependencies: ["CLoad"],
            // libgit2 shall call it, and only names that the program exports are found.
            linkerSettings: [.unsafeFlags(["-Xlinker", "--export-dynamic-symbol=mbedtls_x509_crt_parse_file"])]),
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CWebSockets", dependencies: ["CLoad"]),
        .target(name: "CExpat", dependencies: ["CLoad"]),
        .target(name: "CZlib", dependencies: ["CLoad"]),
        .target(name: "CSpawn"),
        .target(name: "CBuild", cSettings: build),
        // Static: it starts for every command, and loading a C library would double its time.
        .executableTarget(
            name: "graft-sandbox", path: "sandbox/launcher", linkerSettings: [.unsafeFlags(["-static-executable"])]),
        .target(
            name: "Prompts", path: "prompts",
            resources: [
                "developer", "with-permission", "with-milestones", "with-plan", "with-search", "with-computer", "fix",
                "run", "ask", "still-failing", "doubted", "repeating", "not-stored", "nothing-said", "unfinished",
                "cut-off",
                "order",
                "instructions", "own-instructions", "nested-instructions", "budget", "resumed", "newest", "skills",
                "summarize",
            ].map { .embedInCode("\($0).md") },
            swiftSettings: strict),
        target("Text"),
        target("JSON"),
        target("JSONRPC", ["JSON"]),
        target("XML", ["CExpat"]),
        target("Zip", ["CZlib"]),
        target("Responses", ["JSON"]),
        target("OS", ["CBuild", "CSpawn"]),
        target("Transport", ["OS", "CWebSockets", "CCurl"]),
        target("Patching", ["Text"]),
        .target(name: "CBeneath"),
        target("Repository", ["OS", "CGit", "CBeneath", "Patching", "Text"]),
        .target(
            name: "Profiles", path: "sandbox/profiles",
            resources: ["workspace-write", "read-only", "offline", "network"].map { .embedInCode("\($0).toml") },
            swiftSettings: strict),
        target("TOML", ["Text"]),
        target("Sandbox", ["OS", "Profiles", "TOML", "Text"]),
        target("Browser", ["JSON", "OS", "Responses", "Sandbox"]),
        target("Session", ["JSON", "OS", "Responses", "Text"]),
        target("Configuration", ["OS", "Responses", "Sandbox", "Text", "TOML"]),
        target(
            "Workspace",
            ["Configuration", "JSON", "OS", "Patching", "Repository", "Responses", "Sandbox", "Session", "Text"]),
        target(
            "Tools",
            [
                "Browser", "Configuration", "JSON", "OS", "Patching", "Repository", "Responses", "Sandbox", "Session",
                "Text", "Workspace",
            ]),
        target(
            "MCP",
            [
                "Configuration", "JSON", "JSONRPC", "OS", "Responses", "Sandbox", "Session", "Text", "TOML", "Tools",
                "Transport", "Workspace",
            ]),
        target(
            "Evidence",
            ["JSON", "OS", "Repository", "Sandbox", "Session", "Text", "TOML", "Workspace", "XML", "Zip"]),
        target(
            "Agent",
            [
                "Configuration", "Evidence", "JSON", "MCP", "OS", "Prompts", "Repository", "Responses", "Sandbox",
                "Session", "Text", "Tools", "Transport", "Workspace",
            ]),
        target("Publishing", ["JSON", "OS", "Repository", "Responses", "Session", "Text", "Transport"]),
        target("Terminal", ["OS", "Repository", "Text"]),
        target(
            "Review",
            [
                "Configuration", "Evidence", "JSON", "OS", "Repository", "Responses", "Sandbox", "Session", "Terminal",
                "Text", "Workspace",
            ],
            resources: ["page.css", "page.js"].map { .embedInCode("Page/\($0)") }),
        target("Simulator", ["OS", "JSON", "Responses", "CWebSockets"]),
        target(
            "GraftCommands",
            [
                "Agent", "Configuration", "Evidence", "JSON", "JSONRPC", "MCP", "OS", "Patching", "Publishing",
                "Repository", "Responses", "Review", "Sandbox", "Session", "Simulator", "Terminal", "Text", "TOML",
                "Tools", "Transport", "Workspace",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "graft", dependencies: ["GraftCommands"], swiftSettings: strict,
            // Nobody links with the program, many functions are compiled to the same code, and its own addresses, 76,000 of
            // them, take a hundredth of the space when packed (glibc 2.36).
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-use-ld=lld", "-Xlinker", "--no-export-dynamic", "-Xlinker", "--icf=all", "-Xlinker", "-z",
                        "-Xlinker", "pack-relative-relocs",
                    ], .when(configuration: .release))
            ]),
        .executableTarget(
            name: "repository-bench", dependencies: ["Patching", "Repository", "Text"], path: "Sources/RepositoryBench",
            swiftSettings: strict),
        tests("OS", []),
        // What the tests of several targets share.
        .target(
            name: "TestSupport",
            dependencies: ["Configuration", "Repository", "Responses", "Sandbox", "Session", "Text"],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        tests("Text", []),
        tests("JSON", []),
        tests("JSONRPC", ["JSON"]),
        tests("MCP", ["Configuration", "JSON", "JSONRPC", "OS", "Session", "Text"]),
        tests("Responses", ["JSON"]),
        tests("Transport", []),
        tests("TOML", []),
        tests("XML", []),
        tests("Zip", []),
        // Says what it reads of documents, for a comparison with another parser.
        .executableTarget(
            name: "toml-check", dependencies: ["JSON", "TOML"], path: "Tests/TOMLCheck", swiftSettings: strict),
        tests("Patching", ["Text"], resources: [.copy("Resources")]),
        tests("Repository", ["Patching", "TestSupport", "Text"]),
        // What tries to get out of the sandbox; static for the same reason.
        .executableTarget(
            name: "escape-attempts", path: "Tests/Escape", linkerSettings: [.unsafeFlags(["-static-executable"])]),
        tests("Sandbox", ["OS", "TestSupport", "Text", "escape-attempts"], resources: [.copy("Resources")]),
        tests("Browser", ["JSON", "Responses", "Sandbox", "TestSupport"]),
        tests("Session", ["JSON", "Responses", "TestSupport", "Text"], resources: [.copy("Resources")]),
        tests("Configuration", ["Responses", "Sandbox", "TestSupport"]),
        tests(
            "Workspace",
            ["Configuration", "Patching", "Repository", "Sandbox", "Session", "TestSupport", "Text"]),
        tests(
            "Tools",
            [
                "Configuration", "JSON", "Repository", "Responses", "Sandbox", "Session", "TestSupport", "Text",
                "Workspace",
            ]),
        tests("Evidence", ["JSON", "Patching", "Repository", "Sandbox", "Session", "TestSupport", "Text", "Zip"]),
        tests(
            "Agent",
            [
                "Configuration", "JSON", "OS", "Prompts", "Repository", "Responses", "Sandbox", "Session", "Simulator",
                "TestSupport", "Text", "Tools", "Transport", "Workspace",
            ]),
        tests("Publishing", ["JSON", "OS", "Repository", "Session", "Text", "Transport"]),
        tests("Terminal", ["OS", "Repository", "TestSupport", "Text"]),
        tests(
            "Review",
            ["Evidence", "JSON", "Repository", "Responses", "Session", "Terminal", "TestSupport", "Text", "Workspace"]),
        tests("Simulator", ["JSON", "Responses"]),
    ],
    cLanguageStandard: .gnu17
)
