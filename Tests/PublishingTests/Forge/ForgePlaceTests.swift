import Testing
import Transport

@testable import Publishing

private func place(_ address: String, _ kind: ForgeKind? = nil, _ environment: [String: String] = [:]) throws -> String
{
    let place = try ForgePlace(
        #require(RemoteAddress(address)), kind: kind, environment: environment, remote: "origin")
    let api = place.api.description
    return "\(place.kind.rawValue) \(api.hasSuffix("/") ? String(api.dropLast()) : api) \(place.project)"
}

struct ForgePlaceTests {
    @Test(arguments: [
        ("https://github.com/acme/calc.git", "github https://api.github.com acme/calc"),
        ("https://github.com/acme/calc", "github https://api.github.com acme/calc"),
        ("git@github.com:acme/calc.git", "github https://api.github.com acme/calc"),
        ("ssh://git@ssh.github.com:443/acme/calc.git", "github https://api.github.com acme/calc"),
        ("https://ann:secret@GitHub.com/acme/calc.js/", "github https://api.github.com acme/calc.js"),
        ("git@acme.ghe.com:a/b", "github https://api.acme.ghe.com a/b"),
        ("https://github.acme.org:8443/a/b.git", "github https://github.acme.org:8443/api/v3 a/b"),
        ("ssh://git@github.acme.org:2222/a/b.git", "github https://github.acme.org/api/v3 a/b"),
        ("https://gitlab.com/a/b/c/d.git", "gitlab https://gitlab.com/api/v4 a/b/c/d"),
        ("git@gitlab.acme.org:group/sub/name.git", "gitlab https://gitlab.acme.org/api/v4 group/sub/name"),
        ("git@[::1]:a/b", "github http://[::1]:1/api/v3 a/b"),
        ("http://127.0.0.1:80/a/b", "github http://127.0.0.1/api/v3 a/b"),
    ]) func `the address of a remote names the forge, its API and the repository`(
        _ text: String, _ expected: String
    ) throws {
        let environment = text.contains("[::1]") ? ["GITHUB_API_URL": "http://[::1]:1/api/v3"] : [:]
        #expect(try place(text, text.contains("127.") ? .github : nil, environment) == expected)
    }

    @Test func `the variables of a CI system count where they are about the same machine`() throws {
        let hub = ["GITHUB_API_URL": "https://git.acme.org/api/v3", "GITHUB_SERVER_URL": "https://git.acme.org"]
        #expect(try place("git@git.acme.org:a/b", nil, hub) == "github https://git.acme.org/api/v3 a/b")
        #expect(try place("git@github.com:a/b", nil, hub) == "github https://api.github.com a/b")
        let lab = ["CI_API_V4_URL": "https://acme.org/lab/api/v4", "CI_SERVER_HOST": "acme.org"]
        #expect(try place("https://acme.org/lab/g/s/n.git", nil, lab) == "gitlab https://acme.org/lab/api/v4 g/s/n")
        #expect(try place("git@acme.org:g/s/n.git", nil, lab) == "gitlab https://acme.org/lab/api/v4 g/s/n")
        let folder = ["GITHUB_API_URL": "https://api.github.com", "GITHUB_REPOSITORY": "a/b"]
        #expect(try place("/srv/mirror.git", nil, folder) == "github https://api.github.com a/b")
    }

    @Test(arguments: [
        "https://example.org/a/b", "https://github.com/a", "https://github.com/a/b/c", "https://github.com/a/..",
        "https://gitlab.com/a%2F..%2Fb/%20", "http://github.com/a/b", "/srv/mirror.git", "https://gitlab.com/",
    ]) func `what names no repository on a forge is refused`(_ text: String) throws {
        #expect(throws: ForgeError.self) { try place(text) }
    }

    @Test(arguments: ["", "ext::sh -c id", "ftp://a/b/c", "https://", "https://host:0/a/b", "host::path", "a\nb:c"])
    func `an address of another kind is none`(_ text: String) {
        #expect(RemoteAddress(text) == nil)
    }

    @Test func `a password in an address is not kept`() throws {
        let address = try #require(RemoteAddress("https://ann:hunter2@host.example:8443/a/b.git"))
        #expect(address.plain == "https://host.example:8443/a/b.git")
        #expect(RemoteAddress("ssh://git@host/a/b")?.plain == "ssh://git@host/a/b")
        #expect(RemoteAddress("C/with:colon")?.scheme == .file)
    }

    @Test func `a token without encryption has to be asked for`() throws {
        let url = "http://git.acme.org/api/v3"
        #expect(throws: ForgeError.self) { try place("http://git.acme.org/a/b", .github) }
        #expect(throws: ForgeError.self) {
            try place("http://git.acme.org/a/b", .github, ["GITHUB_API_URL": "https://git.acme.org/api/v3"])
        }
        #expect(try place("http://git.acme.org/a/b", .github, ["GITHUB_API_URL": url]) == "github \(url) a/b")
    }

    @Test func `the first variable that is set has the token`() throws {
        let both = ["GITHUB_TOKEN": "one11", "GH_TOKEN": "two22\n"]
        let token = try ForgeToken(.github, environment: both)
        #expect(token.variable == "GH_TOKEN")
        #expect(token.headers["Authorization"] == "Bearer two22")
        #expect(token.gitHeader == "Authorization: Basic eC1hY2Nlc3MtdG9rZW46dHdvMjI=")
        #expect(try ForgeToken(.gitlab, environment: ["CI_JOB_TOKEN": "job33"]).headers["JOB-TOKEN"] == "job33")
        #expect(throws: ForgeError.self) { try ForgeToken(.github, environment: ["GITHUB_TOKEN": " \n"]) }
        #expect(throws: ForgeError.self) { try ForgeToken(.github, environment: ["GITHUB_TOKEN": "tökén"]) }
    }
}
