import Glibc
import OS
import Testing

@Suite struct ChildProcessTests {
    private func start(
        _ path: String, _ arguments: [String] = [], searchesPath: Bool = false, directory: String? = nil,
        group: ChildProcess.Group = .ownSession, output: Descriptor? = nil
    ) throws -> ChildProcess {
        let null = try Descriptor(opening: "/dev/null", O_RDWR)
        defer { withExtendedLifetime(null) {} }
        return try ChildProcess(
            path: path, searchesPath: searchesPath, arguments: [path] + arguments, environment: ["GREETING=hello"],
            directory: directory, group: group, descriptors: [null.raw, output?.raw ?? null.raw, null.raw])
    }

    private func output(
        _ path: String, _ arguments: [String], searchesPath: Bool = false, directory: String? = nil,
        group: ChildProcess.Group = .ownSession
    ) throws -> String {
        var pipe: Pipe? = try Pipe()
        let reading = try #require(pipe?.reading)
        let process = try start(
            path, arguments, searchesPath: searchesPath, directory: directory, group: group, output: pipe?.writing)
        pipe = nil
        #expect(process.waitForEnd(milliseconds: 10_000))
        #expect(process.reap()?.how == .exited(0))
        return String(decoding: try FileContent.read(reading.raw), as: UTF8.self)
    }

    @Test func `a missing program is an error and no child`() {
        let error = #expect(throws: SystemError.self) { try start("/nowhere/program") }
        #expect(error?.number == ENOENT)
        #expect(error?.description == "cannot start /nowhere/program: No such file or directory")
    }

    @Test func `a file without the right to run it is an error`() throws {
        let scratch = Scratch()
        let path = scratch.path + "/program"
        let file = try Descriptor(opening: path, O_WRONLY | O_CREAT, mode: 0o600)
        try FileContent.write("#!/bin/sh\n".utf8, to: file.raw)
        let error = #expect(throws: SystemError.self) { try start(path) }
        #expect(error?.number == EACCES)
    }

    @Test func `a missing folder to start in is an error`() {
        let error = #expect(throws: SystemError.self) { try start("/bin/true", directory: "/nowhere") }
        #expect(error?.number == ENOENT)
    }

    @Test func `an exit status and a signal are told apart`() throws {
        let exits = try start("/bin/sh", ["-c", "exit 137"])
        #expect(exits.waitForEnd(milliseconds: 10_000))
        #expect(exits.reap()?.how == .exited(137))
        #expect(exits.reap() == nil)
        let sleeps = try start("/bin/sleep", ["1000"])
        #expect(!sleeps.waitForEnd(milliseconds: 0))
        #expect(sleeps.reap() == nil)
        sleeps.send(SIGKILL)
        #expect(sleeps.waitForEnd(milliseconds: 10_000))
        #expect(sleeps.reap()?.how == .signalled(SIGKILL))
    }

    @Test func `a child gets its folder, its environment and nothing else of ours`() throws {
        let said = try output("/bin/sh", ["-c", "pwd; echo $GREETING; ls /proc/self/fd | wc -l"], directory: "/usr")
        #expect(said == "/usr\nhello\n4\n")
    }

    @Test func `a program without a slash is looked up only where that is asked for`() throws {
        #expect(throws: SystemError.self) { try start("true") }
        #expect(try output("echo", ["found"], searchesPath: true) == "found\n")
    }

    @Test func `a child is where it belongs`() throws {
        let script = "read pid name state parent group session rest < /proc/$$/stat; echo $group $session"
        for (group, isOwnGroup, isOwnSession) in [
            (ChildProcess.Group.ownSession, true, true), (.ownGroup, true, false), (.ours, false, false),
        ] {
            let numbers = try output("/bin/sh", ["-c", script], group: group).split { $0 == " " || $0 == "\n" }
            #expect((numbers.first.flatMap { Int32($0) } != getpgrp()) == isOwnGroup)
            #expect((numbers.last.flatMap { Int32($0) } != getsid(0)) == isOwnSession)
        }
    }

    @Test func `a signal to the group reaches what the child has started`() throws {
        var pipe: Pipe? = try Pipe()
        let reading = try #require(pipe?.reading)
        let line = "sleep 1000 & echo x; wait"
        let process = try start("/bin/sh", ["-c", line], group: .ownGroup, output: pipe?.writing)
        pipe = nil
        var entry = pollfd(fd: reading.raw, events: Int16(POLLIN), revents: 0)
        #expect(poll(&entry, 1, 10_000) == 1)
        #expect(process.sendToGroup(SIGKILL))
        // The end of the output, to be waited for, shows that nobody holds it any more.
        #expect(fcntl(reading.raw, F_SETFL, 0) == 0)
        #expect(try FileContent.read(reading.raw) == Array("x\n".utf8))
        #expect(process.waitForEnd(milliseconds: 10_000))
        #expect(process.reap()?.how == .signalled(SIGKILL))
        #expect(!process.sendToGroup(SIGKILL))
    }

    @Test func `a descriptor passes a socket to somebody else`() throws {
        let (sockets, pipe) = (try SocketPair(), try Pipe())
        try sockets.near.send([pipe.writing])
        let received = try sockets.far.receive()
        #expect(received.raw != pipe.writing.raw)
        try FileContent.write([5], to: received.raw)
        var byte: UInt8 = 0
        #expect(read(pipe.reading.raw, &byte, 1) == 1 && byte == 5)
        shutdown(sockets.near.raw, Int32(SHUT_RDWR))
        let error = #expect(throws: SystemError.self) { try sockets.far.receive() }
        #expect(error?.number == 0)
    }

    @Test func `a sealed file cannot be changed`() throws {
        let file = try Descriptor.sealed([1, 2, 3])
        #expect(throws: SystemError.self) { try FileContent.write([4], to: file.raw) }
        lseek(file.raw, 0, SEEK_SET)
        #expect(try FileContent.read(file.raw) == [1, 2, 3])
    }
}
