import Foundation
import Testing

@testable import Formats
@testable import ModelZoo

/// Checkpoints that travel inside packages: Scripts/check_foreign_checkpoints.py fetches them to the folder that
/// `$WEIGHTSPACE_FOREIGN` names, with what PyTorch reads from them.
@Suite("Foreign checkpoints")
struct ForeignCheckpointTests {
    static let folder = ProcessInfo.processInfo.environment["WEIGHTSPACE_FOREIGN"]

    @Test(
        "real checkpoints are equal to what PyTorch reads, tensor by tensor",
        .enabled(if: folder != nil, "WEIGHTSPACE_FOREIGN is not set: Scripts/check_foreign_checkpoints.py FOLDER"))
    func equalToPyTorch() throws {
        let folder = try #require(Self.folder)
        let files = try ExpectedNetwork.all("\(folder)/expected.json")
        #expect(files.count >= 17)
        for (name, expected) in files.sorted(by: { $0.key < $1.key }) {
            let found = try networks("\(folder)/\(name)")
            #expect(found.count == expected.count, "\(name)")
            for (network, expected) in zip(found, expected) {
                #expect(network.tensors.map(ExpectedNetwork.Tensor.init) == expected.tensors, "\(name)")
                #expect(network.facts.mapValues(ExpectedNetwork.Fact.init) == expected.facts, "\(name)")
            }
        }
    }
}
