import Foundation
import Networks
import Tensors
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

/// A Python with PyTorch, named by $WEIGHTSPACE_PEERS; nil where none is named.
private let python: String? = {
    let named = ProcessInfo.processInfo.environment["WEIGHTSPACE_PEERS"] ?? ""
    return FileManager.default.isExecutableFile(atPath: named) ? named : nil
}()

/// A folder with files that `Scripts/check_safetensors.py fetch` got, named by $WEIGHTSPACE_SILERO.
private let silero: String? = {
    let folder = ProcessInfo.processInfo.environment["WEIGHTSPACE_SILERO"] ?? ""
    let path = "\(folder)/silero_vad_16k.safetensors"
    return FileManager.default.fileExists(atPath: path) ? path : nil
}()

@Suite("safetensors and PyTorch")
struct PyTorchExportTests {
    @Test(
        "PyTorch loads exported networks with strict=True and computes the same outputs",
        .enabled(if: python != nil, "set WEIGHTSPACE_PEERS to a Python with PyTorch"))
    func outputs() throws {
        let architecture = Architecture.mlp(MLP.Config(widths: [6, 5, 4, 3]))
        var stream = RandomStream(seed: 3, purpose: "test.export")
        let flat = stream.normal([4, architecture.layout.count])
        let inputs = stream.normal([7, 6])
        let outputs = architecture.network(Parameters(layout: architecture.layout, flat: flat), inputs)
        try withFolder { (folder: String) throws in
            let zoo = Zoo(header: ZooHeader(architecture: architecture), weights: flat.floats)
            try ZooWriter.write(zoo, to: "\(folder)/zoo.h5")
            let target = "\(folder)/nets"
            _ = try ZooExport(format: .safetensors).write(ZooReader(path: "\(folder)/zoo.h5"), to: target)
            func put(_ value: some Encodable, _ name: String) throws {
                try JSONEncoder().encode(value).write(to: URL(fileURLWithPath: "\(target)/\(name)"))
            }
            func rows(_ values: [Float], _ width: Int) -> [[Float]] {
                stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
            }
            try put(rows(inputs.floats, 6), "inputs.json")
            try put((0..<4).map { rows(Array(outputs.floats[$0 * 21..<($0 + 1) * 21]), 3) }, "outputs.json")
            let script = zooFixtures.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("Scripts/check_safetensors.py").path
            let end = try Subprocess.run(
                try #require(python), arguments: [script, "load", target],
                environment: ProcessInfo.processInfo.environment, seconds: 300)
            #expect(end.reason == .exited(0) && end.output.contains("\"networks\": 4"), "\(end)")
        }
    }

    @Test(
        "silero-vad's network, tensor by tensor",
        .enabled(if: silero != nil, "set WEIGHTSPACE_SILERO to a folder of Scripts/check_safetensors.py fetch"))
    func sileroTensors() throws {
        struct Fact: Decodable { let name: String, shape: [Int], sha256: String }
        let path = try #require(silero)
        let facts = try JSONDecoder().decode(
            [Fact].self, from: bytes(path.replacing(".safetensors", with: ".json"))
        ).sorted { $0.name < $1.name }
        let tensors = try ZooSources().open(path).all()[0].tensors.sorted { $0.name < $1.name }
        #expect(tensors.map(\.name) == facts.map(\.name) && tensors.map(\.shape) == facts.map(\.shape))
        for (tensor, fact) in zip(tensors, facts) {
            let digest = tensor.values.floats().withUnsafeBytes { SHA256.hex(SHA256.digest(of: $0)) }
            #expect(digest == fact.sha256, "\(tensor.name)")
        }
        #expect(tensors.count == 15 && tensors.reduce(0) { $0 + $1.values.count } == 309_633)
    }
}
