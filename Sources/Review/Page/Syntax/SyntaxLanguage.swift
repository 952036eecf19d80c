import Text

/// How the code of a language is coloured: what begins a comment, what a string stands between, and its words.
struct SyntaxLanguage: Sendable {
    /// What begins a comment that goes to the end of the line.
    var lineComments: [String] = []
    /// What a comment stands between that may go over several lines.
    var blockComment: (start: String, end: String)?
    /// What strings stand between.
    var quotes: [Character] = ["\"", "'"]
    /// The words of the language.
    var words: Set<String> = []

    /// The language of a file, by the end of its name; nil if it is none of the common ones.
    static func of(_ path: BytePath) -> SyntaxLanguage? {
        let name = path.text.split(separator: "/").last.map { $0.lowercased() } ?? ""
        if let known = byName[name] { return known }
        return name.lastIndex(of: ".").flatMap { byExtension[String(name[name.index(after: $0)...])] }
    }

    private static let byName: [String: SyntaxLanguage] = [
        "makefile": makefile, "gnumakefile": makefile, "dockerfile": shell, ".bashrc": shell, "gemfile": ruby,
        "rakefile": ruby,
    ]

    private static let byExtension: [String: SyntaxLanguage] = {
        let table: [(String, SyntaxLanguage)] = [
            ("py pyi pyx", python), ("c h cc cpp cxx hpp hh m mm", c), ("swift", swift), ("rs", rust), ("go", go),
            ("java kt kts scala groovy gradle cs", java), ("js mjs cjs jsx ts mts tsx", javaScript), ("rb rake", ruby),
            ("sh bash zsh", shell), ("mk", makefile), ("toml ini cfg yaml yml", settings), ("json jsonc json5", json),
            ("css scss less", css), ("sql", sql), ("php", php), ("lua", lua),
        ]
        return Dictionary(
            table.flatMap { names, language in names.split(separator: " ").map { (String($0), language) } }
        ) { first, _ in first }
    }()

    private static func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

    private static let python = SyntaxLanguage(
        lineComments: ["#"],
        words: words(
            "and as assert async await break case class continue def del elif else except False finally for from global "
                + "if import in is lambda match None nonlocal not or pass raise return self True try while with yield"))
    private static let c = SyntaxLanguage(
        lineComments: ["//"], blockComment: ("/*", "*/"),
        words: words(
            "auto bool break case catch char class const constexpr continue default delete do double else enum explicit "
                + "extern false final float for friend goto if inline int long namespace new noexcept nullptr NULL "
                + "operator override private protected public register return short signed sizeof static struct switch "
                + "template this throw true try typedef typename union unsigned using virtual void volatile while"))
    private static let swift = SyntaxLanguage(
        lineComments: ["//"], blockComment: ("/*", "*/"), quotes: ["\""],
        words: words(
            "actor any as associatedtype async await break case catch class continue default defer deinit do else enum "
                + "extension fallthrough false fileprivate final for func guard if import in indirect init inout "
                + "internal is let mutating nil nonisolated open override private protocol public repeat rethrows "
                + "return self Self some static struct subscript super switch throw throws true try typealias var "
                + "where while"))
    private static let rust = SyntaxLanguage(
        lineComments: ["//"], blockComment: ("/*", "*/"), quotes: ["\""],
        words: words(
            "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod "
                + "move mut pub ref return self Self static struct super trait true type unsafe use where while"))
    private static let go = SyntaxLanguage(
        lineComments: ["//"], blockComment: ("/*", "*/"), quotes: ["\"", "`", "'"],
        words: words(
            "break case chan const continue default defer else fallthrough false for func go goto if import interface "
                + "map nil package range return select struct switch true type var"))
    private static let java = SyntaxLanguage(
        lineComments: ["//"], blockComment: ("/*", "*/"),
        words: words(
            "abstract as assert async await boolean break byte case catch char class const continue data def default do "
                + "double else enum extends false final finally float for fun if implements import in instanceof int "
                + "interface internal is long namespace new null object open override package private protected public "
                + "record return sealed short static string super switch this throw throws trait true try using val "
                + "var void volatile when while with"))
    private static let javaScript = SyntaxLanguage(
        lineComments: ["//"], blockComment: ("/*", "*/"), quotes: ["\"", "'", "`"],
        words: words(
            "abstract any as async await boolean break case catch class const continue debugger declare default delete "
                + "do else enum export extends false finally for from function get if implements import in instanceof "
                + "interface keyof let new null number of private protected public readonly return set static string "
                + "super switch this throw true try type typeof undefined var void while yield"))
    private static let ruby = SyntaxLanguage(
        lineComments: ["#"],
        words: words(
            "alias and begin break case class def do else elsif end ensure false for if in module next nil not or "
                + "redo require rescue retry return self super then true undef unless until when while yield"))
    private static let shell = SyntaxLanguage(
        lineComments: ["#"],
        words: words(
            "break case continue do done elif else esac eval exec exit export fi for function if in local readonly "
                + "return set shift then trap unset until while RUN FROM COPY ENV CMD ENTRYPOINT WORKDIR ARG"))
    private static let makefile = SyntaxLanguage(
        lineComments: ["#"], words: words("define else endef endif export ifdef ifeq ifndef ifneq include override"))
    private static let settings = SyntaxLanguage(
        lineComments: ["#", ";"], words: words("true false null yes no on off"))
    private static let json = SyntaxLanguage(
        lineComments: ["//"], quotes: ["\""], words: words("true false null"))
    private static let css = SyntaxLanguage(blockComment: ("/*", "*/"))
    private static let sql = SyntaxLanguage(
        lineComments: ["--"], blockComment: ("/*", "*/"),
        words: {
            let lower =
                "add all alter and as asc begin between by case check commit constraint create cross default "
                + "delete desc distinct drop else end exists foreign from full group having if in index inner insert "
                + "into is join key left like limit not null on or order outer primary references right rollback select "
                + "set table then union unique update using values view when where with"
            return words(lower).union(words(lower.uppercased()))
        }())
    private static let php = SyntaxLanguage(
        lineComments: ["//", "#"], blockComment: ("/*", "*/"),
        words: words(
            "abstract array as break case catch class const continue default do echo else elseif extends false final "
                + "finally fn for foreach function if implements interface isset match namespace new null private "
                + "protected public readonly require return static switch this throw trait true try use var while yield"
        ))
    private static let lua = SyntaxLanguage(
        lineComments: ["--"],
        words: words(
            "and break do else elseif end false for function goto if in local nil not or repeat return then true until "
                + "while"))
}
