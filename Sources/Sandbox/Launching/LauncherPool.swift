import Synchronization

/// A pool of one launcher that is ready for the next command of a sandbox.
final class LauncherPool: Sendable {
    let server: ForkServer
    private let plan: LauncherPlan
    private let waiting = Mutex<WaitingLauncher?>(nil)

    init(_ server: ForkServer, plan: LauncherPlan) {
        self.server = server
        self.plan = plan
    }

    deinit {
        waiting.withLock { $0?.dismiss() }
    }

    /// Ends the waiting launcher and the server; no command must run any more.
    func end() {
        server.close()
        waiting.withLock { waiting in
            waiting?.dismiss()
            waiting = nil
        }
        server.waitForEnd()
    }

    /// Fills the pool and waits until its launcher is ready.
    func prepare(_ timeout: Duration) throws(LaunchFailure) {
        try waiting.withLock { waiting throws(LaunchFailure) in
            let launcher: WaitingLauncher
            if let spare = waiting { launcher = spare } else { launcher = try WaitingLauncher(server, plan: plan) }
            do throws(LaunchFailure) { try launcher.waitUntilReady(timeout) } catch {
                launcher.dismiss()
                waiting = nil
                throw error
            }
            waiting = launcher
        }
    }

    /// Fills the pool.
    func replace() {
        waiting.withLock { waiting in
            // The next command reports the error.
            if waiting == nil { waiting = try? WaitingLauncher(server, plan: plan) }
        }
    }

    /// Starts a command in the waiting launcher, or in a new one.
    func run(_ command: PreparedCommand) throws(LaunchFailure) -> WaitingLauncher {
        let spare = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        if let spare {
            if try spare.run(command) { return spare }
            // The launcher was killed.
            spare.dismiss()
        }
        let launcher = try WaitingLauncher(server, plan: plan)
        guard try launcher.run(command) else {
            throw LaunchFailure("the launcher ended before it had a command")
        }
        return launcher
    }
}
