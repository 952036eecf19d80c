import GraftCommands

@main enum Graft {
    static func main() async {
        GraftCommand.requireArguments()
        await GraftCommand.runToEnd()
    }
}
