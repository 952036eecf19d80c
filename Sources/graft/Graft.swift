import ArgumentParser
import GraftCommands

@main enum Graft {
    static func main() async {
        await GraftCommand.main()
    }
}
