import Agent
import Configuration
import Glibc
import OS
import Repository
import Responses
import Sandbox
import Session
import Transport

/// Checks everything that a run needs, one thing after the other.
struct Doctor: Sendable {
    private let settings: Settings
    private let environment: [String: String]

    /// Takes the settings of the flags, which go before those of the environment and the file.
    init(settings: Settings, environment: [String: String]) {
        self.settings = settings
        self.environment = environment
    }

    /// The findings, as they are made.
    ///
    /// - Parameter online: Whether to ask the server too.
    func findings(online: Bool) -> AsyncStream<Finding> {
        AsyncStream { continuation in
            let task = Task {
                for finding in libraries { continuation.yield(finding) }
                for finding in await sandbox { continuation.yield(finding) }
                let place = stateFolder
                continuation.yield(place)
                if place.isGood { continuation.yield(await overlays) }
                for finding in server { continuation.yield(finding) }
                if online { for finding in await reachability { continuation.yield(finding) } }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private var libraries: [Finding] {
        [
            Self.library("libgit2", GitRepository.libraryVersion, package: "libgit2-dev"),
            Self.library("libwebsockets", WebSocketConnection.libraryVersion, package: "libwebsockets-dev"),
            Self.library("libcurl", HTTPClient.libraryVersion, package: "libcurl4"),
        ]
    }

    private static func library(_ name: String, _ version: String?, package: String) -> Finding {
        Finding(name, version != nil, version.map(number) ?? "not found", remedy: "apt-get install \(package)")
    }

    /// The number alone: `7.88.1` of `libcurl/7.88.1`, `4.1.6` of `4.1.6-`.
    private static func number(in version: String) -> String {
        let number = version.drop { !("0"..."9").contains($0) }.prefix { ("0"..."9").contains($0) || $0 == "." }
        return number.isEmpty ? version : String(number)
    }

    private var sandbox: [Finding] {
        get async {
            let home = environment["HOME"] ?? "/root"
            var policy = SandboxPolicy(workingTree: "/tmp", hiddenPaths: SandboxPolicy.secretPaths(home: home))
            policy.closeHomes(environment: environment)
            do throws(SandboxError) {
                let rungs = try await Sandbox.report(policy: policy, searchPath: environment["PATH"] ?? "")
                let chosen = rungs.first { $0.trouble == nil }?.rung
                var findings = rungs.map { rung, trouble in
                    let state = rung == chosen ? "used: " : trouble == nil ? "works: " : "not here: "
                    // A weaker rung that does not work here is no fault: a stronger one is used.
                    return Finding(rung.rawValue, chosen != nil, state + (trouble ?? rung.mechanism))
                }
                let opened = policy.openedPaths(home: home)
                let few =
                    opened.prefix(8).joined(separator: ", ") + (opened.count > 8 ? " and \(opened.count - 8) more" : "")
                let paths = opened.isEmpty ? "closed" : "closed but for \(few)"
                findings.append(Finding("home", true, policy.closedFolders.isEmpty ? "none" : paths))
                if chosen == nil {
                    let remedy = "see above, or --sandbox external on a disposable machine"
                    findings.append(Finding("sandbox", false, "none works here", remedy: remedy))
                }
                return findings
            } catch {
                return [Finding("sandbox", false, error.description)]
            }
        }
    }

    private var stateFolder: Finding {
        let path = SessionFolder.root(environment: environment)
        do throws(SessionError) {
            try SessionFolder.makeRoot(environment: environment)
            let isWritable = access(path, W_OK) == 0
            return Finding("sessions", isWritable, path, remedy: "point XDG_STATE_HOME at a place that can be written")
        } catch {
            return Finding("sessions", false, error.description)
        }
    }

    /// Whether an overlay of a checkout can be a working tree, with its changes in the folder of the sessions.
    private var overlays: Finding {
        get async {
            let folder = "\(SessionFolder.root(environment: environment))/doctor-\(getpid())"
            let (lower, tree) = ("\(folder)/lower", "\(folder)/tree")
            do {
                for path in [lower, tree, "\(folder)/upper/.git", "\(folder)/work"] { try SessionFolder.make(path) }
                // A folder that stays behind is empty and harms nothing.
                defer { try? FolderRemoval.remove(folder) }
                let resolved = FilePath.resolved(tree) ?? tree
                var policy = SandboxPolicy(workingTree: resolved)
                policy.overlays = [Overlay(lower: lower, path: resolved, store: folder)]
                let sandbox = try await Sandbox.probe(
                    policy: policy, searchPath: environment["PATH"] ?? "", isForOneCommand: true)
                sandbox.end()
                return Finding("overlays", true, "works: --tree overlay, which large checkouts take")
            } catch {
                return Finding("overlays", true, "not here: \(error); large checkouts are written out")
            }
        }
    }

    private var server: [Finding] {
        let hasKey = environment["OPENAI_API_KEY"]?.isEmpty == false
        do {
            let settings = try merged
            let url = settings.baseURL ?? "https://api.openai.com/v1"
            return [
                Finding(
                    "key", hasKey || settings.provider == .compatible,
                    hasKey ? "OPENAI_API_KEY is set" : "OPENAI_API_KEY is not set", remedy: "export OPENAI_API_KEY=…"),
                Finding("server", true, url),
                Finding("model", true, "\(settings.model ?? "") (effort \(settings.effort ?? "unset"))"),
            ] + (try proxy(to: Endpoint(url)))
        } catch {
            return [
                Finding("configuration", false, "\(error)", remedy: "mend the file or the variable, or take it away")
            ]
        }
    }

    /// The proxy that requests go through, and one that is not for this server; nothing where none is configured.
    private func proxy(to endpoint: Endpoint) -> [Finding] {
        if let proxy = ProxySetting.select(for: endpoint, environment: environment) {
            return [Finding("proxy", true, "\(proxy)")]
        }
        return ProxySetting.configured(for: endpoint, environment: environment).map {
            [Finding("proxy", true, "none for \(endpoint.host): \($0) is for other servers")]
        } ?? []
    }

    private var reachability: [Finding] {
        get async {
            do {
                let settings = try merged
                let route = try ModelServer(settings: settings, environment: environment)
                let models = Finding("http", true, "\(route.endpoint): \(try await route.countModels()) models")
                guard settings.provider != .compatible else { return [models] }
                do throws(TransportError) {
                    try await route.openSocket().close()
                    return [models, Finding("websocket", true, "\(route.endpoint): open")]
                } catch {
                    return [models, Finding("websocket", false, error.message, remedy: "runs go over HTTP then")]
                }
            } catch let error as RunEnding {
                return [Finding("online", false, error.message)]
            } catch {
                return [Finding("online", false, "\(error)", remedy: "check OPENAI_BASE_URL, the key and the network")]
            }
        }
    }

    private var merged: Settings {
        get throws {
            try Settings.own(flags: settings, environment: environment).completed()
        }
    }
}
