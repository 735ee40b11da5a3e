import Foundation
import Testing
import ZooTestSupport

/// `Scripts/fetch-data` with stand-ins for the tools that would use the network.
@Suite struct DatasetFetchScriptTests {
    /// Runs the script and gives its exit status and messages.
    private func fetch(_ names: [String], into data: String, tools: DatasetFolder) throws -> (Int32, String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: DatasetBytes.checkout + "/Scripts/fetch-data")
        process.arguments = names
        process.environment = [
            "WEIGHTSPACE_DATA": data, "PATH": "\(tools.path):/usr/local/bin:/usr/bin:/bin", "TMPDIR": tools.path,
        ]
        let messages = Pipe()
        process.standardError = messages
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    private func tool(_ name: String, _ body: String, in folder: DatasetFolder) throws {
        let path = try folder.write("#!/bin/sh\n\(body)\n", to: name)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    /// What a folder holds, hidden files too.
    private func content(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test(arguments: [[], ["cifar"], ["mnist", "--force"]])
    func wrongUsageWritesNothing(names: [String]) throws {
        try DatasetFolder.with { folder in
            let (status, text) = try fetch(names, into: folder.path + "/data", tools: folder)
            #expect(status == 64)
            #expect(text.contains("mnist fashion-mnist"))
            #expect(try content(folder.path).isEmpty)
        }
    }

    @Test(arguments: ["mnist", "fashion-mnist"])
    func withoutANetworkThereIsAMessageAndNothingElse(name: String) throws {
        try DatasetFolder.with { tools in
            try DatasetFolder.with { data in
                for command in ["apt-get", "python3", "sudo"] {
                    try tool(command, "echo no network >&2; exit 100", in: tools)
                }
                let (status, text) = try fetch([name], into: data.path, tools: tools)
                #expect(status == 69)
                #expect(text.contains("fetch-data: \(name): ") || text.contains("python3-venv"))
                #expect(try content(data.path).isEmpty)
            }
        }
    }

    /// An `apt-get` that delivers something, and a `dpkg-deb` that unpacks four wrong files from it.
    private func deliverWrongFiles(_ tools: DatasetFolder) throws {
        try tool("apt-get", "touch dataset-fashion-mnist_1_all.deb", in: tools)
        try tool(
            "dpkg-deb",
            """
            where="$3/usr/share/datasets/fashion-mnist"
            mkdir -p "$where"
            for part in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do
                echo wrong | gzip -c > "$where/$part-ubyte.gz"
            done
            """, in: tools)
    }

    @Test func wrongContentIsNeverWritten() throws {
        try DatasetFolder.with { tools in
            try DatasetFolder.with { data in
                try deliverWrongFiles(tools)
                let (status, text) = try fetch(["fashion-mnist"], into: data.path, tools: tools)
                #expect(status == 65)
                #expect(text.contains("the SHA-256 of train-images-idx3-ubyte.gz does not hold"))
                #expect(try content(data.path).isEmpty)
            }
        }
    }

    @Test func whatIsThereStaysWhenTheNewFilesAreWrong() throws {
        try DatasetFolder.with { tools in
            try DatasetFolder.with { data in
                try deliverWrongFiles(tools)
                let old = try data.write("old", to: "fashion-mnist/train-images-idx3-ubyte.gz")
                let (status, text) = try fetch(["fashion-mnist"], into: data.path, tools: tools)
                #expect(status == 65)
                #expect(text.contains("train-images-idx3-ubyte.gz is missing or damaged"))
                #expect(try String(contentsOfFile: old, encoding: .utf8) == "old")
                #expect(try content(data.path) == ["fashion-mnist"])
                #expect(try content(data.path + "/fashion-mnist") == ["train-images-idx3-ubyte.gz"])
            }
        }
    }
}
