import Agent
import Configuration
import Glibc
import Repository
import Session
import Text
import Workspace

/// Keeps the folder of sessions small after a run, where a rule says how many stay (`keep`).
///
/// Commits that are nowhere else stay as they are, on their branches; what goes is what the disk holds of a session.
struct SessionKeeping {
    private let rule: KeepRule?
    private let environment: [String: String]

    /// Reads the rule: of the flags, or of the user's file.
    init(_ request: RunRequest) {
        environment = request.environment
        // The run has told what is wrong with the file.
        rule = (try? Settings.own(flags: request.settings, environment: request.environment))?.ci.keep
    }

    /// Removes what is beyond the rule; does nothing while another clean-up is at work.
    func apply() {
        guard let rule else { return }
        let store = SessionStore(environment: environment)
        guard let cleaner = try? SessionCleaner(store: store, environment: environment) else { return }
        let now = time(nil)
        let going: [SessionID]
        switch rule {
        case .newest(let count): going = Array(store.identifiers().dropFirst(count))
        case .within(let age):
            going = store.identifiers().filter { id in
                .seconds(now - ((try? store.summary(of: id).lastActivity) ?? now)) > age
            }
        }
        if !going.isEmpty {
            for plan in cleaner.plan(CleaningRequest(sessions: going, now: now)) {
                // A tree with changes that are in no commit is somebody's to look at.
                guard plan.action == .remove, plan.uncommitted == nil, plan.folder != nil else { continue }
                do { try cleaner.perform(plan.leavingUnsharedWork) } catch {
                    StandardError.write("graft: the session \(plan.id) stays on the disk: \("\(error)".marked)")
                }
            }
        }
        TaskRecord.removeStale(environment: environment)
    }
}
