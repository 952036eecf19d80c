import JSON
import Text

/// What is usual for tests where a file of an ecosystem is in the root.
enum Ecosystems {
    static func read(_ files: ProposalFiles, _ list: inout CandidateList) {
        if let text = files.text("Cargo.toml") {
            let isWorkspace = text.split(separator: "\n").contains { $0.hasPrefix("[workspace]") }
            list.add("cargo test\(isWorkspace ? " --workspace" : "")", .test, reason: "Cargo.toml is there")
            list.add("cargo clippy", .lint, reason: "Cargo.toml is there")
        }
        if files.has("go.mod") {
            list.add("go test ./...", .test, reason: "go.mod is there")
            list.add("go vet ./...", .lint, reason: "go.mod is there")
        }
        if files.has("Package.swift") {
            if files.hasFolder("Tests") {
                list.add("swift test", .test, reason: "Package.swift and Tests are there")
            } else {
                list.add("swift build", .build, reason: "Package.swift is there")
            }
        }
        if files.has("gradlew") {
            list.add("./gradlew test", .test, reason: "gradlew is there")
        } else if let file = files.first("build.gradle", "build.gradle.kts") {
            list.add("gradle test", .test, reason: "\(file) is there")
        }
        if files.has("pom.xml") {
            list.add(files.has("mvnw") ? "./mvnw test" : "mvn test", .test, reason: "pom.xml is there")
        }
        readCMake(files, &list)
        if files.has("meson.build"), files.text("meson.build")?.has("test(") == true {
            list.add("meson setup build && meson test -C build", .test, reason: "meson.build has tests")
        }
        if files.has(".rspec") || files.has("spec/spec_helper.rb") {
            let file = files.has(".rspec") ? ".rspec" : "spec/spec_helper.rb"
            list.add(files.has("Gemfile") ? "bundle exec rspec" : "rspec", .test, reason: "\(file) is there")
        }
        if files.has("bin/rails"), files.hasFolder("test") {
            list.add("bin/rails test", .test, reason: "bin/rails and test are there")
        }
        if files.has("mix.exs") { list.add("mix test", .test, reason: "mix.exs is there") }
        if files.has("build.sbt") { list.add("sbt test", .test, reason: "build.sbt is there") }
        if files.has("stack.yaml") { list.add("stack test", .test, reason: "stack.yaml is there") }
        if files.has("dune-project") { list.add("dune test", .test, reason: "dune-project is there") }
        if files.has("build.zig") { list.add("zig build test", .test, reason: "build.zig is there") }
        if files.has("pubspec.yaml"), files.hasFolder("test") {
            list.add("dart test", .test, reason: "pubspec.yaml and test are there")
        }
        let projects = files.names(in: "").filter {
            [".sln", ".slnx", ".csproj", ".fsproj"].contains(where: $0.hasSuffix)
        }
        if let file = projects.first { list.add("dotnet test", .test, reason: "\(file) is there") }
    }

    private static func readCMake(_ files: ProposalFiles, _ list: inout CandidateList) {
        let presets = files.bytes("CMakePresets.json").flatMap { try? JSON($0) }
        let tests = presets?["testPresets"].map { Array($0.elements) } ?? []
        let builds = presets?["buildPresets"].map { Array($0.elements) } ?? []
        for preset in tests where preset["hidden"]?.bool != true {
            guard let name = preset["name"]?.string, let configure = preset["configurePreset"]?.string else { continue }
            let build = builds.first { $0["configurePreset"]?.string == configure }?["name"]?.string
            let steps = [
                "cmake --preset \(configure.quotedForShell)",
                build.map { "cmake --build --preset \($0.quotedForShell)" },
                "ctest --preset \(name.quotedForShell)",
            ]
            list.add(
                steps.compactMap { $0 }.joined(separator: " && "), .test,
                reason: "CMakePresets.json has a preset for tests, \(name)")
        }
        if let text = files.text("CMakeLists.txt"), text.has("enable_testing") || text.has("include(CTest)") {
            list.add(
                "cmake -B build && cmake --build build && ctest --test-dir build", .test,
                reason: "CMakeLists.txt has tests")
        }
    }
}
