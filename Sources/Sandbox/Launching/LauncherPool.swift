import Synchronization

/// Keeps one launcher waiting for the next command of a sandbox.
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

    /// Ends the one that waits and the server; no command runs any more, and none will.
    func end() {
        server.close()
        waiting.withLock { waiting in
            waiting?.dismiss()
            waiting = nil
        }
        server.waitForEnd()
    }

    /// Starts one unless there is one, and waits until nothing is missing but a command.
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

    /// Starts one unless there is one.
    func replace() {
        waiting.withLock { waiting in
            // What is wrong, the next command will tell.
            if waiting == nil { waiting = try? WaitingLauncher(server, plan: plan) }
        }
    }

    /// Starts a command in the one that waits, or in a new one.
    func run(_ command: PreparedCommand) throws(LaunchFailure) -> WaitingLauncher {
        let spare = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        if let spare {
            if try spare.run(command) { return spare }
            // Somebody has killed it.
            spare.dismiss()
        }
        let launcher = try WaitingLauncher(server, plan: plan)
        guard try launcher.run(command) else {
            throw LaunchFailure("the launcher ended before it had a command")
        }
        return launcher
    }
}
