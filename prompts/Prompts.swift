/// The texts that the model is given, embedded at build from the Markdown files beside this one.
public enum Prompt {
    /// The rules of a session that changes code, for the tools that it has: its first developer message.
    ///
    /// The bytes are the same for the same tools, whatever the task and the policy: the server caches them.
    public static func developer(tools: Set<String>) -> String {
        sections.reduce(into: text(PackageResources.developer_md)) { rules, section in
            if !tools.isDisjoint(with: section.tools) { rules += "\n" + text(section.text) }
        }
    }

    /// What is said only where one of the tools is there.
    private static let sections: [(tools: Set<String>, text: [UInt8])] = [
        (["run_with_permission"], PackageResources.with_permission_md),
        (["report_milestone"], PackageResources.with_milestones_md),
        (["update_plan"], PackageResources.with_plan_md),
        (["tool_search", "find_tools"], PackageResources.with_search_md),
        (["computer"], PackageResources.with_computer_md),
    ]

    /// The rules of a question about a repository: its developer message.
    public static let ask = text(PackageResources.ask_md)
    /// What `graft fix` asks for; the command and its failures follow.
    public static let fix = text(PackageResources.fix_md)
    /// What `graft run` asks for; the task follows.
    public static let run = text(PackageResources.run_md)
    /// The answer to a claim of success that the command does not bear out; the output follows.
    public static let stillFailing = text(PackageResources.still_failing_md)
    /// The answer to a claim of success that the command bears out, but for doubtful reasons; a list of them follows.
    public static let doubted = text(PackageResources.doubted_md)
    /// What is asked when the work is done: to order the change into commits; the hunks follow.
    public static let order = text(PackageResources.order_md)
    /// The answer to a claim of success while something is in no commit; a list follows.
    public static let notStored = text(PackageResources.not_stored_md)
    /// The answer to a response without content.
    public static let nothingSaid = text(PackageResources.nothing_said_md)
    /// The answer to a response of commentary without a call.
    public static let unfinished = text(PackageResources.unfinished_md)
    /// What is said to a model that repeats its calls; which ones follow.
    public static let repeating = text(PackageResources.repeating_md)
    /// What is said when most of a limit of the run is used; a list of the limits follows.
    public static let budget = text(PackageResources.budget_md)
    /// The answer to a response that the provider cut off.
    public static let cutOff = text(PackageResources.cut_off_md)
    /// What stands before the repository's instructions for agents.
    public static let instructions = text(PackageResources.instructions_md)
    /// What stands before the person's own instructions for agents.
    public static let ownInstructions = text(PackageResources.own_instructions_md)
    /// What stands before the instructions of folders that the model comes to.
    public static let nestedInstructions = text(PackageResources.nested_instructions_md)
    /// What is said when a session goes on; the reason why it was stopped follows.
    public static let resumed = text(PackageResources.resumed_md)
    /// What stands before what a person says while the session is under way.
    public static let newest = text(PackageResources.newest_md)
    /// What stands before the skills that a prompt names.
    public static let skills = text(PackageResources.skills_md)
    /// What a model is asked that has to compact its history itself.
    public static let summarize = text(PackageResources.summarize_md)

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
