import Sandbox

/// How the browser is started: as a program in the sandbox, spoken to over the pipe that is its third and fourth
/// descriptor.
///
/// No port: what a port listens on, a page and every command of the session could reach, and with it the whole browser.
struct BrowserLaunch {
    let program: BrowserProgram
    /// Profile and downloads, as commands see the folder.
    let folder: String
    let viewport: Viewport
    /// Whether shared memory is in short supply, as in many containers.
    let savesSharedMemory: Bool

    var downloads: String { folder + "/downloads" }

    /// Makes the folders, runs the browser, and removes the profile, which is new each time and stands for the home
    /// folder: without a sandbox that would be the user's.
    private static let script = #"""
        folder=$1; shift
        rm -rf "$folder/profile"; mkdir -p "$folder/profile" "$folder/downloads" || exit 1
        for proxy in "${https_proxy-}" "${http_proxy-}"; do
            if [ -n "$proxy" ]; then set -- "$@" "--proxy-server=$proxy"; break; fi
        done
        if [ -n "${no_proxy-}" ]; then set -- "$@" "--proxy-bypass-list=$(printf %s "$no_proxy" | tr , ';')"; fi
        HOME=$folder/profile XDG_CONFIG_HOME=$folder/profile XDG_CACHE_HOME=$folder/profile
        export HOME XDG_CONFIG_HOME XDG_CACHE_HOME
        "$@" about:blank 3<&0 4>&1 </dev/null >/dev/null
        status=$?
        rm -rf "$folder/profile"
        exit $status
        """#

    var words: [String] {
        var flags = [
            "--headless", "--remote-debugging-pipe", "--user-data-dir=\(folder)/profile",
            "--window-size=\(viewport.width),\(viewport.height)",
            // Its own sandbox needs user namespaces, which commands do not get; Graft's is around all of it.
            "--no-sandbox", "--disable-setuid-sandbox", "--disable-site-isolation-trials",
            // Nothing but what the pages do goes out.
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-default-apps", "--disable-extensions", "--disable-breakpad", "--disable-crash-reporter",
            "--disable-client-side-phishing-detection", "--metrics-recording-only", "--no-pings",
            // The same picture everywhere, and nobody to click questions of the browser away.
            "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb", "--font-render-hinting=none",
            "--mute-audio", "--no-first-run", "--no-default-browser-check", "--disable-popup-blocking",
            "--disable-prompt-on-repost", "--password-store=basic", "--use-mock-keychain",
            "--disable-search-engine-choice-screen", "--disable-infobars",
            // Pages in the background go on as they do in front.
            "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
            "--disable-renderer-backgrounding",
            "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,PaintHolding,"
                + "IsolateOrigins,site-per-process,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
        ]
        if savesSharedMemory { flags.append("--disable-dev-shm-usage") }
        return ["/bin/sh", "-c", Self.script, "sh", folder, program.path] + flags
    }

    /// The end of what the browser has complained of, without what it always says; for people.
    static func lastWords(_ result: CommandResult) -> String {
        if case .notStarted(let message) = result.outcome { return message }
        let text = String(decoding: result.stderr.tail.isEmpty ? result.stderr.head : result.stderr.tail, as: UTF8.self)
        let lines = text.split(separator: "\n").filter { !$0.contains("dbus/") && !$0.contains("udev") }
        return lines.last.map { String($0.prefix(300)) } ?? ""
    }
}
